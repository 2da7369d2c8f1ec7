public import CelerityCore
public import CelerityRoutes
public import Logging
public import ServiceLifecycle

/// Does what must be done once, whoever else runs: becomes leader, and while it is, maintains the store and fires
/// schedules. A standby waits for the leader's lease to lapse.
public struct Scheduler: Service {
  private let configuration: SchedulerConfiguration
  private let store: any SchedulerStore
  private let entries: [String: [ScheduleEntry]]
  private let ids: any IDSource
  private let time: any TimeSource
  private let logger: Logger
  private let duties: Duties

  /// What a leader does.
  public enum Duties: String, Sendable, Hashable {
    /// Maintains the store and fires schedules.
    case all = "scheduler"
    /// Only maintains the store: where workers run without a scheduler beside them, delayed tasks must go on all the same.
    /// It leads under a name of its own, because whoever fires no schedules must not keep a scheduler from it; two who
    /// maintain one store do no harm.
    case maintenance
  }

  /// A scheduler on a store with the entries of services, by their services' names.
  public init(
    _ configuration: SchedulerConfiguration, store: any SchedulerStore, entries: [String: [ScheduleEntry]] = [:],
    duties: Duties = .all, ids: any IDSource = UUIDv7(), time: any TimeSource = SystemTime(), logger: Logger
  ) {
    self.duties = duties
    self.configuration = configuration
    self.store = store
    self.entries = entries
    self.ids = ids
    self.time = time
    self.logger = logger
  }

  /// Leads or stands by until told to stop; then steps down, so that another takes over as soon as it asks.
  public func run() async throws {
    let term = Term(
      name: duties.rawValue, holder: configuration.holder + "/" + ids.next(), length: configuration.leadership,
      store: store, time: time, logger: logger)
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        if await term.renew() == .held { await lead(term) }
        try? await time.sleep(for: configuration.leadership / 3)
      }
    }
    await withoutCancellation { await term.resign() }
  }

  /// Does the duties for as long as the term holds.
  private func lead(_ term: Term) async {
    logger.debug("leading: \(duties == .all ? "maintenance and schedules" : "maintenance")")
    let maintenance = MaintenanceDuty(engine: store, configuration: configuration, time: time, logger: logger)
    let publication = SchedulePublication(
      entries: entries, documents: store, tenant: configuration.tenant, time: time, logger: logger)
    let periodic = PeriodicDuty(
      publication: publication, engine: store, documents: store, configuration: configuration, time: time,
      logger: logger)
    await withTaskGroup(of: Void.self) { duties in
      duties.addTask { await maintenance.run() }
      if self.duties == .all { duties.addTask { await periodic.run() } }
      duties.addTask { await term.keep() }
      duties.addTask { await term.end() }
      await duties.next()
      duties.cancelAll()
    }
    if !Task.isCancelled { logger.warning("leadership lost") }
  }
}

extension Scheduler: CustomStringConvertible {
  /// Its name in log lines of the lifecycle, which would else hold everything it is made of.
  public var description: String { "scheduler \(configuration.holder)" }
}
