/// Value at risk and expected shortfall of a portfolio, by simulation (Glasserman, "Monte Carlo Methods in Financial
/// Engineering", chapter 9).
///
/// Returns over the horizon are normal with mean zero and deviation `σ·√(days / 252)`, correlated as the matrix says;
/// prices move linearly with them. A negative answer is a gain, which happens at confidence levels below one half.
public enum ValueAtRiskCalculation {
  /// The trading days of a year.
  static let tradingDaysPerYear = 252.0

  /// Answers an input, tells which field is wrong (`FinanceError`), or ends with `CancellationError` when asked to stop.
  public static func run(_ input: Input, in environment: SimulationEnvironment) throws -> Output {
    try input.validate()
    let horizon = (input.timeHorizon / tradingDaysPerYear).squareRoot()
    let loadings = factorLoadings(
      deviations: input.portfolio.yearlyDeviations.map { $0 * horizon },
      correlations: input.portfolio.correlations)
    let seed = environment.seed(for: input.seed)
    let simulation = ChunkedSimulation(trials: input.simulations, seed: seed, environment: environment)
    var tail = WorstLosses(trials: input.simulations, confidence: input.confidenceLevel)
    try simulation.run(
      body: { trials, random in
        (0..<trials).map { _ in
          var loss = 0.0
          for loading in loadings { loss -= loading * random.nextNormal() }
          return loss
        }
      },
      absorb: { tail.absorb($0) })
    let (valueAtRisk, expectedShortfall) = tail.summary()
    return Output(
      varAmount: roundedToCents(valueAtRisk), expectedShortfall: roundedToCents(expectedShortfall),
      portfolioValue: roundedToCents(input.portfolio.value), simulationCount: input.simulations,
      confidenceLevel: input.confidenceLevel, timeHorizonDays: input.timeHorizon,
      assumedVolatilities: input.portfolio.symbolsWithoutVolatility, seed: seed)
  }
}

extension ValueAtRiskCalculation {
  /// A portfolio and the question about it.
  public struct Input: Codable, Hashable, Sendable {
    /// What is held.
    public var portfolio: Portfolio
    /// The share of outcomes in which no more than the value at risk is lost.
    public var confidenceLevel: Double
    /// The horizon, in trading days.
    public var timeHorizon: Double
    /// The number of trials.
    public var simulations: Int
    /// The seed; the same one gives the same numbers.
    public var seed: UInt64?
    private var portfolioField = FieldPath.root["portfolio"]

    /// Makes an input; by default 95 %, ten days and 100,000 trials.
    public init(
      portfolio: Portfolio, confidenceLevel: Double = 0.95, timeHorizon: Double = 10, simulations: Int = 100_000,
      seed: UInt64? = nil
    ) {
      self.portfolio = portfolio
      self.confidenceLevel = confidenceLevel
      self.timeHorizon = timeHorizon
      self.simulations = simulations
      self.seed = seed
    }

    private enum CodingKeys: String, CodingKey {
      case portfolio
      case confidenceLevel = "confidence_level"
      case timeHorizon = "time_horizon"
      case simulations, seed
    }

    /// Reads an input; the portfolio may also be named `portfolio_data` or stand in the body itself.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      let (portfolio, field) = try PortfolioPlace.decode(from: decoder)
      self.init(
        portfolio: portfolio,
        confidenceLevel: try values.decodeIfPresent(Double.self, forKey: .confidenceLevel) ?? 0.95,
        timeHorizon: try values.decodeIfPresent(Double.self, forKey: .timeHorizon) ?? 10,
        simulations: try values.decodeIfPresent(Int.self, forKey: .simulations) ?? 100_000,
        seed: try values.decodeIfPresent(UInt64.self, forKey: .seed))
      portfolioField = field
    }

    /// Refuses values that make no sense or are too large.
    public func validate() throws(FinanceError) {
      let root = FieldPath.root
      try portfolio.validate(at: portfolioField)
      try requireConfidence(confidenceLevel, at: root["confidence_level"])
      try requireNumber(timeHorizon, above: 0, through: FinanceLimits.horizonDays, at: root["time_horizon"])
      try requireInteger(simulations, in: 1...FinanceLimits.simulations, at: root["simulations"])
    }
  }

  /// What may be lost.
  public struct Output: Codable, Hashable, Sendable {
    /// The value at risk, in cents.
    public var varAmount: Double
    /// The mean loss beyond the value at risk, in cents.
    public var expectedShortfall: Double
    /// The value of the portfolio, in cents.
    public var portfolioValue: Double
    /// The number of trials.
    public var simulationCount: Int
    /// The confidence level.
    public var confidenceLevel: Double
    /// The horizon, in trading days.
    public var timeHorizonDays: Double
    /// The symbols for which `Portfolio.defaultVolatility` was assumed.
    public var assumedVolatilities: [String]
    /// The seed to repeat the run with.
    public var seed: UInt64
    /// How long it took, in seconds; filled in by whoever holds a clock.
    public var computationTime: Double?

    private enum CodingKeys: String, CodingKey {
      case varAmount = "var_amount"
      case expectedShortfall = "expected_shortfall"
      case portfolioValue = "portfolio_value"
      case simulationCount = "simulation_count"
      case confidenceLevel = "confidence_level"
      case timeHorizonDays = "time_horizon_days"
      case assumedVolatilities = "assumed_volatilities"
      case seed
      case computationTime = "computation_time"
    }
  }
}
