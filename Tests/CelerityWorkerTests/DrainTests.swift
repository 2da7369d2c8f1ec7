import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import CelerityWorker
import ServiceLifecycleTestKit
import Testing

/// While one task runs in the only slot and the worker drains, four sleep: the heartbeat, the watchdog, the presence and
/// the grace.
private let draining = 4

@Suite("Stopping a worker", .timeLimit(.minutes(1)))
struct DrainTests {
  let bench = Bench()

  /// A worker whose code waits for a gate; what it was told is noted.
  private func waiting(
    _ started: Tally, _ gate: Gate, _ reason: Noted<StopReason?> = Noted(nil), name: String = "w1"
  ) throws -> Worker {
    let task = Scripted<Plain> { _, context in
      started.add()
      defer { reason.change { $0 = context.stopReason } }
      try await gate.wait()
      return context.attempt
    }
    return try bench.worker([task], name: name) { $0.grace = .seconds(45) }
  }

  /// Starts a worker with one task running; answers the end of its run.
  private func start(_ worker: Worker, _ started: Tally) async throws -> Task<Void, any Error> {
    try await bench.submit()
    let running = Task { try await worker.run() }
    await started.reach()
    return running
  }

  @Test("A task that ends within the grace keeps its result; nothing more is fetched")
  func withinGrace() async throws {
    let (started, gate) = (Tally(), Gate())
    let worker = try waiting(started, gate)
    let running = try await start(worker, started)
    worker.drain()
    try await bench.submit("t2")
    await bench.pass(.seconds(20), sleepers: draining)
    gate.open()
    try await running.value
    let records = (try await bench.record("t1"), try await bench.record("t2"))
    #expect(records.0?.state == .success)
    #expect(records.1?.state == .pending)
    #expect(started.count == 1)
  }

  @Test("Heartbeats go on during the drain")
  func heartbeats() async throws {
    let (started, gate) = (Tally(), Gate())
    let worker = try waiting(started, gate)
    let running = try await start(worker, started)
    worker.drain()
    for _ in 1...40 { await bench.pass(.seconds(1), sleepers: draining) }
    await bench.time.waitForSleepers(draining)
    let report = try await bench.maintain()
    #expect(report.reclaimed == 0)
    gate.open()
    try await running.value
    let record = try await bench.record()
    #expect(record?.state == .success)
  }

  @Test("After the grace a task is handed back as if it had not begun, and another worker runs it")
  func graceOver() async throws {
    let (started, reason) = (Tally(), Noted<StopReason?>(nil))
    let worker = try waiting(started, Gate(), reason)
    let running = try await start(worker, started)
    worker.drain()
    for _ in 1...45 { await bench.pass(.seconds(1), sleepers: draining) }
    try await running.value
    #expect(reason.value == .shutdown)
    let record = try await bench.record()
    #expect(record?.state == .pending)
    #expect(record?.phase == .ready)
    #expect(record?.attempts == 0)
    #expect(record?.crashes == 0)
    #expect(record?.history.map(\.cause) == ["released"])
    #expect(record?.history.first?.detail == "shutdown")

    let gate = Gate()
    gate.open()
    try await bench.run(try waiting(Tally(), gate, name: "w2")) {
      let record = try await bench.ended()
      #expect(record.state == .success)
      #expect(record.attempts == 1)
      #expect(record.worker == "w2")
    }
  }

