import CelerityCore
import CelerityJSON
import CelerityTasks
import CeleryWire

/// What the end of an attempt's code means. A pure rule: everything it depends on is handed in.
struct OutcomeRule {
  var message: TaskMessage
  var options: TaskOptions

  /// The outcome to settle with; `nil` when the lease is lost and there is nothing to settle.
  func outcome(
    of result: Result<RawJSON, any Error>, stop: StopReason?, using random: inout some RandomNumberGenerator
  ) -> Outcome? {
    if stop == .leaseLost { return nil }
    switch result {
    case .success(let value):
      return isIgnored ? .ignored : .success(value)
    case .failure(let error):
      return outcome(of: error, stop: stop, using: &random)
    }
  }

  private func outcome(
    of error: any Error, stop: StopReason?, using random: inout some RandomNumberGenerator
  ) -> Outcome? {
    if error is LeaseLost { return nil }
    switch stop {
    case .cancelled: return .revoked(reason: .terminated)
    case .shutdown: return .released(after: .zero, reason: .shutdown)
    case .softTimeLimit where error is CancellationError:
      return failed(.softTimeLimitExceeded(softLimit?.inSeconds ?? 0), using: &random)
    case .timeLimit: return failed(.timeLimitExceeded(hardLimit?.inSeconds ?? 0), using: &random)
    case .softTimeLimit, .leaseLost, nil: break
    }
    switch error {
    case is Replaced:
      return .released(after: .zero, reason: .replaced)
    case is Ignore:
      return .ignored
    case let error as Reject:
      return .rejected(TaskFailure(type: "Reject", module: "celery.exceptions", message: error.reason))
    case let error as Retry:
      let last = error.hasReason ? error.failure : .maxRetriesExceeded(message)
      return failed(error.failure, atLast: last, serverDelay: error.delay, using: &random)
    case is ArgumentError:
      return .failure(TaskFailure(describing: error))  // the same arguments will not fit the next time either
    default:
      return failed(TaskFailure(describing: error), using: &random)
    }
  }

  /// Whether nobody takes the result. What follows the task does, and so does the body of its chord.
  private var isIgnored: Bool {
    let extras = message.extras
    let isTaken = extras.callbacks != nil || extras.chain != nil || extras.group != nil || extras.chord != nil
    return !isTaken && extras.ignoreResult ?? options.ignoresResult
  }

  private func failed(
    _ failure: TaskFailure, atLast last: TaskFailure? = nil, serverDelay: Duration? = nil,
    using random: inout some RandomNumberGenerator
  ) -> Outcome {
    let delay = options.retry.delay(
      after: failure, retries: message.retries, limit: message.extras.maxRetries, serverDelay: serverDelay,
      using: &random)
    return delay.map { .retry(after: $0, failure) } ?? .failure(last ?? failure)
  }

  /// The message's own limit, else the task's.
  var softLimit: Duration? {
    message.extras.softTimeLimit.flatMap(Duration.init(clientSeconds:)) ?? options.softTimeLimit
  }
  var hasLimits: Bool { softLimit != nil || hardLimit != nil }
  var hardLimit: Duration? { message.extras.timeLimit.flatMap(Duration.init(clientSeconds:)) ?? options.timeLimit }
}

extension TaskFailure {
  /// What Celery says of a task that asks for one more retry than it has, and gives no error of its own.
  fileprivate static func maxRetriesExceeded(_ message: TaskMessage) -> TaskFailure {
    let call = "args:\(PythonRepr.tuple(message.args)) kwargs:\(PythonRepr.value(message.kwargs))"
    return TaskFailure(
      type: "MaxRetriesExceededError", module: "celery.exceptions",
      message: "Can't retry \(message.task)[\(message.id)] \(call)")
  }
}
