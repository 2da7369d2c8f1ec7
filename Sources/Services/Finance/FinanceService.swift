public import CelerityRoutes
public import CelerityTasks

/// The finance service: CPU-heavy calculations as tasks, submitted and read over HTTP.
public struct FinanceService: ServiceDefinition {
  public static let name = "finance"
  /// Where its tasks wait unless a client names another queue.
  public static let queue = "finance"

  /// Most tasks that wait in a queue before the service's API takes no more for it.
  public static let queueLimit = ServiceSetting(
    "finance.queue_limit", 0...1_000_000, default: 500, otherEnvironmentNames: ["MAX_QUEUE_SIZE"],
    "Tasks waiting in a queue at which finance's POST /tasks answers 503 QUEUE_FULL; 0 means no limit.")

  private static let kinds: [any TaskDefinition] = [
    CompoundInterest(), CalculateValueAtRisk(), PriceOption(), OptimizePortfolio(), StressTest(), HealthCheck(),
    FixedSeconds(),
  ]

  private let api = FinanceRoutes(tasks: Set(kinds.map { type(of: $0).name }))

  /// The service.
  public init() {}

  public var tasks: [any TaskDefinition] { Self.kinds }

  public var routes: [Route] { api.all }

  public var settings: [any AnyServiceSetting] { [Self.queueLimit] }
}
