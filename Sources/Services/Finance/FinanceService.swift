public import CelerityRoutes
public import CelerityTasks

/// The finance service: CPU-heavy calculations as tasks, submitted and read over HTTP.
public struct FinanceService: ServiceDefinition {
  public static let name = "finance"
  private let estimate = WaitEstimate()

  /// The service.
  public init() {}

  public var tasks: [any TaskDefinition] {
    [
      CompoundInterest(), CalculateValueAtRisk(), PriceOption(), OptimizePortfolio(), StressTest(), HealthCheck(),
      FixedSeconds(),
    ]
  }

  public var routes: [Route] { FinanceRoutes(estimate: estimate).all }
}
