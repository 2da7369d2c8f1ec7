import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityRoutes
import Testing

/// Real answers against the document that describes them.
@Suite(.timeLimit(.minutes(1))) struct AnswerTests {
  @Test func `Answers about tasks are as the document says, in every state`() async throws {
    try await RunningGateway.run { gateway in
      let checker = SchemaChecker(document: try await gateway.get("/openapi.json").json)
      checker.expectFits(
        try await gateway.post("/v1/tasks", #"{"task": "demo.add", "args": [1]}"#), "post", "/v1/tasks")
      try await gateway.settle(.failure(TaskFailure(type: "ValueError", module: "builtins", message: "no")))
      try await gateway.submit()
      try await gateway.settle(.success(.integer(3)))
      let delayed = try await gateway.submit(#"{"task": "demo.add", "args": [1], "countdown": 600, "tags": ["x"]}"#)
      checker.expectFits(try await gateway.post("/v1/tasks/\(delayed):cancel"), "post", "/v1/tasks/{id}:cancel")
      try await gateway.submit()
      let page = try await gateway.get("/v1/tasks")
      checker.expectFits(page, "get", "/v1/tasks")
      let tasks = page.json["tasks"]?.elements() ?? []
      #expect(Set(tasks.compactMap { $0["state"]?.stringValue }) == ["FAILURE", "SUCCESS", "REVOKED", "PENDING"])
      for id in tasks.compactMap({ $0["id"]?.stringValue }) {
        checker.expectFits(try await gateway.get("/v1/tasks/\(id)"), "get", "/v1/tasks/{id}")
        checker.expectFits(try await gateway.get("/v1/tasks/\(id)/result"), "get", "/v1/tasks/{id}/result")
      }
    }
  }

  @Test func `A submission that is repeated or refused is answered as the document says`() async throws {
    try await RunningGateway.run { gateway in
      let checker = SchemaChecker(document: try await gateway.get("/openapi.json").json)
      let bodies = [
        #"{"task": "demo.add", "args": [1]}"#, #"{"task": "demo.add", "args": [1]}"#, #"{"task": "demo.add"}"#,
        #"{"task": "demo.ad"}"#, #"{"tusk": 1}"#, "{", #"{"task": "demo.add", "args": [1], "args": []}"#,
      ]
      for body in bodies {
        let reply = try await gateway.post("/v1/tasks", body, headers: [("Idempotency-Key", "one")])
        checker.expectFits(reply, "post", "/v1/tasks")
      }
      let plain = try await gateway.post("/v1/tasks", "x", headers: [("Content-Type", "text/plain")])
      checker.expectFits(plain, "post", "/v1/tasks")
    }
  }

  @Test func `Answers about queues, workers, health and the service itself are as the document says`() async throws {
    try await RunningGateway.run { gateway in
      let checker = SchemaChecker(document: try await gateway.get("/openapi.json").json)
      try await gateway.submit()
      for verb in ["pause", "resume", "purge"] {
        checker.expectFits(try await gateway.post("/v1/queues/sums:\(verb)"), "post", "/v1/queues/{name}:\(verb)")
      }
      checker.expectFits(try await gateway.post("/v1/queues/none:pause"), "post", "/v1/queues/{name}:pause")
      let plain = [
        "/", "/v1/queues", "/v1/workers", "/health", "/livez", "/readyz", "/startupz", "/openapi.json", "/docs",
        "/reference", "/problems",
      ]
      for path in plain { checker.expectFits(try await gateway.get(path), "get", path) }
      checker.expectFits(try await gateway.get("/problems/unknown-task"), "get", "/problems/{code}")
      checker.expectFits(try await gateway.get("/problems/none"), "get", "/problems/{code}")
      checker.expectFits(try await gateway.get("/v1/queues?x=1"), "get", "/v1/queues")
    }
  }
}
