import CelerityCore
import CelerityJSON
import CelerityRoutes

/// What can be told of a task's start when it is accepted: from a look at its queue that is at most a second old.
struct SubmissionOutlook: Sendable {
  private let outlook: QueueOutlook
  private let queue: String
  private let now: Timestamp

  /// The outlook of a message that is about to be submitted; `nil` for one that is not to start yet, and when the queue
  /// can't be looked at.
  init?(_ message: TaskMessage, _ estimate: WaitEstimate, _ environment: ServiceEnvironment) async {
    now = environment.time.now
    queue = message.queue
    if let eta = message.eta, eta > now { return nil }
    guard let outlook = await estimate.outlook(queue: queue, tenant: message.tenant, environment) else { return nil }
    self.outlook = outlook
  }

  /// Writes the members that it adds to an answer.
  func writeMembers(to writer: inout JSONWriter) {
    writer.member("position", outlook.ready)
    if !outlook.isPaused, let seconds = outlook.seconds, let wait = Duration(clientSeconds: seconds) {
      writer.member("estimated_start", (now + wait).rfc3339)
    }
    writer.member("warning", ifPresent: warning)
  }

  private var warning: String? {
    if outlook.isPaused { return "the queue '\(queue)' is paused: the task waits until it is resumed" }
    return outlook.slots == 0
      ? "no worker takes from the queue '\(queue)' now: the task waits until one does" : nil
  }
}
