import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Testing

@Suite("Steps and further tasks", .timeLimit(.minutes(1)))
struct StepTests {
  let bench = Bench()

  /// Runs a task that is retried until it has ended.
  private func runWithRetries(_ worker: Worker) async throws -> TaskRecord {
    try await bench.submit()
    return try await bench.run(worker) {
      while true {
        let record = try await bench.record { $0.state == .retry || $0.phase == .finished }
        if record.phase == .finished { return record }
        bench.time.advance(by: .seconds(10))
        try await bench.maintain()
        _ = try await bench.record { $0.attempts > record.attempts }
      }
    }
  }

  @Test("A step is done once and its value given again to later attempts")
  func step() async throws {
    let (works, values) = (Tally(), Noted<[Int]>([]))
    let worker = try bench.worker([
      Scripted<TwoRetries> { _, context in
        let value = try await context.step("charge") {
          works.add()
          return 40 + works.count
        }
        values.change { $0.append(value) }
        guard context.attempt == 3 else { throw Broken() }
        return value
      }
    ])
    let record = try await runWithRetries(worker)
    #expect(record.result == .integer(41))
    #expect(works.count == 1)
    #expect(values.value == [41, 41, 41])
  }

  @Test("A step whose work failed is done again")
  func failedStep() async throws {
    let works = Tally()
    let worker = try bench.worker([
      Scripted<TwoRetries> { _, context in
        try await context.step("charge") {
          works.add()
          if works.count == 1 { throw Broken() }
          return works.count
        }
      }
    ])
    let record = try await runWithRetries(worker)
    #expect(record.result == .integer(2))
  }

  @Test("What is done once is not done again although it failed")
  func once() async throws {
    let works = Tally()
    let worker = try bench.worker([
      Scripted<TwoRetries> { _, context in
        try await context.once("mail") {
          works.add()
          throw Broken()
        }
        return context.attempt
      }
    ])
    let record = try await runWithRetries(worker)
    #expect(record.result == .integer(2))
    #expect(works.count == 1)
  }

  @Test("Steps are known within the attempt that made them, and their key is the same in every attempt")
  func sameAttempt() async throws {
    let (works, keys) = (Tally(), Noted<Set<String>>([]))
    let worker = try bench.worker([
      Scripted<TwoRetries> { _, context in
        keys.change { $0.insert(context.idempotencyKey(for: "charge")) }
        for _ in 1...3 {
          _ = try await context.step("charge") {
            works.add()
            return 1
          }
        }
        if context.attempt == 1 { throw Broken() }
        return 0
      }
    ])
    let record = try await runWithRetries(worker)
    #expect(record.state == .success)
    #expect(works.count == 1)
    #expect(keys.value == ["default/t1/0/charge"])
  }

  @Test("A step under a lost lease is refused, and nothing of the attempt is committed")
  func stepWithoutLease() async throws {
    let refused = Noted(false)
    let worker = try bench.worker([
      Scripted<Plain> { [bench] _, context in
        if context.attempt == 1 { bench.memory.restart() }
        do {
          return try await context.step("charge") { context.attempt }
        } catch let error as LeaseLost {
          refused.change { $0 = true }
          #expect(context.stopReason == .leaseLost)
          throw error
        }
      }
    ])
    try await bench.submit()
    try await bench.run(worker) {
      let record = try await bench.ended()
      #expect(record.result == .integer(2))
    }
    #expect(refused.value)
  }

  @Test("Code that was told to stop still stores the step it has done")
  func stepAfterStop() async throws {
    let started = Tally()
    let worker = try bench.worker([
      Scripted<TwoRetries> { _, context in
        try await context.step("charge") {
          started.add()
          try? await Gate().wait()
          return 1
        }
      }
    ])
    try await bench.submit { $0.extras.softTimeLimit = 1 }
    try await bench.run(worker) {
      await started.reach()
      await bench.pass(.seconds(1), sleepers: 3)
      let record = try await bench.ended()
      #expect(record.result == .integer(1))
    }
    let steps = try await bench.memory.steps(of: TaskKey(TaskID(stored: "t1")), generation: 0)
    #expect(steps == [StepResult(name: "charge", value: .integer(1))])
  }

  @Test("A task sent at once is there although the attempt fails, as the child of its sender")
  func submit() async throws {
    let child = Noted<TaskID?>(nil)
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        let id = try await context.submit(Child.self, Child.Input(text: "hi"))
        child.change { $0 = id }
        throw Broken()
      }, Child(),
    ])
    try await bench.submit { $0.extras.rootID = "r" }
    try await bench.run(worker) {
      let sender = try await bench.ended()
      #expect(sender.state == .failure)
      let record = try await bench.ended(try #require(child.value).text)
      #expect(record.result == .string("hi"))
      #expect(record.message.extras.parentID == "t1")
      #expect(record.message.extras.rootID == "r")
    }
  }

  @Test("A task sent with the result is sent with it, or not at all")
  func submitWithResult() async throws {
    let children = Noted<[TaskID]>([])
    let worker = try bench.worker([
      Scripted<TwoRetries> { _, context in
        let id = try context.submitWithResult(Child.self, Child.Input(text: "\(context.attempt)"))
        children.change { $0.append(id) }
        if context.attempt < 3 { throw Broken() }
        return 0
      }, Child(),
    ])
    let record = try await runWithRetries(worker)
    #expect(record.state == .success)
    try #require(children.value.count == 3)
    let found = try await bench.memory.records(children.value.map { TaskKey($0) })
    #expect(found.map { $0.record?.message.kwargs.description } == [nil, nil, #"{"text":"3"}"#])
  }
}
