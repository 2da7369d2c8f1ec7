import Foundation

/// Compound interest on one amount: `A·(1 + r/n)^(n·t)`, or `A·e^(r·t)` when it is continuous.
public enum CompoundInterestCalculation {
  /// Answers an input, or tells which field is wrong.
  public static func run(_ input: Input) throws(FinanceError) -> Output {
    try input.validate()
    let periods = input.compounding.map(\.periodsPerYear) ?? input.periods
    let growth = yearlyLogGrowth(rate: input.rate, periods: periods)
    let total = roundedToCents(input.amount * exp(growth * input.years))
    guard total.isFinite else {
      throw FinanceError(.overflow, at: .root["years"], "is so long that the balance is larger than a number can hold")
    }
    return Output(
      total: total,
      interest: roundedToCents(total - input.amount),
      effectiveAnnualRate: expm1(growth),
      calculationType: CalculationKind.compoundInterest.rawValue,
      compounding: input.compounding ?? Compounding(periodsPerYear: input.periods),
      periodsPerYear: periods,
      schedule: schedule(for: input, growth: growth))
  }

  /// The logarithm of a year's growth; `log1p` keeps the digits that `1 + r/n` would lose.
  private static func yearlyLogGrowth(rate: Double, periods: Int?) -> Double {
    guard let periods else { return rate }
    return Double(periods) * log1p(rate / Double(periods))
  }

  /// The balance after each year and at the end; of a long term every second, third … year.
  private static func schedule(for input: Input, growth: Double) -> [ScheduleEntry] {
    let wholeYears = Int(input.years.rounded(.up)) - 1
    let stride = wholeYears / FinanceLimits.scheduleEntries + 1
    var times = Swift.stride(from: stride, through: wholeYears, by: stride).map(Double.init)
    times.append(input.years)
    return times.map { time in
      let balance = roundedToCents(input.amount * exp(growth * time))
      return ScheduleEntry(
        year: time, balance: balance, accumulatedInterest: roundedToCents(balance - input.amount))
    }
  }
}

extension CompoundInterestCalculation {
  /// What is lent, at which rate and for how long.
  public struct Input: Codable, Hashable, Sendable {
    /// The amount at the start.
    public var amount: Double
    /// The nominal yearly rate; 0.05 is 5 %.
    public var rate: Double
    /// How many times a year interest is added, unless `compounding` says it by name.
    public var periods: Int
    /// The term; a part of a year counts as that part of its periods.
    public var years: Double
    /// How often interest is added, by name; it goes before `periods`.
    public var compounding: Compounding?

    /// Makes an input; by default monthly for one year.
    public init(
      amount: Double, rate: Double, periods: Int = 12, years: Double = 1, compounding: Compounding? = nil
    ) {
      self.amount = amount
      self.rate = rate
      self.periods = periods
      self.years = years
      self.compounding = compounding
    }

    private enum CodingKeys: String, CodingKey { case amount, rate, periods, years, compounding }
    private enum Alias: String, CodingKey { case rate = "interest_rate" }

    /// Reads an input; `interest_rate` may stand for `rate`.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      let aliases = try decoder.container(keyedBy: Alias.self)
      let usesAlias = !values.contains(.rate) && aliases.contains(.rate)
      self.init(
        amount: try values.decode(Double.self, forKey: .amount),
        rate: usesAlias
          ? try aliases.decode(Double.self, forKey: .rate) : try values.decode(Double.self, forKey: .rate),
        periods: try values.decodeIfPresent(Int.self, forKey: .periods) ?? 12,
        years: try values.decodeIfPresent(Double.self, forKey: .years) ?? 1,
        compounding: try values.decodeChoiceIfPresent(Compounding.self, forKey: .compounding))
    }

    /// Refuses values that make no sense or are too large.
    public func validate() throws(FinanceError) {
      let root = FieldPath.root
      try requireNumber(amount, above: 0, through: FinanceLimits.amount, at: root["amount"])
      try requireNumber(rate, from: 0, through: 1, at: root["rate"])
      try requireInteger(periods, in: 1...525_600, at: root["periods"])
      try requireNumber(years, above: 0, through: FinanceLimits.years, at: root["years"])
    }
  }

  /// What the amount has become.
  public struct Output: Codable, Hashable, Sendable {
    /// The amount with interest, in cents.
    public var total: Double
    /// The interest alone, in cents.
    public var interest: Double
    /// The yearly rate that would give the same in one step.
    public var effectiveAnnualRate: Double
    /// The kind of calculation, as `task_type` names it.
    public var calculationType: String
    /// The convention used, when it has a name.
    public var compounding: Compounding?
    /// How many times a year interest was added; none when it was continuous.
    public var periodsPerYear: Int?
    /// The balance over time, in at most `FinanceLimits.scheduleEntries` lines.
    public var schedule: [ScheduleEntry]

    private enum CodingKeys: String, CodingKey {
      case total, interest
      case effectiveAnnualRate = "effective_annual_rate"
      case calculationType = "calculation_type"
      case compounding
      case periodsPerYear = "periods_per_year"
      case schedule
    }
  }

  /// The balance at one time.
  public struct ScheduleEntry: Codable, Hashable, Sendable {
    /// Years since the start.
    public var year: Double
    /// The amount with interest, in cents.
    public var balance: Double
    /// The interest since the start, in cents.
    public var accumulatedInterest: Double

    private enum CodingKeys: String, CodingKey {
      case year, balance
      case accumulatedInterest = "accumulated_interest"
    }
  }
}
