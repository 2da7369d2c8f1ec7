import CelerityCore
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Testing

@Suite("A worker's presence", .timeLimit(.minutes(1)))
struct PresenceTests {
  let bench = Bench()

  private var announced: [WorkerInfo] {
    bench.store.calls.compactMap { if case .announce(let info) = $0 { info } else { nil } }
  }

  @Test("A worker says who it is and what it can run, and that it has gone")
  func announces() async throws {
    let said = Tally()
    bench.store.before { call throws(EngineError) in if case .announce = call { said.add() } }
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }, Child()], name: "celery@here") {
      $0.queues = ["a", "b"]
      $0.concurrency = 3
    }
    try await bench.run(worker) {
      await bench.time.waitForSleepers(2)
      let info = try #require(try await bench.memory.workers().first)
      #expect(info.name == "celery@here")
      #expect(info.tasks == ["child", "scripted"])
      #expect(info.queues == ["a", "b"])
      #expect(info.concurrency == 3)
      #expect(info.startedAt == bench.time.now.microseconds)
      #expect(!info.isDraining)
    }
    let workers = try await bench.memory.workers()
    #expect(workers.isEmpty)
  }

  @Test("It says so again every ten seconds, with what it does now, and at once when it drains")
  func again() async throws {
    let (started, gate, said) = (Tally(), Gate(), Tally())
    bench.store.before { call throws(EngineError) in if case .announce = call { said.add() } }
    let worker = try bench.worker([
      Scripted<Plain> { _, _ in
        started.add()
        try await gate.wait()
        return 0
      }
    ])
    try await bench.run(worker) {
      await said.reach(1)
      try await bench.submit()
      await started.reach()
      await bench.pass(.seconds(10), sleepers: 3)
      await said.reach(2)
      worker.drain()
      await said.reach(3)
      gate.open()
    }
    #expect(announced.prefix(3).map(\.running) == [0, 1, 1])
    #expect(announced.prefix(3).map(\.isDraining) == [false, false, true])
    #expect(Set(announced.map(\.incarnation)).count == 1)
  }

  @Test("While it is busy it says so at most once a second, and what it says last is true")
  func busy() async throws {
    let said = Tally()
    bench.store.before { call throws(EngineError) in if case .announce = call { said.add() } }
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }]) { $0.concurrency = 4 }
    try await bench.run(worker) {
      await said.reach()
      for round in 1...5 {
        for n in 0..<100 { try await bench.submit("\(round)-\(n)") }
        for n in 0..<100 { try await bench.ended("\(round)-\(n)") }
        while worker.running > 0 { await Task.yield() }
        bench.time.advance(by: .milliseconds(999))
        for _ in 0..<100 { await Task.yield() }
        #expect(said.count <= round)
        await bench.pass(.milliseconds(1), sleepers: 2)
        await said.reach(round + 1)
        // What is being said is in the store a moment later.
        while try await bench.memory.workers().first?.processed != round * 100 { await Task.yield() }
        let info = try #require(try await bench.memory.workers().first)
        #expect(info.running == 0)
      }
    }
  }

  @Test("After a quiet time the start of a task is said at once")
  func startsAtOnce() async throws {
    let (started, gate, said) = (Tally(), Gate(), Tally())
    bench.store.before { call throws(EngineError) in if case .announce = call { said.add() } }
    let worker = try bench.worker([
      Scripted<Plain> { _, _ in
        started.add()
        try await gate.wait()
        return 0
      }
    ])
    try await bench.run(worker) {
      await said.reach()
      await bench.pass(.seconds(2), sleepers: 2)
      try await bench.submit()
      await said.reach(2)
      #expect(announced.last?.running == 1)
      gate.open()
    }
  }

  @Test("Work goes on when nobody can be told of it")
  func untold() async throws {
    bench.store.before { call throws(EngineError) in
      switch call {
      case .announce, .withdraw: throw EngineError(.unavailable, "gone")
      default: break
      }
    }
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    try await bench.submit()
    try await bench.run(worker) {
      let record = try await bench.ended()
      #expect(record.state == .success)
    }
  }
}
