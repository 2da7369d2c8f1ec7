import CelerityCore
import Logging
import RESPClient
import RedisEngine
import SQLiteEngine

/// A store as the roles use it, whichever it is.
struct OpenedStore: Sendable {
  let store: any Store
  /// Where it is, for people, without secrets.
  let place: String
  /// The database file, where there is one.
  var file: String?
  /// How often it found work that nothing had announced, where others can add work.
  var unannounced: (@Sendable () -> Int)?
  /// Says that the process is about to end, where that makes waits for a server shorter.
  var hasten: (@Sendable () -> Void)?
  let close: @Sendable () async -> Void

  /// Opens the store that the settings name.
  static func open(
    _ choice: EngineChoice, _ settings: ResolvedSettings, hearsPeers: Bool, time: any TimeSource, host: HostName,
    logger: Logger
  ) async throws -> OpenedStore {
    switch choice {
    case .sqlite:
      let path = try EngineChoice.storePath(settings)
      var configuration = SQLiteConfiguration(
        path: path, durability: settings[Settings.durability] == "relaxed" ? .relaxed : .durable,
        lifecycle: LifecyclePolicy(crashBudget: settings[Settings.crashBudget]),
        rank: PriorityRank(step: settings[Settings.ageing]), time: time)
      configuration.warn = { [logger] in logger.warning("\($0)") }
      let store = try await SQLiteStore.open(configuration)
      return OpenedStore(store: store, place: path, file: path, close: { await store.close() })
    case .redis(let endpoint):
      let configuration = RedisStoreConfiguration(
        endpoint, keyPrefix: settings[Settings.redisKeyPrefix], resultExpires: settings[Settings.redisResultExpires],
        connections: min(settings[Settings.redisConnections], settings[Settings.redisMaximumConnections]),
        origin: "gen\(host.process)@\(host.name)",
        lifecycle: LifecyclePolicy(crashBudget: settings[Settings.crashBudget]), hearsPeers: hearsPeers,
        visibilityTimeout: settings[Settings.redisVisibilityTimeout])
      let store = try await opened(configuration, time: time, logger: logger)
      return OpenedStore(
        store: store, place: "\(endpoint)", unannounced: { store.unannouncedWork }, hasten: { store.hasten() },
        close: { await store.close() })
    }
  }

  /// A store on Redis, once Redis is there: after a start of the machine it may come up later than this process.
  private static func opened(
    _ configuration: RedisStoreConfiguration, time: any TimeSource, logger: Logger
  ) async throws(EngineError) -> RedisStore {
    var pause = Duration.milliseconds(250)
    var advice = "; start it, or name another with --engine"
    while true {
      do {
        return try await RedisStore.open(configuration, time: time, logger: logger)
      } catch {
        guard error.code == .unavailable else { throw error }
        logger.warning("waiting for \(configuration.endpoint): \(error.message)\(advice)")
        advice = ""
      }
      guard (try? await time.sleep(for: pause)) != nil else {
        throw EngineError(.unavailable, "stopped before Redis could be reached")
      }
      pause = min(pause * 2, .seconds(5))
    }
  }
}
