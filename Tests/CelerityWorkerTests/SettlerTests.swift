import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Testing

@Suite("Storing the ends of tasks", .timeLimit(.minutes(1)))
struct SettlerTests {
  let bench = Bench()

  private func failSettling(_ times: Int, _ asked: Tally, _ error: EngineError = EngineError(.unavailable, "gone")) {
    bench.store.before { call throws(EngineError) in
      guard case .settle = call else { return }
      asked.add()
      if asked.count <= times { throw error }
    }
  }

  @Test("A result that can't be stored is tried again with growing pauses while its lease holds, and others run")
  func retried() async throws {
    let asked = Tally()
    failSettling(3, asked)
    let worker = try bench.worker([Scripted<Plain> { input, _ in input.n }])
    try await bench.submit("t1", n: 1)
    try await bench.run(worker) {
      for (count, pause) in [(1, 50), (2, 100), (3, 200)] {
        await asked.reach(count)
        #expect(worker.unsettled == 1)
        // The end is handed over before the slot is free.
        while worker.running > 0 { await Task.yield() }
        // A fetch, the heartbeat, the watchdog, the presence and the pause.
        await bench.pass(.milliseconds(pause), sleepers: 5)
      }
      let record = try await bench.ended("t1")
      #expect(record.result == .integer(1))
      #expect(record.attempts == 1)
    }
    #expect(asked.count == 4)
    #expect(worker.unsettled == 0)
  }

  @Test("Results that gather while the store is away go in one call")
  func gathered() async throws {
    let (asked, runs) = (Tally(), Tally())
    failSettling(1, asked)
    let worker = try bench.worker([
      Scripted<Plain> { input, _ in
        runs.add()
        return input.n
      }
    ])
    try await bench.submit("t1", n: 1)
    try await bench.run(worker) {
      await asked.reach(1)
      for n in 2...20 { try await bench.submit("t\(n)", n: n) }
      await runs.reach(20)
      await bench.pass(.milliseconds(50), sleepers: 5)
      for n in 1...20 { try await bench.ended("t\(n)") }
    }
    let sizes = bench.store.calls.compactMap { if case .settle(let some) = $0 { some.count } else { nil } }
    #expect(sizes.first == 1)
    #expect(sizes.dropFirst().reduce(0, +) == 20)
    #expect(sizes.count <= 3)
  }

  @Test("A result is given up when its lease is worth nothing; the task runs again and is committed once")
  func worthless() async throws {
    let (asked, runs) = (Tally(), Tally())
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        runs.add()
        return context.attempt
      }
    ])
    bench.store.before { call throws(EngineError) in
      switch call {
      case .settle:
        asked.add()
        throw EngineError(.unavailable, "gone")
      case .extend: throw EngineError(.unavailable, "gone")
      default: break
      }
    }
    try await bench.submit()
    try await bench.run(worker) {
      await asked.reach()
      // A fetch, the heartbeat, the watchdog, the presence and the pause.
      for _ in 1...60 { await bench.pass(.milliseconds(500), sleepers: 5) }
      #expect(worker.unsettled == 1)
      while worker.unsettled > 0 {
        bench.time.advance(by: .milliseconds(100))
        await Task.yield()
      }
      bench.store.before(nil)
      bench.time.advance(by: .seconds(1))
      let report = try await bench.maintain()
      #expect(report.reclaimed == 1)
      let record = try await bench.ended()
      #expect(record.result == .integer(2))
    }
    #expect(runs.count == 2)
  }

  @Test("A result that the store refuses for good becomes a failure that says so, and takes no other with it")
  func refused() async throws {
    let (asked, runs) = (Tally(), Tally())
    let worker = try bench.worker([
      Scripted<Plain> { input, context in
        if input.n == 2 { _ = try context.submitWithResult(Child.self, Child.Input(text: "no")) }
        runs.add()
        return input.n
      }
    ])
    bench.store.before { call throws(EngineError) in
      guard case .settle(let settlements) = call else { return }
      asked.add()
      if asked.count == 1 { throw EngineError(.unavailable, "gone") }
      if settlements.contains(where: { !$0.followUps.isEmpty }) { throw EngineError(.invalid, "no such queue") }
    }
    for n in 1...4 { try await bench.submit("t\(n)", n: n) }
    try await bench.run(worker) {
      await asked.reach(1)
      await runs.reach(4)
      await bench.pass(.milliseconds(50), sleepers: 5)
      for n in [1, 3, 4] {
        let record = try await bench.ended("t\(n)")
        #expect(record.result == .integer(Int64(n)))
      }
      let record = try await bench.ended("t2")
      #expect(record.failure?.type == "SettlementRefused")
      #expect(record.failure?.message.contains("no such queue") == true)
      #expect(record.attempts == 1)
    }
  }

  @Test("A store that refuses everything for good is not asked for ever")
  func hopeless() async throws {
    let asked = Tally()
    failSettling(.max, asked, EngineError(.invalid, "no"))
    let worker = try bench.worker([Scripted<Plain> { input, _ in input.n }])
    try await bench.submit()
    try await bench.run(worker) { await asked.reach(2) }
    #expect(asked.count == 2)  // the result, and what stands for it
    #expect(worker.unsettled == 0)
  }

  @Test("A closed store ends it at once")
  func closed() async throws {
    let asked = Tally()
    failSettling(.max, asked, EngineError(.closed, "closed"))
    let worker = try bench.worker([Scripted<Plain> { input, _ in input.n }])
    try await bench.submit()
    try await bench.run(worker) { await asked.reach(1) }
    #expect(asked.count == 1)
  }
}
