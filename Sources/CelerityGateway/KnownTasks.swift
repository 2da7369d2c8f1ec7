import CelerityCore
import CelerityTasks
import Synchronization

/// Tells known kinds of tasks from mistyped ones: those of the own registry, those of the settings, and those that
/// workers announce. What workers announced is asked for at most once in `lifetime`.
final class KnownTasks: Sendable {
  private struct Announced {
    var names: Set<String> = []
    /// On monotone time; `nil` before the first look.
    var read: Duration?
  }

  /// How long an answer of the store serves.
  static let lifetime = Duration.seconds(2)

  let registry: TaskRegistry
  let external: Set<String>
  private let presence: any WorkerPresence
  private let time: any TimeSource
  private let announced = Mutex(Announced())

  init(registry: TaskRegistry, external: Set<String>, presence: any WorkerPresence, time: any TimeSource) {
    self.registry = registry
    self.external = external
    self.presence = presence
    self.time = time
  }

  /// Whether a name is known.
  func contains(_ name: String) async throws(EngineError) -> Bool {
    if registry.runnable(name) != nil || external.contains(name) { return true }
    return try await announcedNames().contains(name)
  }

  /// The known name most like a mistyped one.
  func closest(to name: String) async throws(EngineError) -> String? {
    let names = try await announcedNames().union(registry.names).union(external)
    return closestMatch(to: name, among: names.sorted())
  }

  /// What workers say that they can run.
  func announcedNames() async throws(EngineError) -> Set<String> {
    let now = time.uptime
    let fresh = announced.withLock { state -> Set<String>? in
      guard let read = state.read, now - read < Self.lifetime else { return nil }
      return state.names
    }
    if let fresh { return fresh }
    let names = Set(try await presence.workers().flatMap(\.tasks))
    announced.withLock { $0 = Announced(names: names, read: now) }
    return names
  }
}
