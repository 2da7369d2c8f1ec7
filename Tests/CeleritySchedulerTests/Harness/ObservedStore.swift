import CelerityCore
import CelerityScheduler
import CelerityTesting
import Synchronization

/// A memory store that remembers what a scheduler asks of it, and that a test can make refuse or wait.
final class ObservedStore: Sendable {
  /// One call of a scheduler.
  enum Call: Sendable {
    case submit(Submission)
    /// The submission is in the store; its answer has not arrived.
    case submitted(Submission)
    case maintain(MaintenanceRequest)
    case lead(holder: String)
    case resign(holder: String)
    case read(DocumentKey)
    /// A page of a collection.
    case look(String)
    case write(DocumentWrite)
  }

  typealias Hook = @Sendable (Call) async throws(EngineError) -> Void

  private struct State {
    var calls: [Call] = []
    var hook: Hook?
    var answersAtOnce = false
  }

  let memory: MemoryStore
  private let state = Mutex(State())

  init(_ memory: MemoryStore) {
    self.memory = memory
  }

  /// What was asked so far.
  var calls: [Call] { state.withLock { $0.calls } }

  /// Whether maintenance answers without waiting for something to do.
  var answersAtOnce: Bool {
    get { state.withLock { $0.answersAtOnce } }
    set { state.withLock { $0.answersAtOnce = newValue } }
  }

  /// Called before each call is passed on; what it throws is the answer.
  func before(_ hook: Hook?) {
    state.withLock { $0.hook = hook }
  }

  private func note(_ call: Call) async throws(EngineError) {
    let hook = state.withLock { state in
      state.calls.append(call)
      return state.hook
    }
    try await hook?(call)
  }
}

extension ObservedStore: Engine {
  func submit(_ submissions: [Submission]) async throws(EngineError) -> [SubmitResult] {
    for submission in submissions { try await note(.submit(submission)) }
    let results = try await memory.submit(submissions)
    for submission in submissions { try await note(.submitted(submission)) }
    return results
  }

  func maintain(_ request: MaintenanceRequest) async throws(EngineError) -> MaintenanceReport {
    try await note(.maintain(request))
    var request = request
    if answersAtOnce { request.wait = .zero }
    return try await memory.maintain(request)
  }

  func fetch(_ request: FetchRequest) async throws(EngineError) -> [Delivery] { try await memory.fetch(request) }

  func extend(_ extensions: [LeaseExtension]) async throws(EngineError) -> [LeaseStatus] {
    try await memory.extend(extensions)
  }

  func settle(_ settlements: [Settlement]) async throws(EngineError) -> [SettleResult] {
    try await memory.settle(settlements)
  }

  func cancel(_ requests: [CancelRequest]) async throws(EngineError) -> [CancelResult] {
    try await memory.cancel(requests)
  }

  func queues(of tenant: Tenant?) async throws(EngineError) -> [QueueStatus] { try await memory.queues(of: tenant) }

  func control(_ commands: [ControlCommand]) async throws(EngineError) -> [ControlResult] {
    try await memory.control(commands)
  }
}

extension ObservedStore: LeadershipStore {
  func lead(_ name: String, holder: String, for duration: Duration) async throws(EngineError) -> Leadership? {
    try await note(.lead(holder: holder))
    return try await memory.lead(name, holder: holder, for: duration)
  }

  func resign(_ name: String, holder: String) async throws(EngineError) {
    try await note(.resign(holder: holder))
    try await memory.resign(name, holder: holder)
  }
}

extension ObservedStore: DocumentStore {
  func documents(_ keys: [DocumentKey]) async throws(EngineError) -> [Document?] {
    for key in keys { try await note(.read(key)) }
    return try await memory.documents(keys)
  }

  func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult {
    for write in writes { try await note(.write(write)) }
    return try await memory.write(writes)
  }

  func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) async throws(EngineError) -> [Document] {
    try await note(.look(collection))
    return try await memory.documents(in: collection, of: tenant, prefix: prefix, after: name, limit: limit)
  }
}
