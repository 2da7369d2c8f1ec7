import CelerityCore
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Testing

@Suite("A worker steered from within its process", .timeLimit(.minutes(1)))
struct DeskTests {
  let bench = Bench()

  /// Code that waits for a gate of its own, or for a word to stop.
  private func gated(_ gates: [Gate], _ started: Tally) -> Scripted<Plain> {
    Scripted<Plain> { input, _ in
      started.add()
      try await gates[input.n].wait()
      return input.n
    }
  }

  @Test("It says what it holds, since when, and what it knows")
  func report() async throws {
    let (gates, started) = ([Gate(), Gate()], Tally())
    let worker = try bench.worker([gated(gates, started)]) { $0.concurrency = 2 }
    try await bench.submit("t1", n: 0)
    try await bench.run(worker) {
      await started.reach()
      let report = worker.report()
      #expect(report.name == "w1")
      #expect(report.queues == ["default"])
      #expect(report.kinds.map(\.name).filter { !$0.hasPrefix("celery.") } == ["scripted"])
      #expect(report.kinds.contains { $0.name == "celery.chord_unlock" })
      #expect(report.held.map(\.message.id.text) == ["t1"])
      #expect(report.held.first?.started != nil)
      #expect(report.load == WorkerLoad(running: 1, processed: 0))
      gates[0].open()
      try await bench.ended("t1")
    }
    #expect(worker.report().held.isEmpty)
    #expect(worker.load() == WorkerLoad(running: 0, processed: 1))
  }

  @Test("It takes from a queue as soon as it is told to")
  func addedQueue() async throws {
    let (gates, started) = ([Gate()], Tally())
    gates[0].open()
    let worker = try bench.worker([gated(gates, started)])
    try await bench.submit("t1", n: 0) { $0.queue = "other" }
    try await bench.run(worker) {
      await bench.time.waitForSleepers(2)
      worker.add(queue: "other")
      worker.add(queue: "other")
      try await bench.ended("t1")
      #expect(worker.report().queues == ["default", "other"])
    }
  }

  @Test("It takes no more from a queue once it is told not to, and from none when none is left")
  func removedQueue() async throws {
    let (gates, started) = ([Gate()], Tally())
    gates[0].open()
    let worker = try bench.worker([gated(gates, started)]) { $0.queues = ["default", "other"] }
    let asked = Tally()
    bench.store.before { call throws(EngineError) in
      if case .fetch(let request) = call, request.queues == ["default"] { asked.add() }
    }
    try await bench.run(worker) {
      await bench.time.waitForSleepers(2)
      worker.remove(queue: "other")
      await asked.reach()
      try await bench.submit("t1", n: 0) { $0.queue = "other" }
      try await bench.submit("t2", n: 0)
      try await bench.ended("t2")
      #expect(try await bench.record("t1")?.state == .pending)
      worker.remove(queue: "default")
      #expect(worker.report().queues == [])
    }
  }

  @Test("A task that it is told to terminate ends REVOKED, and what it does not hold is not named")
  func terminate() async throws {
    let (gates, started) = ([Gate()], Tally())
    let worker = try bench.worker([gated(gates, started)])
    try await bench.submit("t1", n: 0)
    try await bench.run(worker) {
      await started.reach()
      let key = TaskKey(TaskID(stored: "t1"))
      #expect(worker.terminate([key, TaskKey(TaskID(stored: "t2"))]) == [key])
      let record = try await bench.ended("t1")
      #expect(record.state == .revoked)
      #expect(record.reason == "terminated")
      #expect(worker.terminate([key]) == [])
    }
  }

  @Test("A limit of time that is set while it runs holds for what begins afterwards")
  func timeLimit() async throws {
    let (gates, started) = ([Gate()], Tally())
    let worker = try bench.worker([gated(gates, started)])
    worker.limitTime(ofTask: "scripted", hard: .seconds(5), soft: nil)
    #expect(worker.report().kinds.last?.timeLimit == .seconds(5))
    try await bench.submit("t1", n: 0)
    try await bench.run(worker) {
      await started.reach()
      while try await bench.record("t1")?.phase != .finished, !Task.isCancelled {
        await bench.time.waitForSleepers()
        bench.time.advance(by: .seconds(1))
        await Task.yield()
      }
      #expect(try await bench.record("t1")?.failure?.type == "TimeLimitExceeded")
    }
  }

  @Test("A rate that is set while it runs spaces what it begins, and is taken away again")
  func rate() async throws {
    let (gates, started) = ([Gate()], Tally())
    gates[0].open()
    let worker = try bench.worker([gated(gates, started)])
    worker.limitRate(ofTask: "scripted", to: TaskRate(perSecond: 0.1, text: "6/m"))
    #expect(worker.report().kinds.last?.rate?.text == "6/m")
    try await bench.submit("t1", n: 0)
    try await bench.submit("t2", n: 0)
    try await bench.run(worker) {
      try await bench.ended("t1")
      _ = try await bench.record("t2") { $0.phase == .delayed }
      worker.limitRate(ofTask: "scripted", to: nil)
      try await bench.submit("t3", n: 0)
      try await bench.ended("t3")
    }
    #expect(started.count == 2)
  }

  @Test("Slow rates are spaced, quick ones counted by the second")
  func permits() throws {
    #expect(TaskRate(perSecond: 0, text: "0") == nil)
    #expect(TaskRate(perSecond: .infinity, text: "x") == nil)
    #expect(
      try #require(TaskRate(perSecond: 0.1, text: "6/m")).permit(named: "a") == Permit("a", .rate(1, per: .seconds(10)))
    )
    #expect(
      try #require(TaskRate(perSecond: 100, text: "100")).permit(named: "a")
        == Permit("a", .rate(100, per: .seconds(1))))
  }
}
