import CelerityCore
import CelerityJSON
import CelerityTasks
import Testing

private struct Child: TaskDefinition {
  static let name = "demo.child"
  static let options = TaskOptions(queue: "children", priority: .high)
  func run(_ input: Number, _ context: TaskContext) async throws -> Int { 0 }
}

private struct Broken: Error {}

@Suite struct TaskContextTests {
  private let port = RecordingPort()

  private func context(
    id: String = "parent", tenant: String = "acme", attempt: Int = 1, generation: Int = 0,
    extras: TaskMessage.Extras = .init()
  ) throws -> TaskContext {
    let message = TaskMessage(
      id: TaskID(stored: id), task: "demo.parent", tenant: Tenant(stored: tenant), extras: extras)
    var record = TaskRecord(accepting: message, at: Timestamp(seconds: 0))
    record.lease = Lease(token: 1, deadline: StoreTime(microseconds: 0))
    record.attempts = attempt
    record.generation = generation
    let delivery = try #require(Delivery(record))
    return TaskContext(delivery: delivery, worker: "w", port: port, ids: CountingIDs())
  }

  @Test func `A context says what is run, by whom and which attempt it is`() throws {
    let context = try context(attempt: 3, generation: 2)
    #expect(context.id.text == "parent")
    #expect(context.tenant.name == "acme")
    #expect((context.attempt, context.generation, context.worker) == (3, 2, "w"))
    #expect(context.message.task == "demo.parent")
  }

