import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Testing

@Suite("Limits and revocations", .timeLimit(.minutes(1)))
struct PermitTests {
  let bench = Bench()

  @Test("A limit of one holds over two workers; who is held back waits without losing an attempt")
  func oneAtATime() async throws {
    let (started, gate) = (Tally(), Gate())
    let task = Scripted<OneAtATime> { input, _ in
      started.add()
      try await gate.wait()
      return input.n
    }
    let (first, second) = (try bench.worker([task], name: "w1"), try bench.worker([task], name: "w2"))
    try await bench.submit("t1", n: 1)
    try await bench.run(first) {
      await started.reach(1)
      try await bench.submit("t2", n: 2)
      try await bench.run(second) {
        let held = try await bench.record("t2") { $0.phase == .delayed && !$0.history.isEmpty }
        #expect(held.state == .pending)
        #expect(held.attempts == 0)
        #expect(held.history.map(\.cause) == ["released"])
        #expect(held.history.first?.detail == "limited")
        #expect(held.due == bench.time.now + .seconds(1))
        #expect(started.count == 1)
        gate.open()
        try await bench.ended("t1")
        bench.time.advance(by: .seconds(1))
        try await bench.maintain()
        let record = try await bench.ended("t2")
        #expect(record.result == .integer(2))
        #expect(record.attempts == 1)
      }
    }
  }

  @Test("A rate lets so many start and says when the next may")
  func rate() async throws {
    let worker = try bench.worker([Scripted<ThreePerMinute> { _, _ in 0 }]) { $0.concurrency = 4 }
    for n in 1...4 { try await bench.submit("t\(n)") }
    try await bench.run(worker) {
      for n in 1...3 { try await bench.ended("t\(n)") }
      let held = try await bench.record("t4") { $0.phase == .delayed && !$0.history.isEmpty }
      #expect((held.due ?? bench.time.now) > bench.time.now + .seconds(1))
    }
  }

  @Test("A limit that can't be asked lets nobody start")
  func unaskedLimit() async throws {
    let runs = Tally()
    let worker = try bench.worker([
      Scripted<OneAtATime> { _, _ in
        runs.add()
        return 0
      }
    ])
    bench.store.before { call throws(EngineError) in
      if case .acquire = call { throw EngineError(.unavailable, "gone") }
    }
    try await bench.submit()
    try await bench.run(worker) {
      let held = try await bench.record { $0.phase == .delayed && !$0.history.isEmpty }
      #expect(held.due == bench.time.now + .seconds(1))
    }
    #expect(runs.count == 0)
  }

  @Test("A task revoked by its id never starts, also when it arrives later")
  func revokedByID() async throws {
    try await bench.memory.revoke([.task(TaskKey(TaskID(stored: "t1")))], for: .seconds(60))
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }]) { $0.concurrency = 2 }
    try await bench.submit("t1")
    try await bench.submit("t2")
    try await bench.run(worker) {
      let record = try await bench.ended("t1")
      #expect(record.state == .revoked)
      #expect(record.reason == "revoked")
      let other = try await bench.ended("t2")
      #expect(other.state == .success)
    }
  }

  @Test("A task revoked by a stamp never starts, whichever of its values it is")
  func revokedByStamp() async throws {
    try await bench.memory.revoke([.stamp(.default, header: "batch", value: "7")], for: .seconds(60))
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    let stamps: [RawJSON] = [.string("7"), .integer(7), .array([.string("6"), .string("7")]), .string("8")]
    for (n, stamp) in stamps.enumerated() {
      try await bench.submit("t\(n)") { $0.extras.stamps = ["batch": stamp] }
    }
    try await bench.run(worker) {
      var states: [TaskState] = []
      for n in stamps.indices { states.append(try await bench.ended("t\(n)").state) }
      #expect(states == [.revoked, .revoked, .revoked, .success])
    }
  }

  @Test("A store that can't answer about revocations does not hold up work")
  func unaskedRevocation() async throws {
    bench.store.before { call throws(EngineError) in
      if case .revoked = call { throw EngineError(.unavailable, "gone") }
    }
    let worker = try bench.worker([Scripted<Plain> { _, _ in 0 }])
    try await bench.submit()
    try await bench.run(worker) {
      let record = try await bench.ended()
      #expect(record.state == .success)
    }
  }
}
