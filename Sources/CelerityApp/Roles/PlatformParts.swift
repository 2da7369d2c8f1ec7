import CelerityCore
import CelerityGateway
import CelerityObservability
import CelerityRoutes
import CelerityScheduler
import CelerityTasks
import CelerityWorker
import Logging
import RedisEngine

/// Builds the parts of a platform on what they share: the only place that knows concrete types.
struct PlatformParts {
  let settings: PlatformSettings
  let registry: TaskRegistry
  let opened: OpenedStore
  let time: any TimeSource
  let logger: Logger
  private let ids: any IDSource
  private let metrics = MetricsRegistry()
  private let counted: CountedStore
  /// What services are lent.
  let lent: LentResources

  init(
    _ roles: RoleSet, settings: PlatformSettings, registry: TaskRegistry, opened: OpenedStore, time: any TimeSource,
    logger: Logger
  ) throws(UsageError) {
    self.settings = settings
    self.registry = registry
    self.opened = opened
    self.time = time
    self.logger = logger
    ids = UUIDv7(time: time)
    counted = CountedStore(opened.store, metrics, host: settings.host.name)
    lent = try LentResources(
      settings, store: opened.store, cache: settings.usesCache ? counted : NoCache(),
      worker: roles.contains(.worker) ? settings.worker(registry).name : nil, metrics: metrics, time: time,
      logger: logger)
  }

  /// A worker; on Redis with what makes it one of Celery's. An order to stop calls `onStop`.
  func worker(onStop: @escaping @Sendable () -> Void) -> (Worker, CeleryPeerService?) {
    let configuration = settings.worker(registry)
    let outbox = EventOutbox(time: time)
    var telemetry: [any WorkerTelemetry] = [TaskMetrics(metrics, worker: configuration.name)]
    // Elsewhere nobody would empty it.
    if opened.store is RedisStore { telemetry.append(outbox) }
    if let points = lent.telemetry { telemetry.append(points) }
    let worker = Worker(
      configuration, registry: registry, store: counted, ids: ids, time: time, logger: logger,
      telemetry: EachTelemetry(telemetry), resources: lent.resources, onStop: onStop)
    let peer = CeleryPeerService(
      worker, opened.store, outbox, settings: settings, configuration: configuration, time: time, logger: logger)
    return (worker, peer)
  }

  /// What answers requests: the whole API, or a page with probes and metrics.
  func gateway(_ told: GatewaySettings) throws -> Gateway {
    let store = opened.store
    let client = TaskClient(
      engine: counted, records: store, waiter: RecordWaiter(store: store, time: time), ids: ids, time: time)
    let environment = ServiceEnvironment(
      tasks: client, resources: lent.resources, presence: store, progress: store, changes: store, statistics: store,
      orders: store, server: settings.server)
    return try Gateway(
      settings: told, environment: environment, registry: registry,
      services: told.servesProbesOnly ? [] : settings.services, telemetry: GatewayMetrics(metrics),
      metrics: MetricsPage(metrics, time: time), logger: logger)
  }

  /// What keeps a store on Redis going where nobody says that a scheduler runs: delayed tasks, leases of dead workers.
  func maintenance() -> Scheduler? {
    guard opened.store is RedisStore else { return nil }
    return Scheduler(
      settings.scheduler, store: counted, duties: .maintenance, ids: ids, time: time, logger: logger)
  }

  func scheduler() -> Scheduler {
    let entries = Dictionary(settings.services.map { (type(of: $0).name, $0.schedules) }) { $0 + $1 }
    return Scheduler(settings.scheduler, store: counted, entries: entries, ids: ids, time: time, logger: logger)
  }

  /// Has the parts asked for what they know when somebody reads the metrics.
  func collect(_ gateway: Gateway?, _ worker: Worker?) {
    metrics.add(ProcessCollector(version: celerityVersion, time: time))
    metrics.add(StoreCollector(opened.store, time: time))
    metrics.add(CacheCollector(opened.store, isEnabled: settings.usesCache))
    metrics.add(
      PlatformCollector(
        gateway: gateway, worker: worker, name: settings.worker(registry).name, path: opened.file,
        unannounced: opened.unannounced))
  }
}
