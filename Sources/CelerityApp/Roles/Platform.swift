import CelerityCore
import CelerityGateway
import CelerityObservability
import CelerityRoutes
import CelerityScheduler
import CelerityTasks
import CelerityWorker
import Logging
import ServiceLifecycle

/// The parts that one process runs.
struct Platform {
  let roles: RoleSet
  let settings: PlatformSettings
  let registry: TaskRegistry
  let opened: OpenedStore
  let worker: Worker?
  /// The worker as Celery's clients and monitors see it.
  let peer: CeleryPeerService?
  /// What answers requests: of clients where that is a role of this process, else of probes.
  let gateway: Gateway?
  let scheduler: Scheduler?
  /// Makes ready what the worker's tasks need.
  let warmUp: WarmUp?
  /// What services are lent, and what keeps it going.
  let lent: LentResources
  /// Yields when somebody orders the worker to stop, which ends the process.
  let stopOrders: AsyncStream<Void>

  /// Opens the store and builds the parts; nothing runs yet.
  init(
    _ roles: RoleSet, _ resolved: ResolvedSettings, services: [any ServiceDefinition], logger: Logger
  ) async throws {
    self.roles = roles
    settings = try PlatformSettings(resolved, services: services)
    registry = try TaskRegistry(settings.services.flatMap(\.tasks))
    let time = SystemTime()
    opened = try await OpenedStore.open(
      settings.engine, resolved, hearsPeers: roles.contains(.gateway), time: time, host: settings.host, logger: logger)
    let parts = try PlatformParts(
      roles, settings: settings, registry: registry, opened: opened, time: time, logger: logger)
    lent = parts.lent
    let (stopOrders, stop) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.stopOrders = stopOrders
    (worker, peer) = roles.contains(.worker) ? parts.worker { stop.yield() } : (nil, nil)
    warmUp =
      roles.contains(.worker)
      ? WarmUp(
        settings.services.flatMap(\.tasks), queues: settings.queues(registry), resources: parts.lent.resources) : nil
    let page = roles.contains(.gateway) ? settings.gateway : settings.page
    gateway = try page.map(parts.gateway)
    scheduler =
      roles.contains(.scheduler) ? parts.scheduler() : roles.contains(.worker) ? parts.maintenance() : nil
    parts.collect(gateway, worker)
  }

  /// In the order of their start; they stop in reverse: first nothing more comes in, then what runs is finished.
  var services: [any Service] {
    let all: [(any Service)?] = [lent, scheduler, peer, warmUp, worker.map(WorkerService.init), gateway]
    return all.compactMap(\.self)
  }
}

/// Something the caller got wrong: answered with what to type instead, exit code 2.
struct UsageError: Error, CustomStringConvertible {
  var message: String
  var hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  var description: String { message }
}

/// The version every part reports.
let celerityVersion = "0.1.0"
