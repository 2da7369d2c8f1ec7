import CelerityCore
import CelerityTasks
import Logging
import Synchronization

extension Worker {
  private static let firstPause = Duration.milliseconds(100)
  private static let longestPause = Duration.seconds(5)

  /// Fetches and starts tasks until the drain.
  func fetchLoop() async {
    let admission = Admission(store: store)
    var pause = Self.firstPause
    var isBusy = false
    while let free = await room() {
      do {
        let deliveries = try await fetch(free, isBusy: isBusy)
        pause = Self.firstPause
        isBusy = deliveries.count == free
        if !deliveries.isEmpty { await begin(deliveries, admission) }
      } catch {
        if isDraining { return }
        logger.error("could not fetch tasks", metadata: ["error": "\(error)"])
        await rest(pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
  }

  /// Waits for free slots, and to be resumed, and says how many are free; `nil` once draining.
  private func room() async -> Int? {
    while !isDraining {
      let free = slots.free
      if free > 0, settler.hasRoom, state.withLock({ !$0.isQuiet && !$0.queues.isEmpty }) { return free }
      await bell.wait()
    }
    return nil
  }

  private func rest(_ pause: Duration) async {
    let end = time.uptime + pause
    while time.uptime < end, !isDraining { await bell.wait(until: end, on: time) }
  }

  private func fetch(_ limit: Int, isBusy: Bool) async throws -> [Delivery] {
    var request = FetchRequest(
      queues: state.withLock { $0.queues }, limit: limit, worker: configuration.name, lease: configuration.lease)
    if isBusy {
      // While every fetch finds enough, none has to wait, and what can't wait needs no task of its own.
      let deliveries = try await store.fetch(request)
      if !deliveries.isEmpty { return deliveries }
    }
    request.wait = configuration.fetchWait
    let fetch = Task { [store, request] in try await store.fetch(request) }
    let mayFetch = state.withLock { state in
      state.fetch = fetch
      return !state.isDraining && !state.isQuiet && state.queues == request.queues
    }
    if !mayFetch || slots.free < limit { fetch.cancel() }
    defer { state.withLock { $0.fetch = nil } }
    return try await fetch.value
  }

  private func begin(_ deliveries: [Delivery], _ admission: Admission) async {
    let deadlines = AttemptDeadlines(lease: time.uptime + configuration.lease, cancelGrace: configuration.cancelGrace)
    let overrides = state.withLock { $0.overrides }
    let executions = deliveries.map { delivery in
      let kind = registry.runnable(delivery.message.task)
      return Execution(
        delivery, kind: kind, options: kind.map { overrides.options(of: $0, worker: configuration.name) },
        deadlines: deadlines, store: store, reports: reports, time: time, logger: logger)
    }
    threads.adjust(by: slots.take(executions.count))
    presence.note()
    for execution in executions { telemetry.observe(.received, of: execution.delivery) }
    leases.add(executions)
    keeper.wake()
    watchdog.watch(deadlines.next)
    for (execution, verdict) in zip(executions, await admission.verdicts(on: executions)) {
      switch verdict {
      case .run(let kind): start(execution, kind)
      case .settle(let outcome): end(execution) { _ in outcome }
      }
    }
  }
}
