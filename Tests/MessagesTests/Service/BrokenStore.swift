import CelerityCore
import CelerityTesting
import Synchronization

/// Documents in a store that fails or hangs where a test says.
final class BrokenDocuments: DocumentStore {
  private struct State {
    var writes = 0
    /// Which writes fail, counted from 1.
    var failing: Set<Int> = []
    var isDown = false
    var held: [CheckedContinuation<Void, Never>]?
    var watchers: [CheckedContinuation<Void, Never>] = []
  }

  private let base: MemoryStore
  private let state = Mutex(State())

  init(_ base: MemoryStore) { self.base = base }

  static let error = EngineError(.unavailable, "the store is away")

  /// Everything fails, or works again.
  func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

  /// The writes that come next, by their number from 1, fail.
  func failWrites(_ numbers: Set<Int>) {
    state.withLock { state in
      state.failing = numbers
      state.writes = 0
    }
  }

  /// Writes wait until `release`.
  func hang() { state.withLock { $0.held = [] } }

  func release() {
    let held = state.withLock { state in
      defer { state.held = nil }
      return state.held ?? []
    }
    for continuation in held { continuation.resume() }
  }

  /// Returns when a write hangs.
  func waitForHanging() async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.held?.isEmpty == false { return true }
        state.watchers.append(continuation)
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  func documents(_ keys: [DocumentKey]) async throws(EngineError) -> [Document?] {
    if state.withLock({ $0.isDown }) { throw Self.error }
    return try await base.documents(keys)
  }

  func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult {
    await withCheckedContinuation { continuation in
      let watchers = state.withLock { state -> [CheckedContinuation<Void, Never>]? in
        guard state.held != nil else { return nil }
        state.held?.append(continuation)
        defer { state.watchers = [] }
        return state.watchers
      }
      guard let watchers else { return continuation.resume() }
      for watcher in watchers { watcher.resume() }
    }
    let fails = state.withLock { state in
      state.writes += 1
      return state.isDown || state.failing.contains(state.writes)
    }
    if fails { throw Self.error }
    return try await base.write(writes)
  }

  func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) async throws(EngineError) -> [Document] {
    if state.withLock({ $0.isDown }) { throw Self.error }
    return try await base.documents(in: collection, of: tenant, prefix: prefix, after: name, limit: limit)
  }
}

/// A queue that refuses submissions, or takes them and does not say so.
final class BrokenEngine: Engine {
  enum Fault {
    /// Nothing is taken.
    case refuses
    /// The task is taken, and the answer lost.
    case losesAnswer
  }

  private let base: MemoryStore
  private let state = Mutex<(fault: Fault?, then: (@Sendable () async -> Void)?)>((nil, nil))

  init(_ base: MemoryStore) { self.base = base }

  func break_(_ fault: Fault?, then: (@Sendable () async -> Void)? = nil) {
    state.withLock { $0 = (fault, then) }
  }

  func submit(_ submissions: [Submission]) async throws(EngineError) -> [SubmitResult] {
    let (fault, then) = state.withLock { $0 }
    let error = EngineError(.unavailable, "the queue is away")
    if fault == .refuses { throw error }
    let results = try await base.submit(submissions)
    await then?()
    if fault == .losesAnswer { throw error }
    return results
  }

  func fetch(_ request: FetchRequest) async throws(EngineError) -> [Delivery] { try await base.fetch(request) }
  func extend(_ extensions: [LeaseExtension]) async throws(EngineError) -> [LeaseStatus] {
    try await base.extend(extensions)
  }
  func settle(_ settlements: [Settlement]) async throws(EngineError) -> [SettleResult] {
    try await base.settle(settlements)
  }
  func cancel(_ requests: [CancelRequest]) async throws(EngineError) -> [CancelResult] {
    try await base.cancel(requests)
  }
  func queues(of tenant: Tenant?) async throws(EngineError) -> [QueueStatus] { try await base.queues(of: tenant) }
  func control(_ commands: [ControlCommand]) async throws(EngineError) -> [ControlResult] {
    try await base.control(commands)
  }
  func maintain(_ request: MaintenanceRequest) async throws(EngineError) -> MaintenanceReport {
    try await base.maintain(request)
  }
}