  @Test func `Progress is current of total with a message, or any value`() throws {
    let context = try context()
    context.progress(1, of: 4)
    context.progress(2.5, of: 4, "half \"way\"")
    context.progress(.nan, of: .infinity)
    try context.progress(["rows": 7])
    try context.progress("loading")
    #expect(
      port.notes.progress == [
        #"{"current":1,"total":4}"#, #"{"current":2.5,"total":4.0,"message":"half \"way\""}"#,
        #"{"current":0.0,"total":0.0}"#, #"{"rows":7}"#, #""loading""#,
      ])
    #expect(throws: (any Error).self) { try context.progress(Double.nan) }
  }

  @Test func `Log lines carry their level`() throws {
    let context = try context()
    context.log("started")
    context.log("odd", level: "warning")
    #expect(port.notes.log == ["info started", "warning odd"])
  }

  @Test func `A step is done once, and later attempts get the stored value`() async throws {
    var works = 0
    for attempt in 1...3 {
      let value = try await context(attempt: attempt).step("charge") {
        works += 1
        return Order.Item(sku: "a", count: works)
      }
      #expect(value == Order.Item(sku: "a", count: 1))
    }
    #expect(works == 1)
    let stored = try RawJSON(validating: #"{"sku":"a","count":1}"#)
    #expect(port.notes.steps == [StepResult(name: "charge", value: stored)])
  }

  @Test func `A step whose value is nothing is done once as well`() async throws {
    let context = try context()
    var works = 0
    for _ in 1...2 {
      let value = try await context.step("look") { () -> Int? in
        works += 1
        return nil
      }
      #expect(value == nil)
    }
    #expect(works == 1)
  }

  @Test func `Steps of different names are different steps`() async throws {
    let context = try context()
    #expect(try await context.step("a") { 1 } == 1)
    #expect(try await context.step("b") { 2 } == 2)
    #expect(try await context.step("a") { 3 } == 1)
  }

  @Test func `A step that failed is not stored and is done again`() async throws {
    let context = try context()
    await #expect(throws: Broken.self) { try await context.step("charge") { () -> Int in throw Broken() } }
    #expect(port.notes.steps.isEmpty)
    #expect(try await context.step("charge") { 5 } == 5)
  }

  @Test func `A step that can't be stored because the lease is lost fails`() async throws {
    let context = try context()
    port.change { $0.isLeaseLost = true }
    await #expect(throws: LeaseLost.self) { try await context.step("charge") { 5 } }
  }

  @Test func `A stored value of another type is an error, not a repetition`() async throws {
    let context = try context()
    _ = try await context.step("charge") { "text" }
    await #expect(throws: DecodingError.self) {
      try await context.step("charge") { () -> Int in
        Issue.record("the work was repeated")
        return 1
      }
    }
  }

  @Test func `What is done once is marked before it is tried, and not tried again although it failed`() async throws {
    let port = port
    await #expect(throws: Broken.self) {
      try await context().once("mail") {
        port.change { $0.events.append("tried") }
        throw Broken()
      }
    }
    try await context(attempt: 2).once("mail") { Issue.record("it was done twice") }
    #expect(port.notes.events == ["saved mail", "tried"])
  }

  @Test func `What can't be marked is not done`() async throws {
    let context = try context()
    port.change { $0.isLeaseLost = true }
    await #expect(throws: LeaseLost.self) { try await context.once("mail") { Issue.record("it was done") } }
  }

  @Test func `A child carries its parent, its root, its tenant and its trace`() async throws {
    var extras = TaskMessage.Extras()
    extras.rootID = "root"
    extras.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    extras.tracestate = "vendor=1"
    extras.tags = ["not inherited"]
    let context = try context(extras: extras)
    #expect(try await context.submit(Child.self, Number(n: 9_007_199_254_740_993)).text == "id-1")
    #expect(try context.submitWithResult(Child.self, Number(n: 2)).text == "id-2")
    #expect(port.notes.submitted.count == 1)
    #expect(port.notes.withResult.map(\.message.id.text) == ["id-2"])
    let message = try #require(port.notes.submitted.first?.message)
    extras.parentID = "parent"
    extras.tags = nil
    #expect(
      message
        == TaskMessage(
          id: TaskID(stored: "id-1"), task: "demo.child", queue: "children",
          kwargs: try RawJSON(validating: #"{"n":9007199254740993}"#), tenant: Tenant(stored: "acme"), priority: .high,
          extras: extras))
    #expect(port.notes.withResult.first?.message.extras == extras)
  }

  @Test func `A task without a root is the root of its children`() async throws {
    _ = try await context().submit(Child.self, Number(n: 1))
    #expect(port.notes.submitted.first?.message.extras.rootID == "parent")
    #expect(port.notes.submitted.first?.message.extras.parentID == "parent")
  }

  @Test func `A child that exists already is answered, one that conflicts is the store's error`() async throws {
    let context = try context()
    port.change { $0.answer = .existing(TaskID(stored: "other"), cause: .uniqueKey) }
    #expect(try await context.submit(Child.self, Number(n: 1)).text == "other")
    let conflict = EngineError(.conflict, "the id is taken", hint: "use another")
    port.change { $0.answer = .conflict(conflict) }
    await #expect(throws: conflict) { try await context.submit(Child.self, Number(n: 1)) }
    port.change { $0.answer = .queueFull(depth: 3, limit: 2) }
    let full = await #expect(throws: EngineError.self) { try await context.submit(Child.self, Number(n: 1)) }
    #expect(full?.code == .queueFull)
  }

  @Test func `An idempotency key is the same in every attempt of a generation and differs in all else`() throws {
    let key = try context(attempt: 1).idempotencyKey(for: "charge")
    #expect(key == "acme/parent/0/charge")
    #expect(try context(attempt: 7).idempotencyKey(for: "charge") == key)
    let others = try [
      context().idempotencyKey(for: "mail"), context(generation: 1).idempotencyKey(for: "charge"),
      context(id: "another").idempotencyKey(for: "charge"), context(tenant: "globex").idempotencyKey(for: "charge"),
    ]
    #expect(Set(others + [key]).count == 5)
  }

  @Test(arguments: [StopReason.cancelled, .leaseLost, .softTimeLimit, .timeLimit, .shutdown])
  func `Code that should stop is told so, and why`(reason: StopReason) throws {
    let context = try context()
    #expect(throws: Never.self) { try context.checkStop() }
    #expect(context.stopReason == nil)
    port.change { $0.stopReason = reason }
    #expect(throws: CancellationError.self) { try context.checkStop() }
    #expect(context.stopReason == reason)
  }
}
