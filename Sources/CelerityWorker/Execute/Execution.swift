import CelerityCore
import CelerityJSON
import CelerityTasks
import Logging
import Synchronization

/// One attempt while it runs in this process: the port its code talks to, and the handle by which it is told to stop.
/// It ends once: by its code or by whoever waits for that no longer.
final class Execution: Sendable {
  /// What is known of an attempt when it ends.
  struct Ending {
    var stop: StopReason?
    var followUps: [Submission]
    var sent: [TaskID]
    var replacement: Replacement?
    /// How long its code ran; `nil` when it never began.
    var ran: Duration?
  }

  private struct State {
    var deadlines: AttemptDeadlines
    var work: Task<Void, Never>?
    /// When its code began.
    var begun: Duration?
    var isOver = false
    var followUps: [Submission] = []
    /// What its code sent before its end.
    var sent: [TaskID] = []
    var replacement: Replacement?
    var knownSteps: [String: RawJSON]?
  }

  let delivery: Delivery
  /// What the worker knows of its task; `nil` when it does not know it.
  let kind: TaskKind?
  /// Its kind's options as they were when it was fetched.
  let options: TaskOptions
  private let store: any WorkerStore
  private let reports: ReportBuffer
  private let time: any TimeSource
  private let logger: Logger
  private let state: Mutex<State>

  init(
    _ delivery: Delivery, kind: TaskKind?, options: TaskOptions? = nil, deadlines: AttemptDeadlines,
    store: any WorkerStore, reports: ReportBuffer, time: any TimeSource, logger: Logger
  ) {
    self.delivery = delivery
    self.kind = kind
    self.options = options ?? kind?.options ?? TaskOptions()
    self.store = store
    self.reports = reports
    self.time = time
    self.logger = logger
    state = Mutex(State(deadlines: deadlines))
  }

  var token: Int64 { delivery.lease.token }

  /// What its end means.
  var rule: OutcomeRule { OutcomeRule(message: delivery.message, options: options) }

  /// When its code began, on monotone time; `nil` before.
  var begun: Duration? { state.withLock { $0.begun } }

  /// Whether it has not ended yet.
  var isOpen: Bool { state.withLock { !$0.isOver } }

  /// When its lease has surely ended.
  var heldUntil: Duration { state.withLock { $0.deadlines.lease } }

  /// When `enforce` is to be called next; `nil` once it is over.
  var nextDeadline: Duration? { state.withLock { $0.isOver ? nil : $0.deadlines.next } }

  /// The code begins; `false` when the attempt is over already.
  func begin(_ rule: OutcomeRule) -> Bool {
    let now = time.uptime
    return state.withLock { state in
      if state.isOver { return false }
      state.deadlines.begin(at: now, soft: rule.softLimit, hard: rule.hardLimit)
      state.begun = now
      return true
    }
  }

  /// Remembers the task that runs the code, so that it can be cancelled.
  func attach(_ work: Task<Void, Never>) {
    let isStopped = state.withLock { state in
      if !state.isOver { state.work = work }
      return state.deadlines.stop != nil
    }
    if isStopped { work.cancel() }
  }

  /// Tells the code to stop.
  func stop(_ reason: StopReason) {
    let now = time.uptime
    change { $0.stop(reason, at: now) }
  }

  /// The lease holds until then.
  func extend(until end: Duration) {
    state.withLock { $0.deadlines.extend(until: end) }
  }

  /// Does what is due at a time; whether the code is to be waited for no longer.
  func enforce(at now: Duration) -> Bool {
    change { $0.enforce(at: now) } ?? false
  }

  /// Ends the attempt; `nil` when it had ended.
  func end() -> Ending? {
    let now = time.uptime
    return state.withLock { state in
      if state.isOver { return nil }
      state.isOver = true
      state.work = nil
      return Ending(
        stop: state.deadlines.stop, followUps: state.followUps, sent: state.sent, replacement: state.replacement,
        ran: state.begun.map { now - $0 })
    }
  }

  @discardableResult
  private func change<Answer>(_ body: (inout AttemptDeadlines) -> Answer) -> Answer? {
    let (answer, work) = state.withLock { state -> (Answer?, Task<Void, Never>?) in
      if state.isOver { return (nil, nil) }
      let before = state.deadlines.stop
      let answer = body(&state.deadlines)
      return (answer, before == state.deadlines.stop ? nil : state.work)
    }
    work?.cancel()
    return answer
  }
}

extension Execution: ExecutionPort {
  /// In bytes, as in the store.
  private static let longestLine = 8192

  var stopReason: StopReason? { state.withLock { $0.deadlines.stop } }

  func report(progress: RawJSON) {
    reports.add(ProgressReport(delivery.key, token: token, value: progress))
  }

  /// The line is the task's and stays with it; who debugs the process sees it among the process's own lines too.
  func log(level: String, _ text: String) {
    if logger.logLevel <= .debug {
      let shown =
        text.utf8.count <= Self.longestLine ? text : String(decoding: text.utf8.prefix(Self.longestLine), as: UTF8.self)
      logger.log(level: Logger.Level(rawValue: level) ?? .info, "\(shown)", metadata: delivery.logMetadata)
    }
    reports.add(TaskLogLine(delivery.key, attempt: delivery.attempt, time: time.now, level: level, text: text))
  }

  func submit(_ submission: Submission) async throws -> SubmitResult {
    try await submit([submission])[0]
  }

  func submit(_ submissions: [Submission]) async throws -> [SubmitResult] {
    let results = try await store.submit(submissions)
    state.withLock { $0.sent += results.compactMap(\.id) }
    return results
  }

  /// Only stores that can be read answer.
  func records(_ ids: [TaskID]) async throws -> [TaskRecord?] {
    guard let reader = store as? any RecordReader else { return ids.map { _ in nil } }
    return try await reader.records(ids.map { TaskKey($0, tenant: delivery.message.tenant) }).map(\.record)
  }

  func submitWithResult(_ submission: Submission) {
    state.withLock { $0.followUps.append(submission) }
  }

  func replace(by replacement: Replacement) {
    state.withLock { $0.replacement = replacement }
  }

  func stepResult(_ name: String) async throws -> RawJSON? {
    if let known = state.withLock({ $0.knownSteps }) { return known[name] }
    let stored = try await store.steps(of: delivery.key, generation: delivery.generation)
    let known = Dictionary(stored.map { ($0.name, $0.value) }) { first, _ in first }
    return state.withLock { state in
      let steps = state.knownSteps ?? known
      state.knownSteps = steps
      return steps[name]
    }
  }

  /// Code that was told to stop still stores what it has done.
  func save(_ step: StepResult) async throws {
    let (store, key, token) = (store, delivery.key, token)
    let saved = await withoutCancellation { () -> Result<Bool, EngineError> in
      do throws(EngineError) {
        return .success(try await store.save(step, for: key, token: token))
      } catch {
        return .failure(error)
      }
    }
    guard try saved.get() else {
      stop(.leaseLost)
      throw LeaseLost()
    }
    state.withLock { state in
      if state.knownSteps?[step.name] == nil { state.knownSteps?[step.name] = step.value }
    }
  }
}
