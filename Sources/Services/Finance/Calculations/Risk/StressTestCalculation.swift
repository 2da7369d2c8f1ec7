/// What a portfolio loses in given scenarios, and how its value at risk changes in them.
///
/// Value at risk is the exact one of the model that `ValueAtRiskCalculation` simulates: a sum of normal returns is
/// normal, so no trials are needed. Losses are negative, value at risk is positive.
public enum StressTestCalculation {
  /// Full recovery from a total loss takes this long, and from a smaller one in proportion.
  static let monthsToRecoverEverything = 24.0

  /// Answers an input, or tells which field is wrong.
  public static func run(_ input: Input) throws(FinanceError) -> Output {
    try input.validate()
    let value = input.portfolio.value
    let deviations = input.portfolio.yearlyDeviations
    let current = deviation(deviations, correlations: input.portfolio.correlations)
    let horizon = (input.timeHorizon / ValueAtRiskCalculation.tradingDaysPerYear).squareRoot()
    let quantile = standardNormalQuantile(input.confidenceLevel) * horizon
    let results = input.scenarios.map { scenario in
      let shaken = scenario.correlationShock.map { deviation(deviations, commonCorrelation: $0) } ?? current
      let shocked = shaken * (1 + scenario.equityShock) * scenario.volatilityShock
      return ScenarioResult(
        scenario: scenario.name,
        lossPercentage: rounded(scenario.equityShock, places: 4),
        lossAmount: roundedToCents(value * scenario.equityShock),
        recoveryMonths: rounded(max(0, -scenario.equityShock) * monthsToRecoverEverything, places: 1),
        shockedVar: roundedToCents(quantile * shocked))
    }
    let shocks = input.scenarios.map(\.equityShock)
    return Output(
      scenarioResults: results,
      worstCaseLoss: rounded(shocks.min() ?? 0, places: 4),
      avgLoss: rounded(shocks.reduce(0, +) / Double(shocks.count), places: 4),
      scenariosTested: results.count, portfolioValue: roundedToCents(value),
      baselineVar: roundedToCents(quantile * current), confidenceLevel: input.confidenceLevel,
      timeHorizonDays: input.timeHorizon, assumedVolatilities: input.portfolio.symbolsWithoutVolatility)
  }

  private static func deviation(_ deviations: [Double], correlations: [[Double]]?) -> Double {
    let loadings = factorLoadings(deviations: deviations, correlations: correlations)
    return dot(loadings, loadings).squareRoot()
  }

  /// The deviation of the sum when every two parts are correlated by `rho`.
  private static func deviation(_ deviations: [Double], commonCorrelation rho: Double) -> Double {
    let sum = deviations.reduce(0, +)
    return max(0, (1 - rho) * dot(deviations, deviations) + rho * sum * sum).squareRoot()
  }
}
