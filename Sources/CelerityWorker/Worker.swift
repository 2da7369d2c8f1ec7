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
/// Who waits for whom: the fetcher for a free slot and for work; a slot for the code; nobody for the settler, which
/// works behind the slots; the drain for slots, then for the settler.
public final class Worker: Service {
  private struct State {
    var isDraining = false
    var mustStopNow = false
    var fetch: Task<[Delivery], any Error>?
    var processed = 0
  }

  private let configuration: WorkerConfiguration
  private let registry: TaskRegistry
  private let store: any WorkerStore
  private let time: any TimeSource
  private let logger: Logger
  private let incarnation: String
  private let startedAt: Timestamp
  private let slots: Slots
  private let threads: WorkerThreads
  private let reports: ReportBuffer
  private let settler: Settler
  private let keeper: LeaseKeeper
  private let runner: TaskRunner
  private let state = Mutex(State())
  private let stopBell = Bell()

  /// A worker on a store with the tasks it knows.
  public init(
    _ configuration: WorkerConfiguration, registry: TaskRegistry, store: any WorkerStore,
    ids: any IDSource = UUIDv7(), time: any TimeSource = SystemTime(), logger: Logger
  ) {
    self.configuration = configuration
    self.registry = registry
    self.store = store
    self.time = time
    self.logger = logger
    incarnation = ids.next()
    startedAt = time.now
    slots = Slots(configuration.concurrency)
    threads = WorkerThreads(count: configuration.concurrency)
    reports = ReportBuffer(store: store, time: time, logger: logger)
    settler = Settler(engine: store, time: time, logger: logger)
    keeper = LeaseKeeper(
      engine: store, lease: configuration.lease, heartbeat: configuration.heartbeat, time: time, logger: logger)
    runner = TaskRunner(
      registry: registry, store: store, threads: threads, reports: reports, keeper: keeper, time: time, ids: ids,
      worker: configuration.name, logger: logger)
  }

  /// Tasks that run now.
  public var running: Int { slots.taken }

  /// Works until told to stop, then drains: fetches nothing more, lets running tasks finish within the grace, hands back
  /// the rest without burning an attempt, and returns when everything is settled.
  public func run() async throws {
    await withGracefulShutdownHandler {
      await withTaskCancellationHandler {
        await work()
      } onCancel: {
        self.stopNow()
      }
    } onGracefulShutdown: {
      self.drain()
    }
  }

  /// Stops fetching; running tasks go on.
  public func drain() {
    let fetch = state.withLock { state in
      state.isDraining = true
      return state.fetch
    }
    fetch?.cancel()
    stopBell.ring()
  }

  /// Ends the grace: running tasks are told to stop and handed back.
  public func stopNow() {
    state.withLock { $0.mustStopNow = true }
    drain()
  }

  private var isDraining: Bool { state.withLock { $0.isDraining } }

  private func work() async {
    // Settling, heartbeats and reports outlive the tasks they serve, so they are ended by name, not by cancellation.
    let settling = Task { await settler.run() }
    let beating = Task { await keeper.run() }
    let reporting = Task { await reports.run() }
    let announcing = Task { await announce() }
    await withDiscardingTaskGroup { executions in
      await fetchLoop(&executions)
      await waitForExecutions()
    }
    settler.close()
    await settling.value
    for task in [beating, reporting, announcing] { task.cancel() }
    for task in [beating, reporting, announcing] { await task.value }
    threads.stop()
    try? await store.withdraw(configuration.name)
  }

  // MARK: Fetching

  private func fetchLoop(_ executions: inout DiscardingTaskGroup) async {
    var pause = Duration.milliseconds(100)
    while !isDraining {
      let free = await waitForSlots()
      if isDraining { break }
      do {
        let deliveries = try await fetch(free)
        pause = .milliseconds(100)
        for delivery in deliveries {
          slots.take()
          executions.addTask { await self.execute(delivery) }
        }
      } catch {
        logger.error("could not fetch tasks", metadata: ["error": "\(error)"])
        try? await time.sleep(for: pause)
        pause = min(pause * 2, .seconds(5))
      }
    }
  }

