import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Testing

@Suite("A task's way through a worker", .timeLimit(.minutes(1)))
struct RunningTests {
  let bench = Bench()

  @Test("A task's value becomes its result")
  func success() async throws {
    let worker = try bench.worker([Scripted<Plain> { input, _ in input.n * 2 }])
    try await bench.submit(n: 21)
    try await bench.run(worker) {
      let record = try await bench.ended()
      #expect(record.state == .success)
      #expect(record.result == .integer(42))
      #expect(record.worker == "w1")
      #expect(record.attempts == 1)
    }
    #expect(worker.running == 0)
    #expect(worker.unsettled == 0)
  }

  @Test("A success whose kind is kept for less goes before others, a failure stays", arguments: [true, false])
  func shortRetention(succeeds: Bool) async throws {
    let worker = try bench.worker([Scripted<Fleeting> { _, _ in if succeeds { 0 } else { throw Broken() } }]) {
      $0.successRetention = .seconds(3600)
    }
    try await bench.submit()
    try await bench.run(worker) { try await bench.ended() }
    bench.time.advance(by: .seconds(9))
    let request = MaintenanceRequest(retention: Retention(success: .seconds(3600)))
    #expect(try await bench.memory.maintain(request).purged == 0)
    bench.time.advance(by: .seconds(1))
    #expect(try await bench.memory.maintain(request).purged == (succeeds ? 1 : 0))
  }

