import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct WorkflowTests {
  private struct Price: TaskDefinition {
    struct Input: TaskInput { var symbol: String }
    static let name = "price"
    static let options = TaskOptions(queue: "prices", priority: .high)
    func run(_ input: Input, _ context: TaskContext) async throws -> Int { input.symbol.count }
  }

  private struct Total: TaskDefinition {
    struct Input: TaskInput {
      var prices: [Int]
      var factor: Int
      static let arguments = [Argument(CodingKeys.factor, default: 1)]
    }
    static let name = "total"
    func run(_ input: Input, _ context: TaskContext) async throws -> Int { input.prices.reduce(0, +) * input.factor }
  }

  private let time = TestTime()
  private let store: MemoryStore
  private let client: TaskClient

  init() {
    store = MemoryStore(time: time)
    client = TaskClient(
      engine: store, records: store, waiter: RecordWaiter(store: store, time: time), ids: CountingIDs(), time: time)
  }

  /// Runs everything that waits, as workers would.
  private func work() async throws {
    let registry = try TaskRegistry([Price(), Total()])
    while let delivery = try await store.fetch(FetchRequest(queues: ["prices", "default"], limit: 1, worker: "w")).first
    {
      let kind = try #require(registry[delivery.message.task])
      let context = TaskContext(delivery: delivery, worker: "w", port: RecordingPort(), ids: CountingIDs())
      _ = try await store.settle([Settlement(delivery, .success(try await kind.run(context)))])
    }
  }

  @Test func `Workflows are built from typed calls`() throws {
    let symbols = ["A", "BB"]
    let signature = try Chain {
      Group { for symbol in symbols { Price.call(.init(symbol: symbol)) } }
      Total.next(with: ["factor": 2]).queue("slow").link(Price.call(.init(symbol: "L")))
    }.signature()
    #expect(signature.subtaskType == "chain")
    let steps = try #require(signature.kwargs["tasks"]?.elements())
    #expect(
      steps[0]["kwargs"]?["tasks"]?.elements()?.map { $0["kwargs"]?.description } == [
        #"{"symbol":"A"}"#, #"{"symbol":"BB"}"#,
      ])
    #expect(steps[0]["kwargs"]?["tasks"]?.elements()?[0]["options"]?.description == #"{"queue":"prices","priority":8}"#)
    #expect(steps[0]["kwargs"]?["tasks"]?.elements()?[0]["immutable"]?.boolValue == true)
    #expect(steps[1]["kwargs"]?.description == #"{"factor":2}"#)
    #expect(steps[1]["options"]?["queue"]?.stringValue == "slow")
    #expect(steps[1]["options"]?["link"]?.elements()?.count == 1)
  }

  @Test func `A chord's result can be waited for before it exists`() async throws {
    let submitted = try await client.submit(
      Chord {
        Price.call(.init(symbol: "A"))
        Price.call(.init(symbol: "BB"))
      } body: {
        Total.next(with: ["factor": 10])
      })
    #expect(submitted.taskIDs.count == 3 && submitted.lastIDs.count == 1)
    async let total = client.result(of: submitted, as: Total.self)
    try await work()
    #expect(try await total == 30)
  }

  @Test func `The results of a group are in the order of its members`() async throws {
    let submitted = try await client.submit(
      Group {
        Price.call(.init(symbol: "AAA"))
        Price.call(.init(symbol: "B"))
      })
    try await work()
    #expect(try await client.results(of: submitted, as: Price.self) == [3, 1])
  }

  @Test func `A workflow that can't be sent is refused`() async throws {
    await #expect(throws: CanvasError.self) { try await client.submit(Chain {}) }
    await #expect(throws: CanvasError.self) { try await client.submit(Price.call(.init(symbol: "A")).queue("a/b")) }
  }

  @Test func `What a task publishes is its child, now or with its result`() async throws {
    let port = RecordingPort()
    var message = TaskMessage(id: TaskID(stored: "t"), task: "price", queue: "prices")
    message.extras.rootID = "r"
    _ = try await store.submit([Submission(message)])
    let delivery = try #require(try await store.fetch(FetchRequest(queues: ["prices"], limit: 1, worker: "w")).first)
    let context = TaskContext(
      delivery: delivery, worker: "w", port: port, ids: CountingIDs(), registry: try TaskRegistry([Total()]), time: time
    )
    try await context.publish(Signature(task: "total"), args: [.emptyArray])
    try context.publishWithResult(
      try Group {
        Total.next(); Total.next()
      }.signature(), args: [.emptyArray])
    let sent = port.notes.submitted.map(\.message)
    #expect(sent.map { "\($0.task) \($0.queue) \($0.args)" } == ["total default [[]]"])
    #expect(sent[0].extras.parentID == "t" && sent[0].extras.rootID == "r")
    #expect(port.notes.withResult.count == 2)
  }
}
