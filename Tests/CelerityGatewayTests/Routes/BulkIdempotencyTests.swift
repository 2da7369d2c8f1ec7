import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import CelerityGateway

@Suite struct BulkIdempotencyTests {
  private static let key = [("Idempotency-Key", "batch-7")]

  private static func body(_ numbers: [Int]) -> String {
    "[" + numbers.map { #"{"task": "demo.add", "args": [\#($0)]}"# }.joined(separator: ",") + "]"
  }

  private static func ids(_ reply: Reply) -> [String] {
    reply.json["items"]?.elements()?.compactMap { $0["id"]?.stringValue } ?? []
  }

  @Test("The same key with the same items answers the same tasks and says so")
  func replay() async throws {
    try await RunningGateway.run { gateway in
      let first = try await gateway.post("/v1/tasks:bulk", Self.body([1, 2, 3]), headers: Self.key)
      let second = try await gateway.post("/v1/tasks:bulk", Self.body([1, 2, 3]), headers: Self.key)
      #expect(second.status == 202)
      #expect(Self.ids(second) == Self.ids(first))
      #expect(second["idempotency-replayed"] == "true")
      #expect(first["idempotency-replayed"] == nil)
      let causes = second.json["items"]?.elements()?.compactMap { $0["existing"]?.stringValue }
      #expect(causes == ["idempotency_key", "idempotency_key", "idempotency_key"])
      #expect(try await gateway.store.queues(of: nil).map(\.depth) == [3])
    }
  }

  @Test("A request that was cut off is completed by sending it again")
  func completion() async throws {
    try await RunningGateway.run { gateway in
      let half = try await gateway.post("/v1/tasks:bulk", Self.body([1, 2]), headers: Self.key)
      let whole = try await gateway.post("/v1/tasks:bulk", Self.body([1, 2, 3, 4]), headers: Self.key)
      #expect(whole.status == 202)
      #expect(Array(Self.ids(whole).prefix(2)) == Self.ids(half))
      #expect(whole["idempotency-replayed"] == nil, "two of the items are new")
      #expect(try await gateway.store.queues(of: nil).map(\.depth) == [4])
    }
  }

  @Test("An item that has become another is refused alone")
  func otherItem() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.post("/v1/tasks:bulk", Self.body([1, 2]), headers: Self.key)
      let reply = try await gateway.post("/v1/tasks:bulk", Self.body([1, 3]), headers: Self.key)
      #expect(reply.status == 207)
      let items = try #require(reply.json["items"]?.elements())
      #expect(items[0]["status"]?.int64Value == 202)
      #expect(items[1]["status"]?.int64Value == 422)
      #expect(items[1]["error"]?["code"]?.stringValue == "idempotency-key-reused")
      #expect(try await gateway.store.queues(of: nil).map(\.depth) == [2])
    }
  }

  @Test("Items of one request that share a unique key are one task")
  func uniqueKeys() async throws {
    try await RunningGateway.run { gateway in
      let item = #"{"task": "demo.add", "args": [1], "key": "only-one"}"#
      let reply = try await gateway.post("/v1/tasks:bulk", "[\(item),\(item)]")
      #expect(reply.status == 202)
      #expect(Set(Self.ids(reply)).count == 1)
      #expect(reply.json["items"]?.elements()?.last?["existing"]?.stringValue == "unique_key")
    }
  }

  @Test("A key is refused while a request under it is worked on, and free again afterwards, also after an error")
  func inFlight() async throws {
    let keys = KeysInFlight()
    try await keys.alone("a", of: .default) {
      try await keys.alone("b", of: .default) {}
      try await keys.alone("a", of: Tenant(stored: "other")) {}
      try await keys.alone(nil, of: .default) {}
      let error = await #expect(throws: RouteError.self) { try await keys.alone("a", of: .default) {} }
      #expect(error?.status == 409)
      #expect(error?.code == "idempotency-key-in-use")
    }
    await #expect(throws: CancellationError.self) {
      try await keys.alone("a", of: .default) { throw CancellationError() }
    }
    try await keys.alone("a", of: .default) {}
  }

  @Test("A single submission can't take the key of an item")
  func ownKeys() async throws {
    try await RunningGateway.run { gateway in
      let bulk = try await gateway.post("/v1/tasks:bulk", Self.body([1]), headers: Self.key)
      let single = try await gateway.post(
        "/v1/tasks", #"{"task": "demo.add", "args": [2]}"#, headers: [("Idempotency-Key", "batch-7#0")])
      #expect(single.status == 202)
      #expect(single.string("existing") == nil)
      #expect(Self.ids(bulk) != [single.string("id")])
    }
  }

  @Test("What was accepted is told as accepted, also when its record can't be looked up")
  func lookUpFails() async throws {
    let time = SystemTime()
    let (store, away) = (MemoryStore(time: time), UnreachableStore())
    let client = TaskClient(
      engine: store, records: away, waiter: RecordWaiter(store: away, time: time), ids: UUIDv7(time: time), time: time)
    let environment = ServiceEnvironment(
      tasks: client, resources: .memory(store, time: time), presence: store, progress: store, changes: store,
      statistics: store, orders: store)
    func submission(_ id: String, _ key: String) -> Submission {
      Submission(
        TaskMessage(id: TaskID(stored: id), task: "demo.add"), idempotency: IdempotencyKey(key, request: []))
    }
    _ = try await AcceptedTask.submit([submission("a", "first")], environment)
    let both = try await AcceptedTask.submit([submission("b", "first"), submission("c", "second")], environment)
    let tasks = try both.map { try $0.get() }
    #expect(tasks.map(\.key.id.text) == ["a", "c"])
    #expect(tasks.map(\.state) == [nil, .pending])
    #expect(tasks.map(\.duplicate) == [.idempotencyKey, nil])
    var answer = BulkAnswer(traceID: "t")
    for task in tasks { answer.append(.success(task)) }
    let response = answer.response()
    #expect(response.status == 202)
  }

  @Test("An illegal key is refused before anything is accepted")
  func illegalKey() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks:bulk", Self.body([1]), headers: [("Idempotency-Key", "\"")])
      reply.expectProblem(400, "invalid-idempotency-key")
      #expect(try await gateway.store.queues(of: nil).isEmpty)
    }
  }
}
