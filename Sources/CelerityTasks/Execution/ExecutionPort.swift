public import CelerityCore
public import CelerityJSON

/// What running code can ask for and be told, the same whether it runs in the worker's process or in a child of it.
/// `TaskContext` is what authors see of it.
public protocol ExecutionPort: Sendable {
  /// Stores progress; hints only, so a slow store does not slow the work.
  func report(progress: RawJSON)

  /// Appends a line to the task's log.
  func log(level: String, _ text: String)

  /// Sends a message now: it is durable when this returns, whatever becomes of this attempt.
  func submit(_ submission: Submission) async throws -> SubmitResult

  /// Sends messages that belong together now, all or none.
  func submit(_ submissions: [Submission]) async throws -> [SubmitResult]

  /// The records of other tasks of the same tenant; `nil` for those that are not known.
  func records(_ ids: [TaskID]) async throws -> [TaskRecord?]

  /// Sends a message together with this attempt's result, or not at all.
  func submitWithResult(_ submission: Submission)

  /// Other work takes this attempt's place when the code ends by throwing `Replaced`.
  func replace(by replacement: Replacement)

  /// The stored value of a step of this generation.
  func stepResult(_ name: String) async throws -> RawJSON?

  /// Stores a step durably; throws when the lease is lost.
  func save(_ step: StepResult) async throws

  /// Why the code should stop; `nil` while it should go on. The Swift task is cancelled at the same time.
  var stopReason: StopReason? { get }
}

extension ExecutionPort {
  public func submit(_ submissions: [Submission]) async throws -> [SubmitResult] {
    var results: [SubmitResult] = []
    for submission in submissions { results.append(try await submit(submission)) }
    return results
  }

  public func records(_ ids: [TaskID]) async throws -> [TaskRecord?] { ids.map { _ in nil } }

  public func replace(by replacement: Replacement) {}
}

/// Why running code is told to stop.
public enum StopReason: String, Sendable, Hashable {
  /// Somebody cancelled the task.
  case cancelled
  /// Another attempt may be running; nothing of this one will be committed.
  case leaseLost = "lease_lost"
  case softTimeLimit = "soft_time_limit"
  case timeLimit = "time_limit"
  /// The worker stops and its grace is over.
  case shutdown
}

/// The lease was lost while the code asked for something that needs it.
public struct LeaseLost: Error, Sendable, CustomStringConvertible {
  /// The lease was lost.
  public init() {}

  public var description: String { "the lease of this attempt was lost; another attempt may be running" }
}