  /// Waits for a free slot, or for the drain.
  private func waitForSlots() async -> Int {
    await withTaskGroup(of: Int.self) { group in
      group.addTask { await self.slots.available() }
      if slots.taken == configuration.concurrency {
        group.addTask {
          await self.stopBell.wait()
          return 0
        }
      }
      let free = await group.next() ?? 0
      group.cancelAll()
      return free
    }
  }

  private func fetch(_ limit: Int) async throws -> [Delivery] {
    let request = FetchRequest(
      queues: configuration.queues, limit: limit, worker: configuration.name, lease: configuration.lease,
      wait: configuration.fetchWait)
    let fetch = Task { [store] in try await store.fetch(request) }
    let isDraining = state.withLock { state in
      state.fetch = fetch
      return state.isDraining
    }
    if isDraining { fetch.cancel() }
    return try await fetch.value
  }

  // MARK: Executing

  private func execute(_ delivery: Delivery) async {
    let started = time.uptime
    let settlement = await runner.run(delivery)
    slots.release()
    state.withLock { $0.processed += 1 }
    stopBell.ring()
    guard let settlement else {
      return logger.warning(
        "lost the lease of a task; its result is not committed",
        metadata: ["task": "\(delivery.message.task)", "id": "\(delivery.message.id)"])
    }
    log(delivery, settlement.outcome, took: time.uptime - started)
    let token = delivery.lease.token
    settler.settle(settlement, worthless: time.uptime + configuration.lease) { [keeper] _ in keeper.remove(token: token) }
  }

  private func log(_ delivery: Delivery, _ outcome: Outcome, took: Duration) {
    let metadata: Logger.Metadata = [
      "task": "\(delivery.message.task)", "id": "\(delivery.message.id)", "attempt": "\(delivery.attempt)",
      "seconds": "\(took.inSeconds)",
    ]
    switch outcome {
    case .success, .ignored: logger.debug("task succeeded", metadata: metadata)
    case .failure(let failure), .rejected(let failure):
      logger.warning("task failed", metadata: metadata.merging(["error": "\(failure.type): \(failure.message)"]) { $1 })
    case .retry(let delay, let failure):
      logger.info(
        "task will be retried",
        metadata: metadata.merging(["in_seconds": "\(delay.inSeconds)", "error": "\(failure.type): \(failure.message)"]) { $1 })
    case .revoked(let reason):
      logger.info("task revoked", metadata: metadata.merging(["reason": "\(reason)"]) { $1 })
    case .released(_, let reason):
      logger.info("task handed back", metadata: metadata.merging(["reason": "\(reason)"]) { $1 })
    }
  }

  // MARK: Stopping

  /// The drain: first the grace, then a word to each execution and a short while to hear it, then they are handed back
  /// over their heads.
  private func waitForExecutions() async {
    let graceEnd = time.uptime + configuration.grace
    await wait(until: graceEnd) { $0.mustStopNow }
    guard slots.taken > 0 else { return }
    let left = keeper.executions
    logger.notice("handing back running tasks", metadata: ["count": "\(left.count)"])
    for execution in left { execution.stop(.shutdown) }
    await wait(until: time.uptime + configuration.cancelGrace) { _ in false }
    for execution in keeper.executions { execution.abandon() }
  }

  /// Waits until nothing runs, the time is over or a condition ends it.
  private func wait(until deadline: Duration, or isOver: (State) -> Bool) async {
    while slots.taken > 0, time.uptime < deadline, !state.withLock({ isOver($0) }) {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await self.stopBell.wait() }
        group.addTask { try? await self.time.sleep(until: deadline) }
        await group.next()
        group.cancelAll()
      }
    }
  }

  // MARK: Presence

  private func announce() async {
    while !Task.isCancelled {
      let (isDraining, processed) = state.withLock { ($0.isDraining, $0.processed) }
      let info = WorkerInfo(
        name: configuration.name, incarnation: incarnation, hostname: configuration.hostname, pid: Int(getpid()),
        version: configuration.version, queues: configuration.queues, concurrency: configuration.concurrency,
        running: slots.taken, tasks: registry.names, processed: processed, startedAt: startedAt.microseconds,
        isDraining: isDraining)
      do {
        try await store.announce(info, for: configuration.announceEvery * 3)
      } catch {
        logger.warning("could not announce the worker", metadata: ["error": "\(error)"])
      }
      try? await time.sleep(for: configuration.announceEvery)
    }
  }
}
