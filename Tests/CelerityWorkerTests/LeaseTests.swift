import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Testing

/// While one task runs in the only slot, three sleep: the heartbeat, the watchdog and the presence.
private let busy = 3

@Suite("Leases", .timeLimit(.minutes(1)))
struct LeaseTests {
  let bench = Bench()

  /// A worker whose code waits until it may go on, or until it is told to stop.
  private func waiting(
    _ started: Tally, _ gate: Gate, _ reason: Noted<StopReason?> = Noted(nil)
  ) throws -> Worker {
    try bench.worker([
      Scripted<Plain> { _, context in
        started.add()
        defer { reason.change { $0 = context.stopReason } }
        try await gate.wait()
        return context.attempt
      }
    ])
  }

  @Test("A task that runs ten leases long keeps its lease")
  func longTask() async throws {
    let (started, gate) = (Tally(), Gate())
    let worker = try waiting(started, gate)
    try await bench.submit()
    try await bench.run(worker) {
      await started.reach()
      for beat in 1...300 {
        await bench.pass(.seconds(1), sleepers: busy)
        guard beat.isMultiple(of: 29) else { continue }
        await bench.time.waitForSleepers(busy)
        let report = try await bench.maintain()
        #expect(report.reclaimed == 0)
      }
      gate.open()
      let record = try await bench.ended()
      #expect(record.state == .success)
      #expect(record.attempts == 1)
    }
    let beats = bench.store.calls.count { if case .extend = $0 { true } else { false } }
    #expect((299...301).contains(beats))
  }

  @Test("A cancelled task is told within a heartbeat and ends as REVOKED")
  func cancelled() async throws {
    let (started, reason) = (Tally(), Noted<StopReason?>(nil))
    let worker = try waiting(started, Gate(), reason)
    try await bench.submit()
    try await bench.run(worker) {
      await started.reach()
      let result = try await bench.memory.cancel([CancelRequest(TaskKey(TaskID(stored: "t1")))])
      #expect(result == [.requested])
      await bench.pass(.seconds(1), sleepers: busy)
      let record = try await bench.ended()
      #expect(record.state == .revoked)
      #expect(record.reason == "terminated")
    }
    #expect(reason.value == .cancelled)
  }

  @Test("A task that does not listen to its cancellation is REVOKED after the grace, and its slot is free")
  func deafToCancellation() async throws {
    let (started, wall) = (Tally(), Wall())
    let worker = try bench.worker([
      Scripted<Plain> { input, _ in
        started.add()
        if input.n == 1 { wall.block() }
        return input.n
      }
    ])
    try await bench.submit("t1", n: 1)
    try await bench.run(worker) {
      await started.reach()
      _ = try await bench.memory.cancel([CancelRequest(TaskKey(TaskID(stored: "t1")))])
      try await bench.submit("t2", n: 2)
      for _ in 1...3 { await bench.pass(.seconds(1), sleepers: busy) }
      let record = try await bench.ended("t1")
      #expect(record.state == .revoked)
      let other = try await bench.ended("t2")
      #expect(other.result == .integer(2))
      wall.open()
    }
  }

  @Test("A task that its code finished before it heard of the cancellation keeps its result")
  func tooLateToCancel() async throws {
    let (started, gate) = (Tally(), Gate())
    let worker = try waiting(started, gate)
    try await bench.submit()
    try await bench.run(worker) {
      await started.reach()
      _ = try await bench.memory.cancel([CancelRequest(TaskKey(TaskID(stored: "t1")))])
      gate.open()
      let record = try await bench.ended()
      #expect(record.state == .success)
    }
  }

  @Test("Code whose lease was given away is told, and nothing of it is committed")
  func lost() async throws {
    let (started, reason) = (Tally(), Noted<StopReason?>(nil))
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        started.add()
        guard context.attempt == 1 else { return context.attempt }
        try? await Gate().wait()
        reason.change { $0 = context.stopReason }
        return context.attempt  // it ends with a value all the same
      }
    ])
    try await bench.submit()
    try await bench.run(worker) {
      await started.reach()
      bench.memory.restart()
      await bench.pass(.seconds(1), sleepers: busy)
      let record = try await bench.ended()
      #expect(record.result == .integer(2))
      #expect(record.crashes == 1)
    }
    #expect(reason.value == .leaseLost)
    let counters = try await bench.memory.counters()
    #expect(counters.staleSettlements == 0)
  }

  @Test("A result that comes after its lease was given away is refused, and the next attempt's stands")
  func stale() async throws {
    let (started, gate) = (Tally(), Gate())
    let worker = try waiting(started, gate)
    try await bench.submit()
    try await bench.run(worker) {
      await started.reach()
      bench.memory.restart()
      gate.open()
      let record = try await bench.ended()
      #expect(record.result == .integer(2))
    }
    let counters = try await bench.memory.counters()
    #expect(counters.staleSettlements == 1)
  }

  @Test("Heartbeats that fail longer than the lease end the attempt: nobody knows who runs it")
  func failingHeartbeats() async throws {
    let (started, reason, fetches) = (Tally(), Noted<StopReason?>(nil), Tally())
    let worker = try waiting(started, Gate(), reason)
    bench.store.before { call throws(EngineError) in
      if case .extend = call { throw EngineError(.unavailable, "gone") }
      if case .fetch = call { fetches.add() }
    }
    try await bench.submit()
    try await bench.run(worker) {
      await started.reach()
      for _ in 1...29 { await bench.pass(.seconds(1), sleepers: busy) }
      await bench.time.waitForSleepers(busy)
      #expect(worker.running == 1)
      bench.time.advance(by: .seconds(1))
      await fetches.reach(2)  // the slot is free
      #expect(worker.running == 0)
      #expect(reason.value == .leaseLost)
      let record = try await bench.record()
      #expect(record?.state == .started)
    }
    let settled = bench.store.calls.contains { if case .settle = $0 { true } else { false } }
    #expect(!settled)
  }

  @Test("A heartbeat that gets no answer at all does not keep an attempt beyond its lease")
  func hangingHeartbeat() async throws {
    let (started, reason, answer, fetches) = (Tally(), Noted<StopReason?>(nil), Gate(), Tally())
    let worker = try waiting(started, Gate(), reason)
    bench.store.before { call throws(EngineError) in
      if case .extend = call { try? await answer.wait() }
      if case .fetch = call { fetches.add() }
    }
    try await bench.submit()
    try await bench.run(worker) {
      await started.reach()
      await bench.pass(.seconds(1), sleepers: busy)
      await bench.pass(.seconds(29), sleepers: busy - 1)
      await fetches.reach(2)  // the slot is free
      #expect(reason.value == .leaseLost)
      answer.open()
    }
  }

  @Test("An idle worker sends no heartbeats")
  func idle() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    try await bench.submit()
    try await bench.run(worker) {
      try await bench.ended()
      // The store has the end before the worker has the store's answer.
      while worker.unsettled > 0 { await Task.yield() }
      // The fetch and the presence; the watchdog goes on to the end of a lease, the heartbeat may have begun.
      await bench.pass(.seconds(60), sleepers: 2)
      await bench.pass(.seconds(60), sleepers: 2)
      await bench.time.waitForSleepers(2)
      #expect(bench.time.sleepers == 2)
    }
    let beats = bench.store.calls.contains { if case .extend = $0 { true } else { false } }
    #expect(!beats)
  }
}
