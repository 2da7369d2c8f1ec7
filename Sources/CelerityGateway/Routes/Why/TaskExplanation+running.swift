import CelerityCore

/// Reasons of tasks that run or have ended.
extension TaskExplanation {
  /// A worker has it.
  static func running(_ record: TaskRecord, _ around: Surroundings, _ now: Timestamp) -> [Reason] {
    let worker = record.worker ?? "an unknown worker"
    let since = record.started.map { " since \($0.rfc3339), for \(words(now - $0))" } ?? ""
    let running = Reason("running", "attempt \(record.attempts) runs on \(worker)\(since)")
    var reasons: [Reason] = []
    if !around.isHolderPresent {
      reasons.append(
        Reason(
          "worker-gone", "\(worker) has it and is announced no longer",
          hint: "it runs again elsewhere when its lease is over"))
    }
    if record.isCancelRequested {
      reasons.append(
        Reason(
          "stopping", "it was asked to stop and has not done so yet",
          hint: "code looks at its own time; the time limit ends it at the latest"))
    }
    return reasons + [running]
  }

  /// It has ended.
  static func ended(_ record: TaskRecord) -> [Reason] {
    switch record.state {
    case .success: [success(record)]
    case .failure: [failure(record)]
    case .revoked: [revocation(record)]
    case .pending, .received, .started, .progress, .retry: []
    }
  }

  private static func success(_ record: TaskRecord) -> Reason {
    guard let started = record.started, let finished = record.finished else {
      return Reason("succeeded", "it has ended with success")
    }
    return Reason(
      "succeeded",
      "attempt \(record.attempts) ended with success at \(finished.rfc3339), after \(words(finished - started))")
  }

  private static func failure(_ record: TaskRecord) -> Reason {
    let cause = record.failure.map { "\($0.type): \(short($0.message))" } ?? "nothing is known of the failure"
    let again = "POST \(TaskView.path(of: record.message.id)):retry"
    switch record.reason {
    case "poison":
      return Reason("poison", cause, hint: "find out why its process dies before it is run again with \(again)")
    case "rejected":
      return Reason("rejected", "it was rejected: \(cause)", hint: "it can never succeed as it is")
    default:
      let attempts = record.attempts == 1 ? "its only attempt" : "the last of \(record.attempts) attempts"
      return Reason("failed", "\(attempts) failed: \(cause)", hint: "run it again with \(again)")
    }
  }

  private static func revocation(_ record: TaskRecord) -> Reason {
    let reason = record.reason ?? "revoked"
    switch RevocationReason(rawValue: reason) {
    case .revoked: return Reason(reason, "it was cancelled before it started")
    case .terminated: return Reason(reason, "it was cancelled while it ran")
    case .expired:
      return Reason(
        reason, "its expiry passed before it started",
        hint: "run it all the same with POST \(TaskView.path(of: record.message.id)):retry")
    case .purged: return Reason(reason, "its queue '\(record.message.queue)' was purged")
    case .replaced: return Reason(reason, "a later submission with the same unique key took its place")
    default: return Reason(reason, "it was revoked: \(reason)")
    }
  }
}
