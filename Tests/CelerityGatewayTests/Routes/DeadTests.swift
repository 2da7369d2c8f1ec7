import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct DeadTests {
  /// A gateway with a dead letter of each reason and a task that is none.
  private static func run(
    _ body: @Sendable (RunningGateway, _ dead: [String: TaskID], _ alive: TaskID) async throws -> Void
  ) async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      var dead: [String: TaskID] = [:]
      let failure = TaskFailure(type: "ValueError", message: "no")
      for (reason, outcome) in [("failed", Outcome.failure(failure)), ("rejected", .rejected(failure))] {
        dead[reason] = try await gateway.submit()
        try await gateway.settle(outcome)
        time.advance(by: .seconds(1))
      }
      dead["expired"] = try await gateway.submit(#"{"task": "demo.add", "args": [1], "queue": "old", "expires": 5}"#)
      time.advance(by: .seconds(6))
      _ = try await gateway.store.maintain(MaintenanceRequest())
      try await body(gateway, dead, try await gateway.submit())
    }
  }

  private static func ids(_ reply: Reply) -> [String] {
    reply.json["dead"]?.elements()?.compactMap { $0["id"]?.stringValue } ?? []
  }

  @Test("Dead letters are listed newest first, and narrowed by reason, task, queue and search")
  func list() async throws {
    try await Self.run { gateway, dead, _ in
      let all = ["expired", "rejected", "failed"].compactMap { dead[$0]?.text }
      let expected: [(String, [String])] = [
        ("", all), ("?reason=failed", [all[2]]), ("?reason=rejected", [all[1]]), ("?reason=expired", [all[0]]),
        ("?reason=poison", []), ("?queue=old", [all[0]]), ("?task=demo.add&queue=sums", [all[1], all[2]]),
        ("?q=error:ValueError", [all[1], all[2]]), ("?q=error:ValueError&reason=failed", [all[2]]),
        ("?reason=failed&q=nothing%20OR%20error:ValueError", [all[2]]), ("?q=&reason=failed", [all[2]]),
      ]
      for (query, ids) in expected {
        let reply = try await gateway.get("/v1/dead\(query)")
        #expect(reply.status == 200, "\(reply.text)")
        #expect(Self.ids(reply) == ids, "\(query)")
      }
      let page = try await gateway.get("/v1/dead?limit=2&reason=failed")
      #expect(page.json["has_more"]?.boolValue == false)
      let first = try await gateway.get("/v1/dead?limit=2")
      let cursor = try #require(first.string("next_cursor"))
      #expect(Self.ids(try await gateway.get("/v1/dead?limit=2&cursor=\(cursor)")) == [all[2]])
      try await gateway.get("/v1/dead?reason=failed&cursor=\(cursor)").expectProblem(400, "invalid-cursor")
      try await gateway.get("/v1/tasks?cursor=\(cursor)").expectProblem(400, "invalid-cursor")
      let mistyped = try await gateway.get("/v1/dead?reason=expird")
      mistyped.expectProblem(400, "invalid-parameter")
      #expect(mistyped.string("hint") == "did you mean 'expired'?")
    }
  }

  @Test("One is shown, run again or forgotten; a task that is none is not")
  func single() async throws {
    try await Self.run { gateway, dead, alive in
      let failed = try #require(dead["failed"])
      #expect(try await gateway.get("/v1/dead/\(failed)").string("state") == "FAILURE")
      // What simply failed has a reason too, and it is found by it.
      for (reason, id) in dead {
        #expect(try await gateway.get("/v1/dead/\(id)").json["error"]?["reason"]?.stringValue == reason)
        let found = try await gateway.get("/v1/tasks?q=reason:\(reason)").json["tasks"]?.elements()
        #expect(found?.compactMap { $0["id"]?.stringValue } == [id.text])
      }
      let alien = try await gateway.get("/v1/dead/\(alive)")
      alien.expectProblem(404, "not-dead")
      #expect(alien.string("detail")?.contains("PENDING") == true)
      let redriven = try await gateway.post("/v1/dead/\(failed):redrive")
      #expect(redriven.status == 202)
      #expect(redriven.json["generation"]?.int64Value == 1)
      try await gateway.post("/v1/dead/\(failed):redrive").expectProblem(409, "not-dead")
      let expired = try #require(dead["expired"])
      let gone = try await gateway.post("/v1/dead/\(expired):discard")
      #expect(gone.text == #"{"id":"\#(expired)","discarded":true}"#)
      for path in ["/v1/dead/\(expired)", "/v1/tasks/\(expired)"] {
        try await gateway.get(path).expectProblem(404, "unknown-task-id")
      }
      try await gateway.post("/v1/dead/\(alive):discard").expectProblem(409, "not-dead")
      try await gateway.post("/v1/dead/nobody:discard").expectProblem(404, "unknown-task-id")
      #expect(Self.ids(try await gateway.get("/v1/dead")) == [dead["rejected"]?.text])
    }
  }

  @Test("Many are named by id; what can't be touched is told with its code")
  func byID() async throws {
    try await Self.run { gateway, dead, alive in
      let failed = try #require(dead["failed"])
      let body = #"{"ids": ["\#(failed)", "\#(alive)", "nobody", "\#(failed)"]}"#
      let reply = try await gateway.post("/v1/dead:redrive", body)
      #expect(reply.status == 200, "\(reply.text)")
      #expect(reply.json["affected"]?.int64Value == 1)
      #expect(reply.json["has_more"]?.boolValue == false)
      #expect(
        reply.json["refused"]?.description
          == #"[{"id":"\#(alive)","code":"not-dead"},{"id":"nobody","code":"unknown-task-id"}]"#)
      #expect(try await gateway.get("/v1/tasks/\(failed)").string("state") == "PENDING")
      #expect(try await gateway.post("/v1/dead:redrive", #"{"ids": []}"#).json["affected"]?.int64Value == 0)
    }
  }

  @Test("Many are named by a filter, up to a limit")
  func byFilter() async throws {
    try await Self.run { gateway, dead, _ in
      let one = try await gateway.post("/v1/dead:redrive", #"{"q": "error:ValueError", "limit": 1}"#)
      #expect(one.text == #"{"affected":1,"refused":[],"has_more":true}"#)
      let other = try await gateway.post("/v1/dead:discard", #"{"reason": "failed", "queue": "sums"}"#)
      #expect(other.text == #"{"affected":1,"refused":[],"has_more":false}"#)
      #expect(Self.ids(try await gateway.get("/v1/dead")) == [dead["expired"]?.text])
      #expect(try await gateway.post("/v1/dead:discard", #"{"limit": 10}"#).json["affected"]?.int64Value == 1)
      #expect(Self.ids(try await gateway.get("/v1/dead")) == [])
    }
  }

  @Test(
    "A selection that says nothing, or two things at once, is refused",
    arguments: ["{}", "[]", #"{"ids": ["a"], "q": "b"}"#, #"{"ids": [""]}"#, #"{"ids": [1]}"#, #"{"limit": 1001}"#])
  func badSelection(_ body: String) async throws {
    try await Self.run { gateway, _, _ in
      for verb in ["redrive", "discard"] {
        try await gateway.post("/v1/dead:\(verb)", body).expectProblem(422, "invalid-request")
      }
      let ids = "[" + (0...1000).map { "\"\($0)\"" }.joined(separator: ",") + "]"
      try await gateway.post("/v1/dead:discard", #"{"ids": \#(ids)}"#).expectProblem(422, "invalid-request")
      try await gateway.post("/v1/dead:discard", #"{"q": "("}"#).expectProblem(422, "invalid-query")
      try await gateway.post("/v1/dead:discard", #"{"reason": "boredom"}"#).expectProblem(422, "invalid-request")
      #expect(Self.ids(try await gateway.get("/v1/dead")).count == 3, "nothing was touched")
    }
  }
}
