public import CelerityCore
public import CelerityRoutes
public import Logging
public import ServiceLifecycle

/// Does what must be done once, whoever else runs: becomes leader, and while it is, maintains the store and fires
/// schedules. A standby waits for the leader's lease to lapse.
public struct Scheduler: Service {
  private let configuration: SchedulerConfiguration
  private let store: any SchedulerStore
  private let entries: [ScheduleEntry]
  private let ids: any IDSource
  private let time: any TimeSource
  private let logger: Logger

  /// A scheduler on a store with the entries of services.
  public init(
    _ configuration: SchedulerConfiguration, store: any SchedulerStore, entries: [ScheduleEntry] = [],
    ids: any IDSource = UUIDv7(), time: any TimeSource = SystemTime(), logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.entries = entries
    self.ids = ids
    self.time = time
    self.logger = logger
  }

  /// Leads or stands by until told to stop; then steps down, so that another takes over at once.
  public func run() async throws {
    let holder = configuration.holder + "/" + ids.next()
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        if await renew(holder) { await lead(holder) }
        try? await time.sleep(for: configuration.leadership / 3)
      }
    }
    try? await store.resign("scheduler", holder: holder)
  }

  /// Does the duties for as long as leadership is renewed in time.
  private func lead(_ holder: String) async {
    logger.info("leading: maintenance and schedules", metadata: ["entries": "\(entries.count)"])
    let maintenance = MaintenanceDuty(engine: store, configuration: configuration, time: time, logger: logger)
    let periodic = PeriodicDuty(
      entries: entries, engine: store, documents: store, configuration: configuration, time: time, logger: logger)
    await withTaskGroup(of: Void.self) { duties in
      duties.addTask { await maintenance.run() }
      if !entries.isEmpty { duties.addTask { await periodic.run() } }
      duties.addTask { await keepLeading(holder) }
      await duties.next()
      duties.cancelAll()
    }
  }

  /// Returns when leadership is lost.
  private func keepLeading(_ holder: String) async {
    while !Task.isCancelled {
      try? await time.sleep(for: configuration.leadership / 3)
      if Task.isCancelled { return }
      guard await renew(holder) else { return logger.warning("leadership lost") }
    }
  }

  private func renew(_ holder: String) async -> Bool {
    do {
      return try await store.lead("scheduler", holder: holder, for: configuration.leadership) != nil
    } catch {
      logger.warning("could not become leader", metadata: ["error": "\(error)"])
      return false
    }
  }
}
