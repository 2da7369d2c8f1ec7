public import CelerityCore
public import CelerityTasks
public import Logging
public import ServiceLifecycle
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Fetches tasks, runs them, settles their ends: a loop of fetch → execute → settle with as many at once as it has slots.
///
/// Who waits for whom: the fetcher for room and for work; claimed tasks for a free slot; a slot for the code; nobody for the settler, which
/// works behind the slots; the drain for slots, then for the settler.
public final class Worker: Service {
  struct State {
    var isDraining = false
    /// Fetches nothing until resumed.
    var isQuiet = false
    var mustStopNow = false
    var fetch: Task<[Delivery], any Error>?
    var processed = 0
    /// What it takes tasks from now.
    var queues: [String]
    var overrides = Overrides()
  }

  let configuration: WorkerConfiguration
  let registry: TaskRegistry
  /// What running tasks are lent.
  let resources: ServiceResources
  let store: any WorkerStore
  let ids: any IDSource
  let time: any TimeSource
  let logger: Logger
  let telemetry: any WorkerTelemetry
  let slots: Slots
  let line: WaitingLine
  let threads: WorkerThreads
  let reports: ReportBuffer
  let settler: Settler
  let leases = LeaseTable()
  let keeper: LeaseKeeper
  let watchdog: Watchdog
  let state: Mutex<State>
  /// Wakes the loop that fetches, then drains.
  let bell = Bell()
  let presence: Presence
  let incarnation: String
  /// What ends the process as a signal would.
  let onStop: (@Sendable () -> Void)?
  let startedAt: Timestamp

  /// A worker on a store with the tasks it knows. An order to stop calls `onStop`, which ends the process as a signal to
  /// stop would; without it the worker drains and `run` returns.
  public init(
    _ configuration: WorkerConfiguration, registry: TaskRegistry, store: any WorkerStore,
    ids: any IDSource = UUIDv7(), time: any TimeSource = SystemTime(), logger: Logger,
    telemetry: any WorkerTelemetry = NoTelemetry(), resources: ServiceResources = .none,
    onStop: (@Sendable () -> Void)? = nil
  ) {
    self.resources = resources
    self.telemetry = telemetry
    self.onStop = onStop
    self.configuration = configuration
    self.registry = registry
    self.store = store
    self.ids = ids
    self.time = time
    self.logger = logger
    state = Mutex(State(queues: configuration.queues))
    incarnation = ids.next()
    startedAt = time.now
    slots = Slots(configuration.concurrency)
    line = WaitingLine(ClaimAhead(horizon: configuration.claimAhead))
    threads = WorkerThreads(count: configuration.concurrency)
    reports = ReportBuffer(store: store, time: time, logger: logger)
    settler = Settler(
      engine: store, leases: leases, reports: reports, room: bell, time: time, logger: logger, telemetry: telemetry)
    watchdog = Watchdog(leases: leases, time: time)
    keeper = LeaseKeeper(
      engine: store, leases: leases, watchdog: watchdog, lease: configuration.lease,
      heartbeat: configuration.heartbeat, time: time, logger: logger)
    presence = Presence(store: store, every: configuration.announceEvery, time: time, logger: logger)
  }

  /// Tasks that run now.
  public var running: Int { slots.taken }

  /// Ends of tasks that are not stored yet: more than a moment's worth means that the store does not take them.
  public var unsettled: Int { settler.backlog }

  /// Works until told to stop, then drains: fetches nothing more, lets running tasks finish within the grace, hands back
  /// the rest without burning an attempt, and returns when everything is settled. Cancelling it is `stopNow`.
  public func run() async throws {
    await withGracefulShutdownHandler {
      await withTaskCancellationHandler {
        await withoutCancellation { await self.work() }
      } onCancel: {
        self.stopNow()
      }
    } onGracefulShutdown: {
      self.drain()
    }
  }

  /// Stops fetching for good; running tasks go on, and `run` returns when they have ended.
  public func drain() {
    let fetch = state.withLock { state in
      state.isDraining = true
      return state.fetch
    }
    fetch?.cancel()
    bell.ring()
    presence.say()
  }

  /// Ends the grace: running tasks are told to stop and handed back, and what the store does not take then is given up.
  public func stopNow() {
    state.withLock { $0.mustStopNow = true }
    settler.hurry(by: time.uptime + configuration.cancelGrace * 2)
    drain()
  }

  var isDraining: Bool { state.withLock { $0.isDraining } }

  /// The loop and what serves it. The services are ended by name when nobody needs them any more, not by cancellation.
  private func work() async {
    let settling = Task { await settler.run() }
    let beating = Task { await keeper.run() }
    let watching = Task { await watchdog.run { abandon($0) } }
    let reporting = Task { await reports.run() }
    let announcing = Task { await presence.run { info } }
    let obeying = Task { await obeyOrders() }
    let lining = Task { await keepLineMoving() }
    await fetchLoop()
    handBack(line.takeAll(), .shutdown)
    await finishRunning()
    // Leases are extended meanwhile: without a bound, a store that takes nothing else would hold this up for ever.
    settler.close(by: time.uptime + configuration.lease)
    await settling.value
    watchdog.close()
    for task in [beating, reporting, announcing, obeying, lining] { task.cancel() }
    for task in [beating, watching, reporting, announcing, obeying, lining] { await task.value }
    await reports.flush()
    threads.stop()
    try? await store.withdraw(configuration.name)
  }

  private var info: WorkerInfo {
    let (isDraining, processed, queues) = state.withLock { ($0.isDraining || $0.isQuiet, $0.processed, $0.queues) }
    return WorkerInfo(
      name: configuration.name, incarnation: incarnation, hostname: configuration.hostname, pid: Int(getpid()),
      version: configuration.version, queues: queues, concurrency: slots.count,
      running: slots.taken, tasks: registry.names, processed: processed, startedAt: startedAt.microseconds,
      isDraining: isDraining)
  }
}
