import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import NIOHTTP1
import Testing

/// Real answers of the verbs against the document that describes them.
@Suite(.timeLimit(.minutes(1))) struct VerbAnswerTests {
  private static func run(
    _ body: @Sendable (RunningGateway, SchemaChecker) async throws -> Void
  ) async throws {
    try await RunningGateway.run { gateway in
      try await body(gateway, SchemaChecker(document: try await gateway.get("/openapi.json").json))
    }
  }

  @Test("Bulk submissions, with all that can become of an item")
  func bulk() async throws {
    try await Self.run { gateway, checker in
      let key = [("Idempotency-Key", "one")]
      for body in [
        "[]", #"[{"task": "demo.add", "args": [1], "countdown": 5}]"#, #"[{"task": "demo.add", "args": [1]}, 7]"#,
        #"[{"task": "demo.ad"}, {"task": "demo.add", "args": ["x"]}]"#, "[", "{}",
      ] {
        let reply = try await gateway.post("/v1/tasks:bulk", body, headers: key)
        checker.expectFits(reply, "post", "/v1/tasks:bulk")
      }
    }
  }

  @Test("Logs, explanations and second tries of tasks")
  func tasks() async throws {
    try await Self.run { gateway, checker in
      let failed = try await gateway.submit()
      try await gateway.store.append([
        TaskLogLine(TaskKey(failed), attempt: 1, time: Timestamp(seconds: 0), level: "info", text: "hello")
      ])
      for path in ["logs", "why"] {
        checker.expectFits(try await gateway.get("/v1/tasks/\(failed)/\(path)"), "get", "/v1/tasks/{id}/\(path)")
        checker.expectFits(try await gateway.get("/v1/tasks/nobody/\(path)"), "get", "/v1/tasks/{id}/\(path)")
      }
      checker.expectFits(try await gateway.post("/v1/tasks/\(failed):retry"), "post", "/v1/tasks/{id}:retry")
      try await gateway.settle(.failure(TaskFailure(type: "ValueError", message: "no")))
      checker.expectFits(try await gateway.get("/v1/tasks/\(failed)/why"), "get", "/v1/tasks/{id}/why")
      checker.expectFits(try await gateway.post("/v1/tasks/\(failed):retry"), "post", "/v1/tasks/{id}:retry")
      checker.expectFits(try await gateway.get("/v1/tasks?limit=1&q=demo"), "get", "/v1/tasks")
    }
  }

  @Test("Dead letters, one and many")
  func dead() async throws {
    try await Self.run { gateway, checker in
      var ids: [TaskID] = []
      for _ in 0..<3 {
        ids.append(try await gateway.submit())
        try await gateway.settle(.failure(TaskFailure(type: "ValueError", message: "no")))
      }
      checker.expectFits(try await gateway.get("/v1/dead?limit=2"), "get", "/v1/dead")
      checker.expectFits(try await gateway.get("/v1/dead/\(ids[0])"), "get", "/v1/dead/{id}")
      checker.expectFits(try await gateway.post("/v1/dead/\(ids[0]):redrive"), "post", "/v1/dead/{id}:redrive")
      checker.expectFits(try await gateway.get("/v1/dead/\(ids[0])"), "get", "/v1/dead/{id}")
      checker.expectFits(try await gateway.post("/v1/dead/\(ids[0]):discard"), "post", "/v1/dead/{id}:discard")
      checker.expectFits(try await gateway.post("/v1/dead/\(ids[1]):discard"), "post", "/v1/dead/{id}:discard")
      for verb in ["redrive", "discard"] {
        for body in [#"{"ids": ["\#(ids[0])", "nobody"]}"#, #"{"reason": "failed", "limit": 1}"#, "{}", #"{"q": "("}"#]
        {
          checker.expectFits(try await gateway.post("/v1/dead:\(verb)", body), "post", "/v1/dead:\(verb)")
        }
      }
    }
  }

  @Test("Queues, workers and kinds")
  func others() async throws {
    try await Self.run { gateway, checker in
      try await gateway.submit()
      try await gateway.store.announce(.named("celery@far", tasks: ["remote.work"]), for: .seconds(60))
      checker.expectFits(try await gateway.get("/v1/queues/sums"), "get", "/v1/queues/{name}")
      checker.expectFits(try await gateway.get("/v1/queues/nowhere"), "get", "/v1/queues/{name}")
      for body in [#"{"to": "other"}"#, "{}", "x"] {
        checker.expectFits(try await gateway.post("/v1/queues/sums:move", body), "post", "/v1/queues/{name}:move")
      }
      checker.expectFits(try await gateway.get("/v1/workers/celery@far"), "get", "/v1/workers/{name}")
      checker.expectFits(try await gateway.get("/v1/workers/nobody"), "get", "/v1/workers/{name}")
      for verb in ["quiet", "resume", "stop"] {
        let reply = try await gateway.post("/v1/workers/celery@far:\(verb)")
        checker.expectFits(reply, "post", "/v1/workers/{name}:\(verb)")
      }
      for body in [#"{"concurrency": 3}"#, "{}"] {
        let reply = try await gateway.post("/v1/workers/celery@far:scale", body)
        checker.expectFits(reply, "post", "/v1/workers/{name}:scale")
      }
      checker.expectFits(try await gateway.get("/v1/kinds"), "get", "/v1/kinds")
      for name in ["demo.add", "remote.work", "nothing"] {
        checker.expectFits(try await gateway.get("/v1/kinds/\(name)"), "get", "/v1/kinds/{name}")
      }
    }
  }

  @Test("Schedules")
  func schedules() async throws {
    try await Self.run { gateway, checker in
      for body in [
        ScheduleTests.monday, ScheduleTests.monday, "{}", "x", ScheduleTests.monday.replacing("add", with: "ad"),
      ] {
        checker.expectFits(try await gateway.post("/v1/schedules", body), "post", "/v1/schedules")
      }
      checker.expectFits(try await gateway.get("/v1/schedules"), "get", "/v1/schedules")
      for name in ["monday", "tuesday"] {
        let path = "/v1/schedules/\(name)"
        for verb in ["pause", "resume", "run"] {
          checker.expectFits(try await gateway.post("\(path):\(verb)"), "post", "/v1/schedules/{name}:\(verb)")
        }
        checker.expectFits(try await gateway.get(path), "get", "/v1/schedules/{name}")
      }
      let body = #"{"schedule": "@daily", "task": "demo.add", "args": [1]}"#
      for (path, match) in [("monday", "*"), ("monday", "\"9-x\""), ("new", nil), ("a%20b", nil)] {
        let headers = match.map { [("If-Match", $0)] } ?? []
        let reply = try await gateway.put("/v1/schedules/\(path)", body, headers: headers)
        checker.expectFits(reply, "put", "/v1/schedules/{name}")
      }
      for name in ["monday", "monday"] {
        checker.expectFits(
          try await gateway.send(.DELETE, "/v1/schedules/\(name)"), "delete", "/v1/schedules/{name}")
      }
      for query in ["?schedule=@daily", "?schedule=soon", ""] {
        checker.expectFits(try await gateway.get("/v1/schedules:next\(query)"), "get", "/v1/schedules:next")
      }
    }
  }
}
