import CelerityCore
import CelerityJSON
import CelerityTasks
import Synchronization

/// A port that writes down what is asked of it and keeps steps as a store does: the first value of a name stays.
final class RecordingPort: ExecutionPort {
  struct Notes {
    var progress: [String] = []
    var log: [String] = []
    var submitted: [Submission] = []
    var withResult: [Submission] = []
    var steps: [StepResult] = []
    /// What happened, in order.
    var events: [String] = []
    var stopReason: StopReason?
    var isLeaseLost = false
    var answer: SubmitResult?
  }

  private let state = Mutex(Notes())

  var notes: Notes { state.withLock { $0 } }

  func change(_ body: (inout Notes) -> Void) {
    state.withLock { body(&$0) }
  }

  func report(progress: RawJSON) { change { $0.progress.append(progress.description) } }

  func log(level: String, _ text: String) { change { $0.log.append("\(level) \(text)") } }

  func submit(_ submission: Submission) async throws -> SubmitResult {
    change { $0.submitted.append(submission) }
    return notes.answer ?? .accepted(submission.message.id, seq: 1)
  }

  func submitWithResult(_ submission: Submission) { change { $0.withResult.append(submission) } }

  func stepResult(_ name: String) async throws -> RawJSON? { notes.steps.first { $0.name == name }?.value }

  func save(_ step: StepResult) async throws {
    if notes.isLeaseLost { throw LeaseLost() }
    change {
      $0.steps.append(step)
      $0.events.append("saved \(step.name)")
    }
  }

  var stopReason: StopReason? { notes.stopReason }
}

/// Counts: `id-1`, `id-2`.
final class CountingIDs: IDSource {
  private let last = Mutex(0)

  func next() -> String {
    last.withLock {
      $0 += 1
      return "id-\($0)"
    }
  }
}
