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
