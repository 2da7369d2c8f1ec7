import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Testing

@Suite("What a worker tells of attempts", .timeLimit(.minutes(1)))
struct TelemetryTests {
  let bench = Bench()

  @Test("An attempt is told with how long it waited, how it ended and how long that took")
  func success() async throws {
    let worker = try bench.worker([
      Scripted<Plain> { [time = bench.time] input, _ in
        time.advance(by: .seconds(2))
        return input.n
      }
    ])
    try await bench.submit(n: 7)
    bench.time.advance(by: .seconds(5))
    try await bench.run(worker) { try await bench.ended() }
    #expect(
      bench.events.of() == [.received, .started(waited: .seconds(5)), .ended(.success(.integer(7)), ran: .seconds(2))])
  }

  @Test("The wait of a delayed task counts from when it was due; that of a clock gone back is none")
  func waited() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    try await bench.submit("late") { $0.eta = bench.time.now + .seconds(30) }
    try await bench.submit("back")
    bench.time.advance(by: .seconds(31))
    try await bench.maintain()
    try await bench.run(worker) {
      for id in ["late", "back"] { try await bench.ended(id) }
      bench.time.jump(by: .seconds(3600))
      try await bench.submit("future")
      try await bench.ended("future")
    }
    #expect(bench.events.of("late")[1] == .started(waited: .seconds(1)))
    #expect(bench.events.of("back")[1] == .started(waited: .seconds(31)))
  }

  @Test("A retry is told as one, and how long it waited is not guessed")
  func retry() async throws {
    let worker = try bench.worker([
      Scripted<TwoRetries> { _, context in
        if context.attempt == 1 { throw Broken() }
        return 0
      }
    ])
    try await bench.submit()
    try await bench.run(worker) {
      _ = try await bench.record { $0.state == .retry }
      bench.time.advance(by: .seconds(10))
      try await bench.maintain()
      try await bench.ended()
    }
    let events = bench.events.of()
    #expect(events.count == 6)
    guard case .ended(.retry(let delay, _), .some) = events[2] else { return #expect(Bool(false), "\(events)") }
    #expect(delay == .seconds(10))
    #expect(events[4] == .started(waited: nil))
  }

  @Test("What never began has an end without a running time")
  func neverBegan() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    try await bench.submit("unknown", task: "nobody.knows")
    try await bench.memory.revoke([.task(TaskKey(TaskID(stored: "t1")))], for: .seconds(100))
    try await bench.submit()
    try await bench.run(worker) {
      for id in ["unknown", "t1"] { try await bench.ended(id) }
    }
    #expect(bench.events.of() == [.received, .ended(.revoked(reason: .revoked), ran: nil)])
    #expect(
      bench.events.of("unknown") == [.received, .ended(.rejected(.notRegistered("nobody.knows")), ran: nil)])
  }

  @Test("A lost lease is told while it runs, and a refused settlement when it is refused")
  func leaseLost() async throws {
    let (started, gate) = (Tally(), Gate())
    let worker = try bench.worker([
      Scripted<Plain> { _, _ in
        started.add()
        try await gate.wait()
        return 0
      }
    ])
    bench.store.before { call throws(EngineError) in
      if case .extend = call { throw EngineError(.unavailable, "gone") }
    }
    try await bench.submit()
    try await bench.run(worker) {
      await started.reach()
      while bench.events.of().count < 3 {
        bench.time.advance(by: .seconds(1))
        await Task.yield()
      }
      gate.open()
    }
    guard case .leaseLost(.some) = bench.events.of()[2] else { return #expect(Bool(false), "\(bench.events.of())") }
  }
}
