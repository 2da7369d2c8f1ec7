import CelerityCore
import CelerityObservability

/// A store that counts the tasks that are accepted through it, whoever sends them: clients, schedules, other tasks; and the
/// calls of caches that failed, of which a store can't know.
struct CountedStore: Sendable {
  let store: any Store
  private let sent: Family<Counter>
  private let cacheErrors: Family<Counter>
  private let host: String

  /// A store whose submissions are counted in a registry, as of this machine.
  init(_ store: any Store, _ registry: MetricsRegistry, host: String) {
    self.store = store
    self.host = host
    sent = registry.counter(MetricTable.tasksSent)
    cacheErrors = registry.counter(MetricTable.cacheErrors)
  }

  /// Counts an error of a cache.
  func failed(_ error: EngineError, _ cache: String) -> EngineError {
    cacheErrors.with(cache).add()
    return error
  }

  private func count(_ message: TaskMessage) { sent.with(message.task, host, message.queue).add() }
}

extension CountedStore: Engine {
  func submit(_ submissions: [Submission]) async throws(EngineError) -> [SubmitResult] {
    let results = try await store.submit(submissions)
    for (submission, result) in zip(submissions, results) {
      if case .accepted = result { count(submission.message) }
    }
    return results
  }

  /// Follow-ups are sent with the result that they follow.
  func settle(_ settlements: [Settlement]) async throws(EngineError) -> [SettleResult] {
    let results = try await store.settle(settlements)
    for (settlement, result) in zip(settlements, results) where !settlement.followUps.isEmpty {
      if case .committed = result { for followUp in settlement.followUps { count(followUp.message) } }
    }
    return results
  }

  func fetch(_ request: FetchRequest) async throws(EngineError) -> [Delivery] { try await store.fetch(request) }

  func extend(_ extensions: [LeaseExtension]) async throws(EngineError) -> [LeaseStatus] {
    try await store.extend(extensions)
  }

  func cancel(_ requests: [CancelRequest]) async throws(EngineError) -> [CancelResult] {
    try await store.cancel(requests)
  }

  func queues(of tenant: Tenant?) async throws(EngineError) -> [QueueStatus] { try await store.queues(of: tenant) }

  func control(_ commands: [ControlCommand]) async throws(EngineError) -> [ControlResult] {
    try await store.control(commands)
  }

  func maintain(_ request: MaintenanceRequest) async throws(EngineError) -> MaintenanceReport {
    try await store.maintain(request)
  }
}
