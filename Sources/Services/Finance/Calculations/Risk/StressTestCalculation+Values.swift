extension StressTestCalculation {
  /// One thing that may happen.
  public struct Scenario: Codable, Hashable, Sendable {
    /// What it is called.
    public var name: String
    /// The change of all prices; −0.35 is a fall by 35 %.
    public var equityShock: Double
    /// The factor on all volatilities.
    public var volatilityShock: Double
    /// The correlation that every two positions take on; without it they keep theirs.
    public var correlationShock: Double?

    /// Makes a scenario; by default nothing happens in it.
    public init(
      name: String, equityShock: Double = 0, volatilityShock: Double = 1, correlationShock: Double? = nil
    ) {
      self.name = name
      self.equityShock = equityShock
      self.volatilityShock = volatilityShock
      self.correlationShock = correlationShock
    }

    private enum CodingKeys: String, CodingKey {
      case name
      case equityShock = "equity_shock"
      case volatilityShock = "volatility_shock"
      case correlationShock = "correlation_shock"
    }

    /// Reads a scenario; only its name must be there.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        name: try values.decode(String.self, forKey: .name),
        equityShock: try values.decodeIfPresent(Double.self, forKey: .equityShock) ?? 0,
        volatilityShock: try values.decodeIfPresent(Double.self, forKey: .volatilityShock) ?? 1,
        correlationShock: try values.decodeIfPresent(Double.self, forKey: .correlationShock))
    }

    func validate(positions: Int, at field: FieldPath) throws(FinanceError) {
      try requireNumber(equityShock, from: -1, through: 10, at: field["equity_shock"])
      try requireNumber(volatilityShock, from: 0, through: 100, at: field["volatility_shock"])
      guard let correlationShock else { return }
      try requireNumber(correlationShock, from: -1, through: 1, at: field["correlation_shock"])
      // n positions cannot all be more opposed to each other than this.
      let least = positions > 1 ? -1 / Double(positions - 1) : -1
      guard correlationShock >= least else {
        throw FinanceError(
          .infeasible, at: field["correlation_shock"], "must be at least \(least) for \(positions) positions")
      }
    }
  }

  /// A portfolio and what may happen to it.
  public struct Input: Codable, Hashable, Sendable {
    /// What is held.
    public var portfolio: Portfolio
    /// What may happen.
    public var scenarios: [Scenario]
    /// The confidence level of the value at risk.
    public var confidenceLevel: Double
    /// The horizon of the value at risk, in trading days.
    public var timeHorizon: Double
    private var portfolioField = FieldPath.root["portfolio"]

    /// Makes an input; by default value at risk is for 95 % and ten days.
    public init(
      portfolio: Portfolio, scenarios: [Scenario], confidenceLevel: Double = 0.95, timeHorizon: Double = 10
    ) {
      self.portfolio = portfolio
      self.scenarios = scenarios
      self.confidenceLevel = confidenceLevel
      self.timeHorizon = timeHorizon
    }

    private enum CodingKeys: String, CodingKey {
      case portfolio, scenarios
      case confidenceLevel = "confidence_level"
      case timeHorizon = "time_horizon"
    }

    /// Reads an input; the portfolio may also be named `portfolio_data` or stand in the body itself.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      let (portfolio, field) = try PortfolioPlace.decode(from: decoder)
      self.init(
        portfolio: portfolio,
        scenarios: try values.decode([Scenario].self, forKey: .scenarios),
        confidenceLevel: try values.decodeIfPresent(Double.self, forKey: .confidenceLevel) ?? 0.95,
        timeHorizon: try values.decodeIfPresent(Double.self, forKey: .timeHorizon) ?? 10)
      portfolioField = field
    }

    /// Refuses values that make no sense or are too large.
    public func validate() throws(FinanceError) {
      let root = FieldPath.root
      try portfolio.validate(at: portfolioField)
      try requireCount(scenarios.count, in: 1...FinanceLimits.scenarios, of: "scenarios", at: root["scenarios"])
      try requireNames(scenarios.map(\.name), of: "scenario") { root["scenarios"][$0]["name"] }
      for (index, scenario) in scenarios.enumerated() {
        try scenario.validate(positions: portfolio.positions.count, at: root["scenarios"][index])
      }
      try requireConfidence(confidenceLevel, at: root["confidence_level"])
      try requireNumber(timeHorizon, above: 0, through: FinanceLimits.horizonDays, at: root["time_horizon"])
    }
  }

  /// What one scenario does to the portfolio.
  public struct ScenarioResult: Codable, Hashable, Sendable {
    /// The scenario's name.
    public var scenario: String
    /// The change of the portfolio's value as a fraction, negative for a loss.
    public var lossPercentage: Double
    /// The change of the portfolio's value in cents, negative for a loss.
    public var lossAmount: Double
    /// How long recovery takes by the rule of proportion; zero after a gain.
    public var recoveryMonths: Double
    /// Value at risk of what is left, under the scenario's volatilities and correlations, in cents.
    public var shockedVar: Double

    private enum CodingKeys: String, CodingKey {
      case scenario
      case lossPercentage = "loss_percentage"
      case lossAmount = "loss_amount"
      case recoveryMonths = "recovery_months"
      case shockedVar = "shocked_var"
    }
  }

  /// What all scenarios do to the portfolio.
  public struct Output: Codable, Hashable, Sendable {
    /// The scenarios one by one, in the order given.
    public var scenarioResults: [ScenarioResult]
    /// The most negative `loss_percentage`.
    public var worstCaseLoss: Double
    /// The mean `loss_percentage`.
    public var avgLoss: Double
    /// How many scenarios there were.
    public var scenariosTested: Int
    /// The value of the portfolio, in cents.
    public var portfolioValue: Double
    /// Value at risk without any shock, in cents.
    public var baselineVar: Double
    /// The confidence level of the value at risk.
    public var confidenceLevel: Double
    /// The horizon of the value at risk, in trading days.
    public var timeHorizonDays: Double
    /// The symbols for which `Portfolio.defaultVolatility` was assumed.
    public var assumedVolatilities: [String]
    /// How long it took, in seconds; filled in by whoever holds a clock.
    public var computationTime: Double?

    private enum CodingKeys: String, CodingKey {
      case scenarioResults = "scenario_results"
      case worstCaseLoss = "worst_case_loss"
      case avgLoss = "avg_loss"
      case scenariosTested = "scenarios_tested"
      case portfolioValue = "portfolio_value"
      case baselineVar = "baseline_var"
      case confidenceLevel = "confidence_level"
      case timeHorizonDays = "time_horizon_days"
      case assumedVolatilities = "assumed_volatilities"
      case computationTime = "computation_time"
    }
  }
}
