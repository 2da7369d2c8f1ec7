import CelerityCore
import CelerityJSON

/// Why a task is in the state that it is in, for people. Made from what was looked up; asks nobody.
struct TaskExplanation: Sendable, Hashable {
  /// One reason.
  struct Reason: Sendable, Hashable {
    /// A stable word.
    var code: String
    var detail: String
    /// What to do about it.
    var hint: String?

    init(_ code: String, _ detail: String, hint: String? = nil) {
      self.code = code
      self.detail = detail
      self.hint = hint
    }
  }

  /// What is known around the task.
  struct Surroundings: Sendable, Hashable {
    /// Its queue; `nil` when the store knows none of the name.
    var queue: QueueStatus?
    /// Workers that take from its queue.
    var workers: [WorkerInfo] = []
    /// Whether the worker that has it is still announced.
    var isHolderPresent = true
    /// Tasks that are ready before it; `nil` when counting them would take long.
    var position: Int?
  }

  let id: TaskID
  let state: TaskState
  /// The weightiest first.
  let reasons: [Reason]

  init(_ record: TaskRecord, _ surroundings: Surroundings, now: Timestamp) {
    id = record.message.id
    state = record.state
    let main =
      switch record.phase {
      case .delayed: Self.delayed(record, surroundings, now)
      case .ready: Self.waiting(record, surroundings)
      case .leased: Self.running(record, surroundings, now)
      case .promised: Self.promised(record)
      case .finished: Self.ended(record)
      }
    reasons = main + Self.past(record) + Self.expiry(record)
  }

  /// The main reason in one sentence.
  var summary: String { "\(state.rawValue): \(reasons.first?.detail ?? "nothing more is known")." }

  /// As `/v1` shows it.
  var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 512)
    writer.beginObject()
    writer.member("id", id.text)
    writer.member("state", state.rawValue)
    writer.member("summary", summary)
    writer.member(
      "reasons",
      array: { writer in
        for reason in reasons {
          writer.beginObject()
          writer.member("code", reason.code)
          writer.member("detail", reason.detail)
          writer.member("hint", ifPresent: reason.hint)
          writer.endObject()
        }
      })
    writer.endObject()
    return writer.finish()
  }
}

extension TaskExplanation {
  /// What happened to it before.
  private static func past(_ record: TaskRecord) -> [Reason] {
    let losses = record.history.filter { ["lease_expired", "process_died"].contains($0.cause) }
    guard let last = losses.last else { return [] }
    let times = losses.count == 1 ? "an attempt was" : "\(losses.count) attempts were"
    return [
      Reason(
        "attempts-lost", "\(times) lost with the worker, the last one on \(last.worker ?? "an unknown worker")",
        hint: last.cause == "process_died"
          ? "the process died while it ran; look for a crash or too little memory"
          : "the worker stopped answering; look whether its machine was overloaded")
    ]
  }

  /// What it waits for.
  private static func promised(_ record: TaskRecord) -> [Reason] {
    let root = record.message.extras.rootID ?? record.message.id.text
    return [
      Reason(
        "replaced-by-workflow", "a workflow does its work; \(record.message.task) comes last and goes on under this id",
        hint: "list the tasks of the workflow with root:\(root)")
    ]
  }

  /// When it will be given up.
  private static func expiry(_ record: TaskRecord) -> [Reason] {
    guard record.phase == .delayed || record.phase == .ready, let expires = record.message.expires else { return [] }
    return [Reason("expires", "it is revoked when it has not started by \(expires.rfc3339)")]
  }

  /// A time from one moment to another in the unit in which people say it.
  static func words(_ duration: Duration) -> String {
    let seconds = max(0, duration.microseconds / 1_000_000)
    switch seconds {
    case 0..<120: return "\(seconds) s"
    case 120..<7200: return "\(seconds / 60) min"
    case 7200..<172_800: return "\(seconds / 3600) h"
    default: return "\(seconds / 86_400) days"
    }
  }
}
