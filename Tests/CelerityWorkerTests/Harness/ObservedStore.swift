import CelerityCore
import CelerityTesting
import Synchronization

@testable import CelerityWorker

/// A memory store that remembers what a worker asks of it, and that a test can make refuse or wait.
final class ObservedStore: Sendable {
  /// One call of a worker.
  enum Call: Sendable {
    case submit([Submission])
    case fetch(FetchRequest)
    case extend([LeaseExtension])
    case settle([Settlement])
    case report([ProgressReport])
    case append([TaskLogLine])
    case save(StepResult)
    case acquire([PermitRequest])
    case revoked([Revocation])
    case announce(WorkerInfo)
    case withdraw(String)
    case nextOrders(worker: String, after: Int64)
  }

  typealias Hook = @Sendable (Call) async throws(EngineError) -> Void

  private struct State {
    var calls: [Call] = []
    var hook: Hook?
    var bringsLate = false
    var orderBells: [String: Bell] = [:]
  }

  let memory: MemoryStore
  private let state = Mutex(State())

  init(_ memory: MemoryStore) {
    self.memory = memory
  }

  /// What was asked so far.
  var calls: [Call] { state.withLock { $0.calls } }

  /// Called before each call is passed on; what it throws is the answer.
  /// Has fetches bring what they find although nobody waits for it any more, as an answer does that was under way.
  func bringLate() { state.withLock { $0.bringsLate = true } }

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
    try await note(.submit(submissions))
    return try await memory.submit(submissions)
  }

  func fetch(_ request: FetchRequest) async throws(EngineError) -> [Delivery] {
    try await note(.fetch(request))
    guard state.withLock({ $0.bringsLate }) else { return try await memory.fetch(request) }
    // A task of its own is not cancelled.
    let fetch = Task { [memory] in try await memory.fetch(request) }
    do { return try await fetch.value } catch { throw EngineError(.unavailable, "\(error)") }
  }

  func extend(_ extensions: [LeaseExtension]) async throws(EngineError) -> [LeaseStatus] {
    try await note(.extend(extensions))
    return try await memory.extend(extensions)
  }

  func settle(_ settlements: [Settlement]) async throws(EngineError) -> [SettleResult] {
    try await note(.settle(settlements))
    return try await memory.settle(settlements)
  }

  func cancel(_ requests: [CancelRequest]) async throws(EngineError) -> [CancelResult] {
    try await memory.cancel(requests)
  }

  func queues(of tenant: Tenant?) async throws(EngineError) -> [QueueStatus] {
    try await memory.queues(of: tenant)
  }

  func control(_ commands: [ControlCommand]) async throws(EngineError) -> [ControlResult] {
    try await memory.control(commands)
  }

  func maintain(_ request: MaintenanceRequest) async throws(EngineError) -> MaintenanceReport {
    try await memory.maintain(request)
  }
}

extension ObservedStore: WorkerOrders {
  func order(_ order: WorkerOrder, worker name: String) async throws(EngineError) -> Bool {
    let isGiven = try await memory.order(order, worker: name)
    orderBell(name).ring()
    return isGiven
  }

  /// Waits for orders without an end, so that no test has a sleeper more for them.
  func nextOrders(
    worker: String, incarnation: String, after number: Int64, wait: Duration
  ) async throws(EngineError) -> [NumberedOrder] {
    try await note(.nextOrders(worker: worker, after: number))
    while true {
      let orders = try await memory.nextOrders(
        worker: worker, incarnation: incarnation, after: number, wait: .zero)
      if !orders.isEmpty || wait == .zero || Task.isCancelled { return orders }
      await orderBell(worker).wait()
    }
  }

  private func orderBell(_ worker: String) -> Bell {
    state.withLock { state in
      let bell = state.orderBells[worker] ?? Bell()
      state.orderBells[worker] = bell
      return bell
    }
  }
}

extension ObservedStore: ProgressStore, StepStore {
  func report(_ reports: [ProgressReport]) async throws(EngineError) -> [Bool] {
    try await note(.report(reports))
    return try await memory.report(reports)
  }

  func append(_ lines: [TaskLogLine]) async throws(EngineError) {
    try await note(.append(lines))
    try await memory.append(lines)
  }

  func logs(of key: TaskKey, after number: Int64, limit: Int) async throws(EngineError) -> [TaskLogLine] {
    try await memory.logs(of: key, after: number, limit: limit)
  }

  func steps(of key: TaskKey, generation: Int) async throws(EngineError) -> [StepResult] {
    try await memory.steps(of: key, generation: generation)
  }

  func save(_ step: StepResult, for key: TaskKey, token: Int64) async throws(EngineError) -> Bool {
    try await note(.save(step))
    return try await memory.save(step, for: key, token: token)
  }
}

extension ObservedStore: PermitStore, RevocationStore, WorkerPresence {
  func acquire(_ requests: [PermitRequest]) async throws(EngineError) -> [PermitAnswer] {
    try await note(.acquire(requests))
    return try await memory.acquire(requests)
  }

  func release(_ holders: [PermitHolder]) async throws(EngineError) {
    try await memory.release(holders)
  }

  func revoke(_ revocations: [Revocation], for duration: Duration) async throws(EngineError) {
    try await memory.revoke(revocations, for: duration)
  }

  func revoked(among candidates: [Revocation], tenant: Tenant) async throws(EngineError) -> Set<Revocation> {
    try await note(.revoked(candidates))
    return try await memory.revoked(among: candidates, tenant: tenant)
  }

  func announce(_ worker: WorkerInfo, for duration: Duration) async throws(EngineError) {
    try await note(.announce(worker))
    try await memory.announce(worker, for: duration)
  }

  func withdraw(_ name: String) async throws(EngineError) {
    try await note(.withdraw(name))
    try await memory.withdraw(name)
  }

  func workers() async throws(EngineError) -> [WorkerInfo] {
    try await memory.workers()
  }
}
