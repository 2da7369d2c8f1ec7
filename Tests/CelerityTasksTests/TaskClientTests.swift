import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

private struct Add: TaskDefinition {
  struct Input: TaskInput { var x, y: Int }
  struct Output: Codable, Sendable, Equatable { var sum: Int }
  static let name = "demo.add"
  static let options = TaskOptions(queue: "sums", priority: .low)

  func run(_ input: Input, _ context: TaskContext) async throws -> Output {
    let (sum, overflow) = input.x.addingReportingOverflow(input.y)
    if overflow { throw Overflow() }
    return Output(sum: sum)
  }
  struct Overflow: Error {}
}

@Suite(.timeLimit(.minutes(1))) struct TaskClientTests {
  private let time = TestTime()
  private let store: MemoryStore
  private let client: TaskClient

  init() {
    store = MemoryStore(time: time)
    client = TaskClient(
      engine: store, records: store, waiter: RecordWaiter(store: store, time: time), ids: CountingIDs(), time: time)
  }

  private func record(_ id: TaskID, tenant: Tenant = .default) async throws -> TaskRecord {
    try #require(try await store.records([TaskKey(id, tenant: tenant)])[0].record)
  }

  /// Runs the next task as a worker would.
  private func work() async throws {
    let registry = try TaskRegistry([Add()])
    let request = FetchRequest(queues: ["sums"], limit: 1, worker: "w")
    let delivery = try #require(try await store.fetch(request).first)
    let kind = try #require(registry[delivery.message.task])
    let context = TaskContext(delivery: delivery, worker: "w", port: RecordingPort(), ids: CountingIDs())
    let outcome: Outcome
    do {
      outcome = .success(try await kind.run(context))
    } catch {
      outcome = .failure(TaskFailure(describing: error))
    }
    _ = try await store.settle([Settlement(delivery, outcome)])
  }

  @Test func `A typed input becomes the keywords of a message with the task's options`() async throws {
    let id = try await client.submit(Add.self, .init(x: 1, y: .max))
    #expect(
      try await record(id).message
        == TaskMessage(
          id: TaskID(stored: "id-1"), task: "demo.add", queue: "sums",
          kwargs: RawJSON(validating: #"{"x":1,"y":9223372036854775807}"#), priority: .low))
  }

  @Test func `Tenant, priority and delay of a submission are its own`() async throws {
    let tenant = Tenant(stored: "acme")
    let id = try await client.submit(
      Add.self, .init(x: 1, y: 2), tenant: tenant, priority: .high, delay: .seconds(60))
    let message = try await record(id, tenant: tenant).message
    #expect(message.priority == .high)
    #expect(message.eta == time.now + .seconds(60))
    #expect(try await store.records([TaskKey(id)])[0] == .unknown)
  }

  @Test func `The result of a task is its typed output`() async throws {
    let id = try await client.submit(Add.self, .init(x: 9_007_199_254_740_992, y: 1))
    try await work()
    #expect(try await client.result(of: id, as: Add.self) == Add.Output(sum: 9_007_199_254_740_993))
  }

  @Test func `A failed task throws its failure`() async throws {
    let id = try await client.submit(Add.self, .init(x: .max, y: 1))
    try await work()
    let failure = await #expect(throws: TaskFailure.self) { try await client.result(of: id, as: Add.self) }
    #expect(failure?.type == "Add.Overflow")
    #expect(failure?.module == "CelerityTasksTests")
  }

  @Test func `A task whose arguments do not fit fails as a call in Python would`() async throws {
    let id = try await client.submit(
      Submission(TaskMessage(id: TaskID(stored: "bad"), task: "demo.add", queue: "sums")))
    try await work()
    let failure = await #expect(throws: TaskFailure.self) { try await client.result(of: id, as: Add.self) }
    #expect(failure?.type == "TypeError")
    #expect(failure?.message == "demo.add: /kwargs/x: is missing; /kwargs/y: is missing")
  }

  @Test func `A revoked task throws why it was revoked`() async throws {
    let id = try await client.submit(Add.self, .init(x: 1, y: 1))
    _ = try await store.cancel([CancelRequest(TaskKey(id), reason: .purged)])
    let failure = await #expect(throws: TaskFailure.self) { try await client.result(of: id, as: Add.self) }
    #expect(failure?.type == "TaskRevokedError")
    #expect(failure?.module == "celery.exceptions")
    #expect(failure?.message == "purged")
  }

  @Test func `A task that has not ended when the time is over is an error that may be tried again`() async throws {
    let id = try await client.submit(Add.self, .init(x: 1, y: 1))
    let waiting = Task { [client] in try await client.result(of: id, as: Add.self, timeout: .seconds(5)) }
    await time.waitForSleepers()
    time.advance(by: .seconds(5))
    let error = await #expect(throws: EngineError.self) { try await waiting.value }
    #expect(error?.isRetryable == true)
    #expect(error?.message == "task id-1 is PENDING after the time given to wait")
  }

  @Test func `A task of another tenant, or none at all, is not there`() async throws {
    let id = try await client.submit(Add.self, .init(x: 1, y: 1), tenant: Tenant(stored: "acme"))
    let error = await #expect(throws: EngineError.self) { try await client.result(of: id, as: Add.self) }
    #expect(error?.code == .invalid)
  }

  @Test func `A repeated message is answered with its task, other work under its id is a conflict`() async throws {
    var message = TaskMessage(id: TaskID(stored: "a"), task: "demo.add", queue: "sums")
    #expect(try await client.submit(Submission(message)).text == "a")
    #expect(try await client.submit(Submission(message)).text == "a")
    message.task = "demo.other"
    let error = await #expect(throws: EngineError.self) { try await client.submit(Submission(message)) }
    #expect(error?.code == .conflict)
  }

  @Test func `A full queue is an error that says how full it is and that it may pass`() async throws {
    let message = TaskMessage(id: TaskID(stored: "a"), task: "demo.add", queue: "sums")
    try await client.submit(Submission(message, depthLimit: 1))
    let other = TaskMessage(id: TaskID(stored: "b"), task: "demo.add", queue: "sums")
    let error = await #expect(throws: EngineError.self) { try await client.submit(Submission(other, depthLimit: 1)) }
    #expect(error?.code == .queueFull)
    #expect(error?.isRetryable == true)
    #expect(error?.message == "1 tasks wait in the queue 'sums', which takes no more at 1")
  }
}
