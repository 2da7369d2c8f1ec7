import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct IdempotencyTests {
  private static let body = #"{"task": "demo.add", "args": [1, 2]}"#

  @Test("The same key with the same body answers the same task and says so")
  func replay() async throws {
    try await RunningGateway.run { gateway in
      let first = try await gateway.post("/v1/tasks", Self.body, headers: [("Idempotency-Key", "abc")])
      let second = try await gateway.post("/v1/tasks", Self.body, headers: [("Idempotency-Key", "\"abc\"")])
      let reordered = #"{ "args":[1, 2],"task": "demo.add"}"#
      let third = try await gateway.post("/v1/tasks", reordered, headers: [("Idempotency-Key", "abc")])
      #expect(first.status == 202)
      #expect(first["idempotency-replayed"] == nil)
      for reply in [second, third] {
        #expect(reply.status == 202)
        #expect(reply.string("id") == first.string("id"))
        #expect(reply.string("existing") == "idempotency_key")
        #expect(reply["idempotency-replayed"] == "true")
      }
      #expect(try await gateway.store.queues(of: nil).map(\.depth) == [1])
    }
  }

  @Test("The same key with another body is refused")
  func reused() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.post("/v1/tasks", Self.body, headers: [("Idempotency-Key", "abc")])
      let other = #"{"task": "demo.add", "args": [1, 3]}"#
      let reply = try await gateway.post("/v1/tasks", other, headers: [("Idempotency-Key", "abc")])
      reply.expectProblem(422, "idempotency-key-reused")
      #expect(try await gateway.store.queues(of: nil).map(\.depth) == [1])
    }
  }

  @Test("A key whose task was discarded is free, and nothing of the request was kept under it")
  func discarded() async throws {
    try await RunningGateway.run { gateway in
      let first = try await gateway.post("/v1/tasks", Self.body, headers: [("Idempotency-Key", "abc")])
      try await gateway.settle(.failure(TaskFailure(type: "ValueError", message: "no")))
      let id = try #require(first.string("id"))
      #expect(try await gateway.post("/v1/dead/\(id):discard").status == 200)
      let second = try await gateway.post("/v1/tasks", Self.body, headers: [("Idempotency-Key", "abc")])
      #expect(second.status == 202)
      #expect(second.string("id") != id)
      #expect(second.string("existing") == nil)
    }
  }

  @Test("A replay tells the state that the task has now")
  func replayedState() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.post("/v1/tasks", Self.body, headers: [("Idempotency-Key", "abc")])
      try await gateway.settle(.success(.init(unchecked: Array("3".utf8))))
      let reply = try await gateway.post("/v1/tasks", Self.body, headers: [("Idempotency-Key", "abc")])
      #expect(reply.status == 202)
      #expect(reply.string("state") == "SUCCESS")
    }
  }

  @Test("Twenty requests at once under one key are one task")
  func concurrent() async throws {
    try await RunningGateway.run { gateway in
      let ids = try await withThrowingTaskGroup(of: String?.self) { group in
        for _ in 0..<20 {
          group.addTask {
            let reply = try await gateway.post("/v1/tasks", Self.body, headers: [("Idempotency-Key", "same")])
            return reply.status == 202 ? reply.string("id") : "status \(reply.status)"
          }
        }
        return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
      }
      #expect(ids.count == 1)
      #expect(try await gateway.store.queues(of: nil).map(\.depth) == [1])
    }
  }

  @Test(
    "Keys that are no printable text of 1 to 255 characters are refused",
    arguments: ["", "\"", "\"a", "\"a\"b\"", "\u{e9}"])
  func illegal(_ key: String) async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks", Self.body, headers: [("Idempotency-Key", key)])
      reply.expectProblem(400, "invalid-idempotency-key")
    }
  }
}
