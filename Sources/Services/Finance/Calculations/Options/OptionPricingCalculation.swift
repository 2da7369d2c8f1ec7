import Foundation

/// The price of a European option by simulation: the discounted mean payoff under geometric Brownian motion, with
/// antithetic variates (Glasserman, "Monte Carlo Methods in Financial Engineering", sections 3.2 and 4.2).
///
/// The two payoffs of a pair depend on each other, so the standard error is that of the mean of pairs, not of payoffs.
public enum OptionPricingCalculation {
  /// Answers an input, tells which field is wrong (`FinanceError`), or ends with `CancellationError` when asked to stop.
  public static func run(_ input: Input, in environment: SimulationEnvironment) throws -> Output {
    try input.validate()
    let pairs = (input.simulations + 1) / 2
    let seed = environment.seed(for: input.seed)
    let simulation = ChunkedSimulation(
      trials: pairs, seed: seed, environment: environment.counting(pairs: pairs, as: input.simulations))
    let payoff = DiscountedPayoff(input)
    var moments = RunningMoments()
    try simulation.run(
      body: { trials, random in
        var part = RunningMoments()
        for _ in 0..<trials {
          let z = random.nextNormal()
          part.add((payoff(z) + payoff(-z)) / 2)
        }
        return part
      },
      absorb: { moments.merge($0) })
    let reach = standardNormalQuantile(0.975) * moments.standardError
    return Output(
      optionPrice: moments.mean, standardError: moments.standardError,
      confidenceInterval: [moments.mean - reach, moments.mean + reach], simulations: 2 * pairs,
      blackScholesPrice: blackScholesPrice(input), seed: seed)
  }
}

/// Today's value of what the option pays when the driving normal number is `z`.
private struct DiscountedPayoff: Sendable {
  private let discountedForward: Double
  private let deviation: Double
  private let discountedStrike: Double
  private let sign: Double

  init(_ option: OptionPricingCalculation.Input) {
    let years = option.timeToMaturity
    deviation = option.volatility * years.squareRoot()
    // Discounting cancels the drift by the risk-free rate, so that only the correction of the mean is left.
    discountedForward = option.spotPrice * exp(-0.5 * deviation * deviation)
    discountedStrike = option.strikePrice * exp(-option.riskFreeRate * years)
    sign = option.optionType == .call ? 1 : -1
  }

  func callAsFunction(_ z: Double) -> Double {
    max(0, sign * (discountedForward * exp(deviation * z) - discountedStrike))
  }
}

extension OptionPricingCalculation {
  /// The right an option gives.
  public enum OptionType: String, CaseIterable, Codable, Sendable {
    case call, put
  }

  /// An option and how much work to spend on its price.
  public struct Input: Codable, Hashable, Sendable {
    /// Today's price of the underlying instrument.
    public var spotPrice: Double
    /// The price at which the option lets one buy or sell.
    public var strikePrice: Double
    /// The yearly volatility; 0.25 is 25 %.
    public var volatility: Double
    /// The yearly rate without risk, continuously compounded; it may be negative.
    public var riskFreeRate: Double
    /// The years until the option can be used.
    public var timeToMaturity: Double
    /// Call or put.
    public var optionType: OptionType
    /// The number of paths; an odd number is raised by one, as they come in pairs.
    public var simulations: Int
    /// The seed; the same one gives the same numbers.
    public var seed: UInt64?

    /// Makes an input; by default a call and 100,000 paths.
    public init(
      spotPrice: Double, strikePrice: Double, volatility: Double, riskFreeRate: Double, timeToMaturity: Double,
      optionType: OptionType = .call, simulations: Int = 100_000, seed: UInt64? = nil
    ) {
      self.spotPrice = spotPrice
      self.strikePrice = strikePrice
      self.volatility = volatility
      self.riskFreeRate = riskFreeRate
      self.timeToMaturity = timeToMaturity
      self.optionType = optionType
      self.simulations = simulations
      self.seed = seed
    }

    private enum CodingKeys: String, CodingKey {
      case spotPrice = "spot_price"
      case strikePrice = "strike_price"
      case volatility
      case riskFreeRate = "risk_free_rate"
      case timeToMaturity = "time_to_maturity"
      case optionType = "option_type"
      case simulations, seed
    }

    /// Reads an input; type, paths and seed may be left out.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        spotPrice: try values.decode(Double.self, forKey: .spotPrice),
        strikePrice: try values.decode(Double.self, forKey: .strikePrice),
        volatility: try values.decode(Double.self, forKey: .volatility),
        riskFreeRate: try values.decode(Double.self, forKey: .riskFreeRate),
        timeToMaturity: try values.decode(Double.self, forKey: .timeToMaturity),
        optionType: try values.decodeChoiceIfPresent(OptionType.self, forKey: .optionType) ?? .call,
        simulations: try values.decodeIfPresent(Int.self, forKey: .simulations) ?? 100_000,
        seed: try values.decodeIfPresent(UInt64.self, forKey: .seed))
    }

    /// Refuses values that make no sense or are too large.
    public func validate() throws(FinanceError) {
      let root = FieldPath.root
      try requireNumber(spotPrice, above: 0, through: FinanceLimits.amount, at: root["spot_price"])
      try requireNumber(strikePrice, above: 0, through: FinanceLimits.amount, at: root["strike_price"])
      try requireNumber(volatility, above: 0, through: FinanceLimits.volatility, at: root["volatility"])
      try requireNumber(riskFreeRate, from: -1, through: 1, at: root["risk_free_rate"])
      try requireNumber(timeToMaturity, above: 0, through: 100, at: root["time_to_maturity"])
      // Two pairs are the least from which an error can be told.
      try requireInteger(simulations, in: 4...FinanceLimits.simulations, at: root["simulations"])
    }
  }

  /// A price and how sure it is.
  public struct Output: Codable, Hashable, Sendable {
    /// The estimated price.
    public var optionPrice: Double
    /// The standard error of the estimate.
    public var standardError: Double
    /// The lower and upper end of the 95 % interval.
    public var confidenceInterval: [Double]
    /// The number of paths.
    public var simulations: Int
    /// The exact price in the same model, to compare with.
    public var blackScholesPrice: Double
    /// The seed to repeat the run with.
    public var seed: UInt64
    /// How long it took, in seconds; filled in by whoever holds a clock.
    public var computationTime: Double?

    private enum CodingKeys: String, CodingKey {
      case optionPrice = "option_price"
      case standardError = "standard_error"
      case confidenceInterval = "confidence_interval"
      case simulations
      case blackScholesPrice = "black_scholes_price"
      case seed
      case computationTime = "computation_time"
    }
  }
}