  @Test("Code learns which attempt of which task it is")
  func context() async throws {
    let seen = Noted<[String]>([])
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        seen.change { $0 = ["\(context.id)", "\(context.attempt)", "\(context.generation)", context.worker] }
        return 0
      }
    ])
    try await bench.submit()
    try await bench.run(worker) { try await bench.ended() }
    #expect(seen.value == ["t1", "1", "0", "w1"])
  }

  @Test("An error ends the task with its type and message")
  func failure() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in throw Broken() }])
    try await bench.submit()
    try await bench.run(worker) {
      let record = try await bench.ended()
      #expect(record.state == .failure)
      #expect(record.failure?.type == "Broken")
      #expect(record.failure?.message == "it broke")
      #expect(record.isDeadLetter)
    }
  }

  @Test("A failure is tried again after the policy's delay, as often as it says")
  func retries() async throws {
    let attempts = Noted<[Int]>([])
    let worker = try bench.worker([
      Scripted<TwoRetries> { _, context in
        attempts.change { $0.append(context.message.retries) }
        throw Broken()
      }
    ])
    try await bench.submit()
    try await bench.run(worker) {
      for retry in 1...2 {
        let record = try await bench.record { $0.state == .retry && $0.message.retries == retry }
        #expect(record.due == bench.time.now + .seconds(10))
        #expect(record.failure?.type == "Broken")
        bench.time.advance(by: .milliseconds(9_999))
        let early = try await bench.maintain()
        #expect(early.promoted == 0)
        bench.time.advance(by: .milliseconds(1))
        let inTime = try await bench.maintain()
        #expect(inTime.promoted == 1)
      }
      let record = try await bench.ended()
      #expect(record.state == .failure)
    }
    #expect(attempts.value == [0, 1, 2])
  }

  @Test("A retry that names its delay gets that")
  func serverDelay() async throws {
    let worker = try bench.worker([Scripted<TwoRetries> { _, _ in throw Retry(after: .seconds(90), "slow down") }])
    try await bench.submit()
    try await bench.run(worker) {
      let record = try await bench.record { $0.state == .retry }
      #expect(record.due == bench.time.now + .seconds(90))
      #expect(record.failure?.message == "slow down")
    }
  }

  @Test("Reject makes a dead letter at once")
  func reject() async throws {
    let worker = try bench.worker([Scripted<TwoRetries> { _, _ in throw Reject("no such account") }])
    try await bench.submit()
    try await bench.run(worker) {
      let record = try await bench.ended()
      #expect(record.state == .failure)
      #expect(record.reason == "rejected")
      #expect(record.failure?.message == "no such account")
      #expect(record.isDeadLetter)
    }
  }

  @Test("Ignore ends the task without a result, and so does an option")
  func ignore() async throws {
    let first = try bench.worker([Scripted<TwoRetries> { _, _ in throw Ignore() }])
    try await bench.submit()
    try await bench.run(first) {
      let record = try await bench.ended()
      #expect(record.state == .success)
      #expect(record.result == nil)
    }
    let second = try bench.worker([Scripted<Resultless> { _, _ in 5 }])
    try await bench.submit("t2")
    try await bench.run(second) {
      let record = try await bench.ended("t2")
      #expect(record.state == .success)
      #expect(record.result == nil)
    }
  }

  @Test("A task that the worker does not know is kept as a rejected dead letter, and others run")
  func unknownTask() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 1 }])
    try await bench.submit("t1", task: "nobody.knows")
    try await bench.submit("t2")
    try await bench.run(worker) {
      let known = try await bench.ended("t2")
      #expect(known.state == .success)
      let record = try await bench.ended("t1")
      #expect(record.state == .failure)
      #expect(record.reason == "rejected")
      #expect(record.failure == .notRegistered("nobody.knows"))
    }
  }

  @Test("Arguments that do not fit end the task as a TypeError, without retries and without its code")
  func unfitArguments() async throws {
    let runs = Tally()
    let worker = try bench.worker([
      Scripted<TwoRetries> { _, _ in
        runs.add()
        return 1
      }
    ])
    try await bench.submit { $0.kwargs = .object([("n", .string("seven"))]) }
    try await bench.run(worker) {
      let record = try await bench.ended()
      #expect(record.state == .failure)
      #expect(record.failure?.type == "TypeError")
      #expect(record.failure?.module == "builtins")
      #expect(record.message.retries == 0)
    }
    #expect(runs.count == 0)
  }

  @Test("Urgent tasks go first; among equals the first come")
  func priorities() async throws {
    let order = Noted<[Int]>([])
    let worker = try bench.worker([
      Scripted<Plain> { input, _ in
        order.change { $0.append(input.n) }
        return 0
      }
    ])
    let priorities: [Priority?] = [.low, nil, .high, .high, .normal]
    for (n, priority) in zip(1..., priorities) {
      try await bench.submit("t\(n)", n: n, priority: priority)
    }
    try await bench.run(worker) {
      for n in 1...5 { try await bench.ended("t\(n)") }
    }
    #expect(order.value == [3, 4, 2, 5, 1])
  }

  @Test("Only the worker's own queues are fetched")
  func queues() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 1 }]) { $0.queues = ["a", "b"] }
    for queue in ["a", "b", "c"] { try await bench.submit(queue) { $0.queue = queue } }
    try await bench.run(worker) {
      try await bench.ended("a")
      try await bench.ended("b")
    }
    let other = try await bench.record("c")
    #expect(other?.state == .pending)
  }

  @Test("A store that fails is asked again, with growing pauses; the drain does not wait for them")
  func failingFetch() async throws {
    let worker = try bench.worker([Scripted<Plain> { _, _ in 1 }])
    let asked = Tally()
    bench.store.before { call throws(EngineError) in
      guard case .fetch = call else { return }
      asked.add()
      if asked.count <= 3 { throw EngineError(.unavailable, "gone") }
    }
    try await bench.submit()
    try await bench.run(worker) {
      for (count, pause) in [(1, 100), (2, 200), (3, 400)] {
        await asked.reach(count)
        // The presence and the pause.
        await bench.pass(.milliseconds(pause), sleepers: 2)
      }
      let record = try await bench.ended()
      #expect(record.state == .success)
      bench.store.before { call throws(EngineError) in
        if case .fetch = call { throw EngineError(.unavailable, "gone again") }
      }
    }
  }
}
