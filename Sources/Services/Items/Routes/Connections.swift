import CelerityCore
import CelerityRoutes
import CelerityTasks

/// Whether the parts that the service stands on answer. However many ask, each part is asked once a second at most, and
/// nobody waits long for one that hangs.
final class Connections: Sendable {
  /// The parts as they were last seen.
  struct Snapshot: Sendable, Hashable {
    /// Where items and the archive are kept.
    var isStoreThere: Bool
    var isCacheThere: Bool
    /// Where tasks wait.
    var isBrokerThere: Bool

    var isWhole: Bool { isStoreThere && isCacheThere && isBrokerThere }

    /// The parts under the names that the service's clients know.
    var named: [(String, Bool)] {
      [("mongodb", isStoreThere), ("redis", isCacheThere), ("rabbitmq", isBrokerThere)]
    }
  }

  /// A part that has not answered for this long hangs: whoever asks about health asks in passing.
  static let patience = Duration.milliseconds(80)
  static let freshness = Duration.seconds(1)

  private let store = SharedAnswer<Bool>()
  private let cache = SharedAnswer<Bool>()
  private let broker = SharedAnswer<Bool>()

  /// The parts as they are now, asked side by side.
  func snapshot(_ environment: ServiceEnvironment) async -> Snapshot {
    async let isStoreThere = isGood(store, environment) { () async throws(EngineError) in
      // A look-up of an id that nobody has is an answer like any other.
      _ = try await environment.resources.documents.documents([DocumentKey(ItemShelf.collection, "health")])
      return true
    }
    async let isCacheThere = isGood(cache, environment) { () async throws(EngineError) in
      _ = try await environment.resources.cache.cacheFigures(of: ItemsService.name)
      return true
    }
    async let isBrokerThere = isGood(broker, environment) { () async throws(EngineError) in
      _ = try await environment.tasks.engine.queues(of: .default)
      return true
    }
    return await Snapshot(
      isStoreThere: isStoreThere, isCacheThere: isCacheThere, isBrokerThere: isBrokerThere)
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
