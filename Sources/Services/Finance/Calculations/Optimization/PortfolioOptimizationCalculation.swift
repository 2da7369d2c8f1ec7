/// The weights of a long-only portfolio that serve an objective best, after Markowitz.
///
/// Means and covariances are those of the rows given, in their unit of time: rates and targets must be in it too.
public enum PortfolioOptimizationCalculation {
  /// Answers an input, tells which field is wrong (`FinanceError`), or ends with `CancellationError` when asked to stop.
  public static func run(
    _ input: Input, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> Output {
    try input.validate()
    let checkStop = { if shouldStop() { throw CancellationError() } }
    let statistics = try ReturnStatistics(rows: input.returns, checkStop: checkStop)
    let bounds = WeightBounds(
      count: input.assets.count, lower: input.constraints.minWeight, upper: input.constraints.maxWeight)
    let objective = try feasibleObjective(input.constraints, means: statistics.means, bounds: bounds)
    let weights = try weights(for: objective, statistics, bounds, input.constraints, checkStop: checkStop)
    return try output(for: weights, objective: objective, statistics: statistics, input: input)
  }

  /// The objective asked for, or the one that fits; refused when no weights can reach it.
  private static func feasibleObjective(
    _ constraints: Constraints, means: [Double], bounds: WeightBounds
  ) throws(FinanceError) -> Objective {
    let largest = bounds.largestReturn(of: means)
    if let target = constraints.targetReturn {
      let smallest = bounds.smallestReturn(of: means)
      let slack = 1e-12 * max(abs(smallest), abs(largest))
      guard target >= smallest - slack, target <= largest + slack else {
        throw FinanceError(
          .infeasible, at: .root["constraints"]["target_return"],
          "must be from \(smallest) to \(largest), which is what the assets can earn within the bounds")
      }
      return .targetReturn
    }
    let beatsRiskFreeRate = largest > constraints.riskFreeRate
    guard constraints.objective == .maxSharpe, !beatsRiskFreeRate else {
      return constraints.objective ?? (beatsRiskFreeRate ? .maxSharpe : .minVariance)
    }
    throw FinanceError(
      .infeasible, at: .root["constraints"]["risk_free_rate"],
      "is more than the \(largest) the assets can earn within the bounds, so no Sharpe ratio is positive")
  }

  private static func weights(
    for objective: Objective, _ statistics: ReturnStatistics, _ bounds: WeightBounds, _ constraints: Constraints,
    checkStop: @escaping () throws -> Void
  ) throws -> [Double] {
    if bounds.leavesOneChoice { return Array(repeating: 1 / Double(bounds.count), count: bounds.count) }
    let frontier = EfficientFrontier(statistics, bounds: bounds, checkStop: checkStop)
    switch objective {
    case .maxSharpe: return try frontier.largestSharpeRatio(riskFreeRate: constraints.riskFreeRate)
    case .minVariance: return try frontier.leastVariance()
    case .targetReturn: return try frontier.leastVariance(withReturn: constraints.targetReturn ?? 0)
    }
  }

  private static func output(
    for weights: [Double], objective: Objective, statistics: ReturnStatistics, input: Input
  ) throws(FinanceError) -> Output {
    let expected = dot(weights, statistics.means)
    let variance = max(0, dot(weights, statistics.covariance.times(weights)))
    let isRiskless = variance <= 1e-12 * (statistics.covariance.diagonal.max() ?? 0)
    guard objective != .maxSharpe || !isRiskless else {
      throw FinanceError(
        .infeasible, at: .root["returns"], "can be combined without any risk, so no Sharpe ratio is the largest")
    }
    return Output(
      optimalWeights: Dictionary(uniqueKeysWithValues: zip(input.assets, weights)),
      expectedReturn: expected, portfolioRisk: variance.squareRoot(),
      sharpeRatio: isRiskless ? nil : (expected - input.constraints.riskFreeRate) / variance.squareRoot(),
      optimizationSuccess: true, objective: objective, observations: input.returns.count)
  }
}