  @Test("Code that does not listen is handed back over its head, and the worker ends")
  func deaf() async throws {
    let (started, told, wall, ended) = (Tally(), Tally(), Wall(), Tally())
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        started.add()
        while context.stopReason == nil {}
        told.add()
        wall.block()
        ended.add()
        return 0
      }
    ]) { $0.grace = .zero }
    let running = try await start(worker, started)
    worker.drain()
    await told.reach()
    // The heartbeat, the watchdog and the presence.
    for _ in 1...2 { await bench.pass(.seconds(1), sleepers: 3) }
    try await running.value
    let record = try await bench.record()
    #expect(record?.state == .pending)
    #expect(record?.attempts == 0)
    wall.open()
    await ended.reach()
  }

  @Test("stopNow ends the grace at once")
  func stopNow() async throws {
    let (started, reason) = (Tally(), Noted<StopReason?>(nil))
    let worker = try waiting(started, Gate(), reason)
    let running = try await start(worker, started)
    worker.drain()
    await bench.time.waitForSleepers(draining)
    worker.stopNow()
    try await running.value
    #expect(reason.value == .shutdown)
    let record = try await bench.record()
    #expect(record?.state == .pending)
  }

  @Test("Cancelling run is stopNow, and what runs is still handed back")
  func cancelled() async throws {
    let (started, reason) = (Tally(), Noted<StopReason?>(nil))
    let worker = try waiting(started, Gate(), reason)
    let running = try await start(worker, started)
    running.cancel()
    try await running.value
    #expect(reason.value == .shutdown)
    let record = try await bench.record()
    #expect(record?.phase == .ready)
    let workers = try await bench.memory.workers()
    #expect(workers.isEmpty)
  }

  @Test("A graceful shutdown drains")
  func gracefulShutdown() async throws {
    let (started, gate) = (Tally(), Gate())
    let worker = try waiting(started, gate)
    try await bench.submit()
    try await testGracefulShutdown { trigger in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await worker.run() }
        await started.reach()
        trigger.triggerGracefulShutdown()
        await bench.time.waitForSleepers(draining)
        gate.open()
        try await group.waitForAll()
      }
    }
    let record = try await bench.record()
    #expect(record?.state == .success)
  }

  @Test("An idle worker ends at once, and one that was drained before it ran does not begin")
  func idle() async throws {
    let runs = Tally()
    let worker = try bench.worker([
      Scripted<Plain> { _, _ in
        runs.add()
        return 0
      }
    ])
    try await bench.run(worker) { await bench.time.waitForSleepers(2) }
    let other = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    other.drain()
    try await bench.submit()
    try await other.run()
    #expect(runs.count == 0)
    let record = try await bench.record()
    #expect(record?.state == .pending)
  }

  @Test("Tasks that a fetch brings while the drain begins are finished, not lost")
  func fetchedMeanwhile() async throws {
    let (fetched, gate) = (Tally(), Gate())
    let worker = try bench.worker([Scripted<Plain> { _, _ in 7 }])
    bench.store.bringLate()
    bench.store.before { call throws(EngineError) in
      guard case .fetch = call else { return }
      fetched.add()
      _ = try? await gate.wait()  // let go by the drain's cancellation
    }
    try await bench.submit()
    let running = Task { try await worker.run() }
    await fetched.reach()
    worker.drain()
    try await running.value
    let record = try await bench.record()
    #expect(record?.result == .integer(7))
  }

  @Test("A store that takes no results holds up the end for one lease at most")
  func noSettling() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 7 }])
    let asked = Tally()
    bench.store.before { call throws(EngineError) in
      guard case .settle = call else { return }
      asked.add()
      throw EngineError(.unavailable, "gone")
    }
    try await bench.submit()
    let ended = Tally()
    let running = Task {
      try await worker.run()
      ended.add()
    }
    await asked.reach()
    worker.drain()
    // The heartbeat, which keeps the lease, the watchdog, the presence and the pause between attempts to store.
    for _ in 1...29 { await bench.pass(.seconds(1), sleepers: 4) }
    #expect(ended.count == 0)
    #expect(worker.unsettled == 1)
    while ended.count == 0 {
      bench.time.advance(by: .milliseconds(100))
      await Task.yield()
    }
    try await running.value
    let record = try await bench.record()
    #expect(record?.state == .started)
    bench.time.advance(by: .seconds(31))
    let report = try await bench.maintain()
    #expect(report.reclaimed == 1)
  }

  @Test("After stopNow what the store does not take is given up in four seconds")
  func noSettlingNow() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 7 }])
    let asked = Tally()
    bench.store.before { call throws(EngineError) in
      guard case .settle = call else { return }
      asked.add()
      throw EngineError(.unavailable, "gone")
    }
    try await bench.submit()
    let running = Task { try await worker.run() }
    await asked.reach()
    worker.stopNow()
    // The heartbeat, the watchdog, the presence and the pause.
    for _ in 1...4 { await bench.pass(.seconds(1), sleepers: 4) }
    try await running.value
    let record = try await bench.record()
    #expect(record?.state == .started)
  }
}
