import CelerityCore
import CelerityJSON
import CelerityTasks
import Synchronization

/// One attempt while it runs in this process: the port its code talks to, and the handle by which it is told to stop.
final class Execution: Sendable {
  private struct State {
    var stop: StopReason?
    var work: Task<Void, Never>?
    var followUps: [Submission] = []
    var knownSteps: [String: RawJSON]?
  }

  let delivery: Delivery
  /// How the code ended, or that nobody waits for it any more.
  let ending = OneShot<Result<RawJSON, any Error>>()
  private let store: any WorkerStore
  private let reports: ReportBuffer
  private let time: any TimeSource
  private let state = Mutex(State())

  init(_ delivery: Delivery, store: any WorkerStore, reports: ReportBuffer, time: any TimeSource) {
    self.delivery = delivery
    self.store = store
    self.reports = reports
    self.time = time
  }

  /// Messages to send together with the result.
  var followUps: [Submission] { state.withLock { $0.followUps } }

  /// Remembers the task that runs the code, so that it can be cancelled.
  func attach(_ work: Task<Void, Never>) {
    let isStopped = state.withLock { state in
      state.work = work
      return state.stop != nil
    }
    if isStopped { work.cancel() }
  }

  /// Tells the code to stop. The first reason stays, but a lost lease outweighs all: nothing may be settled then.
  func stop(_ reason: StopReason) {
    let work = state.withLock { state in
      if state.stop == nil || reason == .leaseLost || reason == .timeLimit { state.stop = reason }
      return state.work
    }
    work?.cancel()
  }
}

extension Execution {
  /// Ends the wait for code that does not stop; `false` when it had ended.
  @discardableResult
  func abandon() -> Bool { ending.resolve(.failure(CancellationError())) }
}

extension Execution: ExecutionPort {
  var stopReason: StopReason? { state.withLock { $0.stop } }

  func report(progress: RawJSON) {
    reports.add(ProgressReport(delivery.key, token: delivery.lease.token, value: progress))
  }

  func log(level: String, _ text: String) {
    reports.add(TaskLogLine(delivery.key, attempt: delivery.attempt, time: time.now, level: level, text: text))
  }

  func submit(_ submission: Submission) async throws -> SubmitResult {
    try await store.submit([submission])[0]
  }

  func submitWithResult(_ submission: Submission) {
    state.withLock { $0.followUps.append(submission) }
  }

  func stepResult(_ name: String) async throws -> RawJSON? {
    if let known = state.withLock({ $0.knownSteps }) { return known[name] }
    let stored = try await store.steps(of: delivery.key, generation: delivery.generation)
    let known = Dictionary(stored.map { ($0.name, $0.value) }) { first, _ in first }
    state.withLock { $0.knownSteps = $0.knownSteps ?? known }
    return known[name]
  }

  func save(_ step: StepResult) async throws {
    guard try await store.save(step, for: delivery.key, token: delivery.lease.token) else {
      stop(.leaseLost)
      throw LeaseLost()
    }
    state.withLock { state in
      if state.knownSteps?[step.name] == nil { state.knownSteps?[step.name] = step.value }
    }
  }
}
