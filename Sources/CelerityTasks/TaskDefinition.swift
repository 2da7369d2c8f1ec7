public import CelerityCore

/// A kind of task: its name, what it takes and gives, and the code that does it.
///
/// ```swift
/// struct Add: TaskDefinition {
///   static let name = "demo.add"
///   struct Input: TaskInput { var x: Int; var y: Int }
///   func run(_ input: Input, _ context: TaskContext) async throws -> Int { input.x + input.y }
/// }
/// ```
/// `run` may be called again for the same task after a lost lease or a retry: effects outside the platform belong into
/// `context.step`, which is done once per generation. It may block its thread: it never runs on Swift's own pool.
public protocol TaskDefinition: Sendable {
  associatedtype Input: TaskInput
  associatedtype Output: Codable & Sendable

  /// Name on every wire, `service.verb` by custom.
  static var name: String { get }
  static var options: TaskOptions { get }
  /// One sentence for lists and reference pages.
  static var summary: String { get }

  /// Makes ready what each run needs and what takes long to make, beside the first tasks: called once in a process whose worker
  /// takes the task's queue, a while after its start, and cancelled when the worker has stopped. Runs may come before and
  /// meanwhile, and nobody hears of a failure.
  func warmUp(_ resources: ServiceResources) async

  /// Does the work. A thrown error is a failure and goes through the retry policy; see `Retry`, `Reject`, `Ignore`.
  func run(_ input: Input, _ context: TaskContext) async throws -> Output
}

extension TaskDefinition {
  public static var options: TaskOptions { TaskOptions() }
  public static var summary: String { "" }
  public func warmUp(_ resources: ServiceResources) async {}
}

/// How a kind of task is treated unless its message says otherwise.
public struct TaskOptions: Sendable, Hashable {
  public var queue: String
  public var priority: Priority?
  public var retry: RetryPolicy
  /// The attempt is ended after this long.
  public var timeLimit: Duration?
  /// The code is told to stop after this long.
  public var softTimeLimit: Duration?
  public var ignoresResult: Bool
  /// How long successes stay, with what Celery's clients read of them, where that is shorter than the setting
  /// `retention.success`, which workers and schedulers must agree on for this: those of what a schedule does every few
  /// seconds would push everything else out of sight.
  public var successRetention: Duration?
  /// Limits over all workers.
  public var permits: [Permit]

  /// Options, each with the platform's default.
  public init(
    queue: String = "default", priority: Priority? = nil, retry: RetryPolicy = .never, timeLimit: Duration? = nil,
    softTimeLimit: Duration? = nil, ignoresResult: Bool = false, successRetention: Duration? = nil,
    permits: [Permit] = []
  ) {
    self.queue = queue
    self.priority = priority
    self.retry = retry
    self.timeLimit = timeLimit
    self.softTimeLimit = softTimeLimit
    self.ignoresResult = ignoresResult
    self.successRetention = successRetention
    self.permits = permits
  }
}
