public import CelerityTasks

extension CompoundInterestCalculation.Input: TaskInput {}
extension ValueAtRiskCalculation.Input: TaskInput {}
extension OptionPricingCalculation.Input: TaskInput {}
extension PortfolioOptimizationCalculation.Input: TaskInput {}
extension StressTestCalculation.Input: TaskInput {}

/// `finance.compound_interest`: compound interest on one amount.
public struct CompoundInterest: TaskDefinition {
  public static let name = "finance.compound_interest"
  public static let summary = "Compound interest on one amount."
  public static let options = financeOptions

  public func run(
    _ input: CompoundInterestCalculation.Input, _ context: TaskContext
  ) async throws -> Calculated<CompoundInterestCalculation.Input, CompoundInterestCalculation.Output> {
    try await Calculated(input, context) { try CompoundInterestCalculation.run(input) }
  }
}

/// `finance.calculate_var`: value at risk and expected shortfall of a portfolio by simulation.
public struct CalculateValueAtRisk: TaskDefinition {
  public static let name = "finance.calculate_var"
  public static let summary = "Value at risk and expected shortfall of a portfolio by simulation."
  public static let options = financeOptions

  public func run(
    _ input: ValueAtRiskCalculation.Input, _ context: TaskContext
  ) async throws -> Calculated<ValueAtRiskCalculation.Input, ValueAtRiskCalculation.Output> {
    try await Calculated(input, context) {
      try ValueAtRiskCalculation.run(input, in: SimulationEnvironment(context))
    }
  }
}

/// `finance.monte_carlo`: the price of a European option by simulation.
public struct PriceOption: TaskDefinition {
  public static let name = "finance.monte_carlo"
  public static let summary = "The price of a European option by simulation."
  public static let options = financeOptions

  public func run(
    _ input: OptionPricingCalculation.Input, _ context: TaskContext
  ) async throws -> Calculated<OptionPricingCalculation.Input, OptionPricingCalculation.Output> {
    try await Calculated(input, context) {
      try OptionPricingCalculation.run(input, in: SimulationEnvironment(context))
    }
  }
}

/// `finance.optimize`: the portfolio with the best ratio of return to risk, or the least risk for a return.
public struct OptimizePortfolio: TaskDefinition {
  public static let name = "finance.optimize"
  public static let summary = "The weights of a portfolio that are best after Markowitz."
  public static let options = financeOptions

  public func run(
    _ input: PortfolioOptimizationCalculation.Input, _ context: TaskContext
  ) async throws -> Calculated<PortfolioOptimizationCalculation.Input, PortfolioOptimizationCalculation.Output> {
    try await Calculated(input, context) {
      try PortfolioOptimizationCalculation.run(input, shouldStop: { context.stopReason != nil })
    }
  }
}

/// `finance.stress_test`: what scenarios would cost a portfolio.
public struct StressTest: TaskDefinition {
  public static let name = "finance.stress_test"
  public static let summary = "What scenarios would cost a portfolio."
  public static let options = financeOptions

  public func run(
    _ input: StressTestCalculation.Input, _ context: TaskContext
  ) async throws -> Calculated<StressTestCalculation.Input, StressTestCalculation.Output> {
    try await Calculated(input, context) { try StressTestCalculation.run(input) }
  }
}

extension SimulationEnvironment {
  /// The environment of a running task: it is stopped with the task, its progress is the task's, and it uses the one
  /// core that its slot stands for. More threads would take the cores of other slots and make their times longer.
  init(_ context: TaskContext) {
    var random = SystemRandomNumberGenerator()
    self.init(
      seed: random.next(), shouldStop: { context.stopReason != nil },
      progress: { done, total in context.progress(done, of: total) })
  }
}
