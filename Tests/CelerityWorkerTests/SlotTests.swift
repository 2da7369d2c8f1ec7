import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Testing

@Suite("Slots", .timeLimit(.minutes(1)))
struct SlotTests {
  let bench = Bench()

  @Test("S1.41: never more tasks run than there are slots, and never more are fetched than are free")
  func limits() async throws {
    let (started, gate) = (Tally(), Gate())
    let worker = try bench.worker([
      Scripted<Plain> { _, _ in
        started.add()
        try await gate.wait()
        return 0
      }
    ]) { $0.concurrency = 3 }
    let excess = Tally()
    bench.store.before { call throws(EngineError) in
      if case .fetch(let request) = call, request.limit < 1 || request.limit > 3 - worker.running { excess.add() }
    }
    for n in 1...20 { try await bench.submit("t\(n)") }
    try await bench.run(worker) {
      await started.reach(3)
      #expect(worker.running == 3)
      let queues = try await bench.memory.queues(of: nil)
      #expect(queues.first?.leased == 3)
      #expect(queues.first?.ready == 17)
      gate.open()
      for n in 1...20 { try await bench.ended("t\(n)") }
    }
    #expect(excess.count == 0)
    #expect(started.count == 20)
  }

  @Test("A thousand tasks run through eight slots, each exactly once")
  func thousand() async throws {
    let runs = Noted([Int](repeating: 0, count: 1000))
    let (running, most) = (Noted(0), Noted(0))
    let worker = try bench.worker([
      Scripted<Plain> { input, _ in
        running.change { $0 += 1 }
        most.change { [now = running.value] in $0 = max($0, now) }
        runs.change { $0[input.n] += 1 }
        await Task.yield()
        running.change { $0 -= 1 }
        return input.n
      }
    ]) { $0.concurrency = 8 }
    for n in 0..<1000 { try await bench.submit("t\(n)", n: n) }
    try await bench.run(worker) {
      for n in 0..<1000 {
        let record = try await bench.ended("t\(n)")
        #expect(record.state == .success)
        #expect(record.result == .integer(Int64(n)))
        #expect(record.attempts == 1)
      }
    }
    #expect(runs.value.allSatisfy { $0 == 1 })
    #expect(most.value <= 8)
  }

  @Test("When results can't be stored, fetching stops before they are too many")
  func backPressure() async throws {
    let (runs, stored) = (Tally(), Gate())
    let worker = try bench.worker([
      Scripted<Plain> { _, _ in
        runs.add()
        return 0
      }
    ]) { $0.concurrency = 8 }
    let most = Noted(0)
    bench.store.before { call throws(EngineError) in
      switch call {
      case .settle: try? await stored.wait()
      case .fetch: most.change { $0 = max($0, worker.unsettled) }
      default: break
      }
    }
    for n in 0..<1500 { try await bench.submit("t\(n)") }
    try await bench.run(worker) {
      await runs.reach(1000)
      for _ in 0..<1000 { await Task.yield() }
      #expect(runs.count < 1008)
      #expect((1000..<1008).contains(worker.unsettled))
      stored.open()
      for n in 0..<1500 { try await bench.ended("t\(n)") }
    }
    #expect(most.value < 1008)  // those that ran when there was room still may end
    #expect(worker.unsettled == 0)
  }

  @Test("Revocations and permits of fetched tasks are asked for together")
  func togetherAsked() async throws {
    let worker = try bench.worker([Scripted<ThreePerMinute> { _, _ in 0 }]) { $0.concurrency = 3 }
    for n in 1...3 { try await bench.submit("t\(n)") }
    try await bench.run(worker) {
      for n in 1...3 { try await bench.ended("t\(n)") }
    }
    let asked = bench.store.calls.compactMap { call in
      switch call {
      case .revoked(let candidates): candidates.count
      case .acquire(let requests): requests.count
      default: Int?.none
      }
    }
    #expect(asked == [3, 3])
  }
}
