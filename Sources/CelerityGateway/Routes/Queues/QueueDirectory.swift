import CelerityCore
import CelerityRoutes
import CelerityTasks

/// The queues that there are: those that hold tasks or are paused, which the store knows, and the empty ones that a worker
/// takes from or a known task is sent to.
struct QueueDirectory: Sendable {
  let registry: TaskRegistry
  let environment: ServiceEnvironment
  let tenant: Tenant

  /// All of them, by name.
  func all() async throws(EngineError) -> [QueueStatus] {
    var queues = try await environment.tasks.engine.queues(of: tenant)
    // Keys are compared byte by byte, as stores do; names as texts are not.
    let known = Set(queues.map(\.key))
    let served = try await environment.presence.workers().flatMap(\.queues)
    let own = registry.names.compactMap { registry[$0]?.options.queue }
    queues += Set((served + own).map { QueueKey($0, tenant: tenant) }).subtracting(known).map { QueueStatus($0) }
    return queues.sorted { $0.key < $1.key }
  }

  /// One of them; throws 404 for a name that none has, with the one that was meant.
  func queue(_ key: QueueKey) async throws -> QueueStatus {
    let queues = try await all()
    if let queue = queues.first(where: { $0.key == key }) { return queue }
    let guess = closestMatch(to: key.name, among: queues.map(\.key.name))
    throw RouteError(
      404, "unknown-queue", "there is no queue '\(key.name)'",
      hint: guess.map { "did you mean '\($0)'?" } ?? "a queue is made by the first task that is sent to it")
  }

  /// Acts on one of them and tells how many tasks were touched.
  func perform(_ command: ControlCommand, on key: QueueKey) async throws -> Int {
    _ = try await queue(key)
    guard case .done(let affected)? = try await environment.tasks.engine.control([command]).first else { return 0 }
    return affected
  }
}
