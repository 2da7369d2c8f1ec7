import CelerityCore
import CelerityRoutes
import CelerityTasks

/// Whether the parts that the service stands on answer.
final class Connections: Sendable {
  /// The parts as they were last seen.
  struct Snapshot: Sendable, Hashable {
    /// Where records and results are kept.
    var isStoreThere = false
    /// Where tasks wait.
    var isBrokerThere = false
    /// Whether somebody takes from the service's queue.
    var hasWorkers = false

    var isWhole: Bool { isStoreThere && isBrokerThere && hasWorkers }
  }

  /// A part that has not answered for this long hangs.
  static let patience = Duration.seconds(1)
  /// The parts are asked again when they were asked longer ago.
  static let freshness = Duration.milliseconds(500)

  private let queue: String
  private let store = SharedAnswer<Bool>()
  private let broker = SharedAnswer<Bool>()
  private let workers = SharedAnswer<Bool>()

  /// The parts behind a queue.
  init(queue: String) { self.queue = queue }

  /// The parts as they are now, asked side by side. Answers within `patience` whatever they do.
  func snapshot(_ environment: ServiceEnvironment) async -> Snapshot {
    async let isStoreThere = isGood(store, environment) { () async throws(EngineError) in
      // A look-up of an id that nobody has is an answer like any other.
      _ = try await environment.tasks.records.records([TaskKey(TaskID(stored: "health"))])
      return true
    }
    async let isBrokerThere = isGood(broker, environment) { () async throws(EngineError) in
      _ = try await environment.tasks.engine.queues(of: .default)
      return true
    }
    async let hasWorkers = isGood(workers, environment) { [queue] () async throws(EngineError) in
      try await environment.presence.workers().contains { worker in
        !worker.isDraining && worker.queues.contains(queue)
      }
    }
    return await Snapshot(isStoreThere: isStoreThere, isBrokerThere: isBrokerThere, hasWorkers: hasWorkers)
  }

  private func isGood(
    _ part: SharedAnswer<Bool>, _ environment: ServiceEnvironment,
    _ ask: @escaping @Sendable () async throws(EngineError) -> Bool
  ) async -> Bool {
    let now = environment.time.uptime
    let answer = try? await part.answer(
      within: Self.patience, time: environment.time, isFresh: { now - $0.finished < Self.freshness }, ask: ask)
    return (answer ?? nil)?.value ?? false
  }
}
