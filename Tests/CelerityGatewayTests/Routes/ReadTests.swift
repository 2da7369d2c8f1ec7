import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct ReadTests {
  @Test("A task is shown with all that is known of it, results byte for byte")
  func show() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      try await gateway.settle(.success(RawJSON(unchecked: Array(#"{"b":1.50,"a":"\u00e9"}"#.utf8))))
      let reply = try await gateway.get("/v1/tasks/\(id)")
      #expect(reply.status == 200)
      #expect(reply["content-type"] == "application/json")
      #expect(reply.string("id") == id.text)
      #expect(reply.string("task") == "demo.add")
      #expect(reply.string("state") == "SUCCESS")
      #expect(reply.json["args"]?.description == "[1, 2]")
      #expect(reply.json["kwargs"]?.description == "{}")
      #expect(reply.json["result"]?.description == #"{"b":1.50,"a":"\u00e9"}"#)
      #expect(reply.json["error"] == .null)
      #expect(reply.json["priority"]?.int64Value == 8)
      #expect(reply.json["attempts"]?.int64Value == 1)
      #expect(reply.string("worker") == "celery@test")
      #expect(reply.json["time_limit_seconds"]?.doubleValue == 60)
      for name in ["created_at", "started_at", "finished_at"] {
        #expect(reply.string(name).flatMap { Timestamp($0)?.rfc3339 } == reply.string(name))
        #expect(reply.string(name)?.hasSuffix("Z") == true)
      }
      for name in ["progress", "eta", "expires_at", "parent_id", "root_id", "group_id"] {
        #expect(reply.json[name] == .null)
      }
    }
  }

  @Test("A failed task shows its error and its history")
  func showFailure() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      let failure = TaskFailure(
        type: "WorkerLostError", message: "gone", traceback: "line 1", signal: 9,
        causes: [TaskFailure.Cause(type: "OSError", message: "why")])
      try await gateway.settle(.failure(failure))
      let reply = try await gateway.get("/v1/tasks/\(id)")
      let error = try #require(reply.json["error"])
      #expect(error["type"]?.stringValue == "WorkerLostError")
      #expect(error["traceback"]?.stringValue == "line 1")
      #expect(error["signal"]?.int64Value == 9)
      #expect(error["causes"]?.elements()?.first?["type"]?.stringValue == "OSError")
      let history = try #require(reply.json["history"]?.elements())
      #expect(history.compactMap { $0["cause"]?.stringValue } == ["failed"])
    }
  }

  @Test("An id with any characters finds its task")
  func oddID() async throws {
    try await RunningGateway.run { gateway in
      let id = "a/b c:cancel\u{e9}"
      _ = try await gateway.store.submit([Submission(TaskMessage(id: TaskID(stored: id), task: "demo.echo"))])
      let reply = try await gateway.get("/v1/tasks/a%2Fb%20c%3Acancel%C3%A9")
      #expect(reply.string("id") == id)
      #expect(reply.json["links"]?["self"]?.stringValue == "/v1/tasks/a%2Fb%20c%3Acancel%C3%A9")
    }
  }

  @Test("An unchanged task is 304 for whoever has its tag, a changed one is not")
  func entityTag() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      let tag = try #require(try await gateway.get("/v1/tasks/\(id)")["etag"])
      #expect(tag.hasPrefix("\""))
      for condition in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
        let reply = try await gateway.get("/v1/tasks/\(id)", headers: [("If-None-Match", condition)])
        #expect(reply.status == 304)
        #expect(reply.body.isEmpty)
        #expect(reply["etag"] == tag)
      }
      try await gateway.settle(.success(.null))
      let reply = try await gateway.get("/v1/tasks/\(id)", headers: [("If-None-Match", tag)])
      #expect(reply.status == 200)
      #expect(reply["etag"] != tag)
    }
  }

  @Test("A task whose retention is over is 410, an unknown one 404", arguments: ["", "/result", "/result?wait=5"])
  func expired(_ suffix: String) async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      let id = try await gateway.submit()
      try await gateway.settle(.success(.null))
      time.advance(by: .seconds(20))
      _ = try await gateway.store.maintain(MaintenanceRequest(retention: Retention(success: .seconds(10))))
      try await gateway.get("/v1/tasks/\(id)\(suffix)").expectProblem(410, "result-expired")
      try await gateway.get("/v1/tasks/\(id)x\(suffix)").expectProblem(404, "unknown-task-id")
    }
  }
}
