import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct RetryTests {
  @Test("A failed task runs again under its id, as its next generation")
  func failed() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      try await gateway.settle(.failure(TaskFailure(type: "ValueError", message: "no")))
      let reply = try await gateway.post("/v1/tasks/\(id):retry")
      #expect(reply.status == 202, "\(reply.text)")
      #expect(reply.string("id") == id.text)
      #expect(reply.string("state") == "PENDING")
      #expect(reply.json["generation"]?.int64Value == 1)
      #expect(reply.json["links"]?["self"]?.stringValue == "/v1/tasks/\(id)")
      try await gateway.settle(.success(.true))
      #expect(try await gateway.get("/v1/tasks/\(id)").string("state") == "SUCCESS")
    }
  }

  @Test("A revoked task can run again too")
  func revoked() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      _ = try await gateway.post("/v1/tasks/\(id):cancel")
      #expect(try await gateway.post("/v1/tasks/\(id):retry").status == 202)
    }
  }

  @Test("What waits, runs or succeeded is left alone, and the state is named")
  func refused() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      for (state, step) in [("PENDING", false), ("STARTED", true)] {
        if step { _ = try await gateway.store.fetch(FetchRequest(queues: ["sums"], limit: 1, worker: "celery@test")) }
        let reply = try await gateway.post("/v1/tasks/\(id):retry")
        reply.expectProblem(409, "not-retryable")
        #expect(reply.string("detail")?.contains(state) == true)
      }
      let other = try await gateway.submit(#"{"task": "demo.add", "args": [1], "queue": "q"}"#)
      try await gateway.settle(.success(.null), queue: "q")
      try await gateway.post("/v1/tasks/\(other):retry").expectProblem(409, "not-retryable")
    }
  }

  @Test("Log lines are read on from any place")
  func logs() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      #expect(try await gateway.get("/v1/tasks/\(id)/logs").text == #"{"lines":[],"next_after":0}"#)
      let time = Timestamp(seconds: 1_700_000_000)
      try await gateway.store.append(
        (1...5).map { number in
          TaskLogLine(TaskKey(id), attempt: 1, time: time, level: "info", text: "line \(number) \u{1F680}\n\"")
        })
      let first = try await gateway.get("/v1/tasks/\(id)/logs?limit=2")
      let lines = try #require(first.json["lines"]?.elements())
      #expect(lines.count == 2)
      #expect(lines[0]["text"]?.stringValue == "line 1 \u{1F680}\n\"")
      #expect(lines[0]["attempt"]?.int64Value == 1)
      #expect(lines[0]["level"]?.stringValue == "info")
      #expect(lines[0]["time"]?.stringValue == "2023-11-14T22:13:20.000000Z")
      let next = try #require(first.json["next_after"]?.int64Value)
      let rest = try await gateway.get("/v1/tasks/\(id)/logs?after=\(next)")
      #expect(rest.json["lines"]?.elements()?.count == 3)
      let end = try #require(rest.json["next_after"]?.int64Value)
      #expect(try await gateway.get("/v1/tasks/\(id)/logs?after=\(end)").text == #"{"lines":[],"next_after":\#(end)}"#)
    }
  }
}
