import CelerityCore
import CelerityJSON
import CelerityWorker
import Logging
import RedisEngine
import ServiceLifecycle

/// Keeps a worker on Redis known to Celery's clients and monitors: `celery status`, `inspect`, `control`, `events`, Flower.
///
/// It starts before the worker and stops after it, so that what the drain ends is still told.
struct CeleryPeerService: Service, CustomStringConvertible {
  private let peer: CeleryPeer

  /// `nil` without a worker, and on a store that Celery does not know. `outbox` is what the worker tells of its attempts.
  init?(
    _ worker: Worker?, _ store: any Store, _ outbox: EventOutbox, settings: PlatformSettings,
    configuration: WorkerConfiguration, time: any TimeSource, logger: Logger
  ) {
    guard let worker, let store = store as? RedisStore else { return nil }
    peer = CeleryPeer(
      CeleryPeerConfiguration(
        name: configuration.name, version: configuration.version,
        sendsTaskEvents: settings.resolved[Settings.events], settings: Self.shown(settings, configuration)),
      store: store, outbox: outbox, desk: worker, time: time, logger: logger)
  }

  /// What `celery inspect conf` shows: what there is of Celery's settings, under its names.
  private static func shown(
    _ settings: PlatformSettings, _ configuration: WorkerConfiguration
  ) -> [(String, RawJSON)] {
    let resolved = settings.resolved
    let broker = RawJSON.string(SecretText.masked(resolved[Settings.engine]))
    return [
      ("broker_url", broker), ("result_backend", broker),
      ("result_expires", .double(resolved[Settings.redisResultExpires].inSeconds) ?? .null),
      ("worker_concurrency", .integer(Int64(configuration.concurrency))), ("worker_pool", .string("threads")),
      ("worker_prefetch_multiplier", .integer(1)), ("worker_send_task_events", .bool(resolved[Settings.events])),
      ("task_acks_late", .true),
      ("task_reject_on_worker_lost", .true), ("task_track_started", .true), ("task_serializer", .string("json")),
      ("result_serializer", .string("json")), ("event_serializer", .string("json")),
      ("accept_content", .array([.string("json")])), ("enable_utc", .true), ("timezone", .string("UTC")),
    ]
  }

  /// Speaks until told to stop.
  func run() async throws {
    await cancelWhenGracefulShutdown { await peer.run() }
  }

  /// Its name in log lines of the lifecycle.
  var description: String { "Celery's events and remote control" }
}
