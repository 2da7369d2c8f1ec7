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
    while let (room, slots) = await room() {
      do {
        let deliveries = try await fetch(room, slots: slots, isBusy: isBusy)
        pause = Self.firstPause
        isBusy = deliveries.count == room
        if !deliveries.isEmpty { await begin(deliveries, admission) }
      } catch {
        if isDraining { return }
        logger.error("could not fetch tasks", metadata: ["error": "\(error)"])
        await rest(pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
  }

  /// Waits for room, and to be resumed, and says for how many tasks there is room, and how many slots there are; `nil` once
  /// draining.
  private func room() async -> (Int, slots: Int)? {
    while !isDraining {
      let count = slots.count
      let room = line.room(slots: count, free: slots.free)
      if room > 0, settler.hasRoom, state.withLock({ !$0.isQuiet && !$0.queues.isEmpty }) { return (room, count) }
      await bell.wait()
    }
    return nil
  }

  private func rest(_ pause: Duration) async {
    let end = time.uptime + pause
    while time.uptime < end, !isDraining { await bell.wait(until: end, on: time) }
  }

  private func fetch(_ limit: Int, slots count: Int, isBusy: Bool) async throws -> [Delivery] {
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
    if !mayFetch || slots.count < count { fetch.cancel() }
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
    presence.note()
    for execution in executions { telemetry.observe(.received, of: execution.delivery) }
    leases.add(executions)
    keeper.wake()
    watchdog.watch(deadlines.next)
    let verdicts = await admission.verdicts(on: executions)
    let now = time.uptime
    for (execution, verdict) in zip(executions, verdicts) {
      switch verdict {
      case .run(let kind): line.append(execution, kind, at: now)
      case .settle(let outcome): end(execution) { _ in outcome }
      }
    }
    startWaiting()
  }

  /// How many horizons a claimed task waits before it is handed back.
  private static let patience = 5

  /// Hands back what waits longer than it should have, until cancelled: another worker may have a free slot.
  func keepLineMoving() async {
    let patience = configuration.claimAhead * Self.patience
    while !Task.isCancelled {
      // Nobody is late who was not claimed ahead.
      let end = patience > .zero ? line.oldest.map { $0 + patience } : nil
      if let end, time.uptime >= end {
        let places = line.takeAll(isLate: true)
        // A question that still waits for more would take them again.
        state.withLock { $0.fetch }?.cancel()
        handBack(places, .waited)
      } else {
        await line.bell.wait(until: end, on: time)
      }
    }
  }

  /// Gives up tasks that have not begun.
  func handBack(_ places: [WaitingLine.Place], _ reason: ReleaseReason) {
    for place in places { end(place.execution) { _ in .released(after: .zero, reason: reason) } }
  }
}
