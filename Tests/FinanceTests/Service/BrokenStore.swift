import CelerityCore
import CelerityTesting
import Synchronization

/// A store that fails or hangs where a test says, and counts how often it is asked.
final class BrokenStore: Sendable {
  /// What can break.
  enum Part: Hashable {
    case submit, queues, records, list, tally, changes, workers
  }

  private struct State {
    var errors: [Part: EngineError] = [:]
    var hanging: Set<Part> = []
    var asked: [Part: Int] = [:]
    var held: [CheckedContinuation<Void, Never>] = []
    var watchers: [(part: Part, count: Int, wake: CheckedContinuation<Void, Never>)] = []
  }

  let time = TestTime()
  let base: MemoryStore
  /// How long each answer takes, on the test's clock.
  let cost: Duration
  private let state = Mutex(State())

  init(cost: Duration = .zero) {
    base = MemoryStore(time: time)
    self.cost = cost
  }

  func fail(_ parts: Part..., with code: EngineError.Code = .unavailable) {
    state.withLock { state in for part in parts { state.errors[part] = EngineError(code, "\(part) is broken") } }
  }

  func hang(_ parts: Part...) { state.withLock { $0.hanging.formUnion(parts) } }

  /// Lets everything work again, and whoever hangs go on.
  func mend() {
    let held = state.withLock { state in
      state.errors = [:]
      state.hanging = []
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.resume() }
  }

  func count(_ part: Part) -> Int { state.withLock { $0.asked[part, default: 0] } }

  /// Returns when a part was asked so often.
  func wait(for part: Part, count: Int) async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if state.asked[part, default: 0] >= count { return true }
        state.watchers.append((part, count, continuation))
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  private func enter(_ part: Part) async throws(EngineError) {
    let (isHanging, error, seen) = state.withLock { state in
      state.asked[part, default: 0] += 1
      let seen = state.watchers.filter { $0.part == part && $0.count <= state.asked[part, default: 0] }
      state.watchers.removeAll { $0.part == part && $0.count <= state.asked[part, default: 0] }
      return (state.hanging.contains(part), state.errors[part], seen)
    }
    for watcher in seen { watcher.wake.resume() }
    if isHanging {
      await withCheckedContinuation { continuation in
        let isMended = state.withLock { state in
          if !state.hanging.contains(part) { return true }
          state.held.append(continuation)
          return false
        }
        if isMended { continuation.resume() }
      }
    }
    if let error { throw error }
    if cost > .zero, part == .tally { time.advance(by: cost) }
  }
}

extension BrokenStore: Engine {
  func submit(_ submissions: [Submission]) async throws(EngineError) -> [SubmitResult] {
    try await enter(.submit)
    return try await base.submit(submissions)
  }

  func queues(of tenant: Tenant?) async throws(EngineError) -> [QueueStatus] {
    try await enter(.queues)
    return try await base.queues(of: tenant)
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
  func control(_ commands: [ControlCommand]) async throws(EngineError) -> [ControlResult] {
    try await base.control(commands)
  }
  func maintain(_ request: MaintenanceRequest) async throws(EngineError) -> MaintenanceReport {
    try await base.maintain(request)
  }
}

extension BrokenStore: RecordReader, ChangeFeed {
  func records(_ keys: [TaskKey]) async throws(EngineError) -> [RecordLookup] {
    try await enter(.records)
    return try await base.records(keys)
  }

  func list(_ query: RecordQuery) async throws(EngineError) -> RecordPage {
    try await enter(.list)
    return try await base.list(query)
  }

  func count(_ query: RecordQuery) async throws(EngineError) -> RecordCount { try await base.count(query) }

  func tally(_ query: RecordQuery) async throws(EngineError) -> [RecordTally] {
    try await enter(.tally)
    return try await base.tally(query)
  }

  func changes(after seq: ChangeNumber, tenant: Tenant?, limit: Int) async throws(EngineError) -> ChangePage {
    try await base.changes(after: seq, tenant: tenant, limit: limit)
  }

  func lastChange() async throws(EngineError) -> ChangeNumber {
    try await enter(.changes)
    return try await base.lastChange()
  }

  func hints() -> AsyncStream<ChangeHint> { base.hints() }
}

extension BrokenStore: WorkerPresence {
  func announce(_ worker: WorkerInfo, for duration: Duration) async throws(EngineError) {
    try await base.announce(worker, for: duration)
  }

  func withdraw(_ name: String) async throws(EngineError) { try await base.withdraw(name) }

  func workers() async throws(EngineError) -> [WorkerInfo] {
    try await enter(.workers)
    return try await base.workers()
  }
}
