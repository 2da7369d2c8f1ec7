import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityRoutes
import CelerityTesting
import NIOHTTP1
import Testing

@Suite struct ScheduleTests {
  static let monday =
    #"{"name": "monday", "schedule": "0 6 * * 1", "timezone": "Europe/Berlin", "task": "demo.add", "args": [1]}"#

  @Test("A schedule is added and shown with its next moment and in words")
  func create() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      #expect(try await gateway.get("/v1/schedules").text == #"{"schedules":[]}"#)
      let reply = try await gateway.post("/v1/schedules", Self.monday)
      #expect(reply.status == 201, "\(reply.text)")
      #expect(reply["location"] == "/v1/schedules/monday")
      #expect(reply["etag"]?.hasPrefix("\"1-") == true)
      #expect(reply.string("schedule") == "0 6 * * 1 Europe/Berlin")
      #expect(reply.string("timezone") == "Europe/Berlin")
      #expect(reply.string("description")?.isEmpty == false)
      #expect(reply.string("task") == "demo.add")
      #expect(reply.json["args"]?.description == "[1]")
      #expect(reply.json["kwargs"]?.description == "{}")
      #expect(reply.string("queue") == "sums", "the task's own queue")
      #expect(reply.json["priority"] == .null)
      #expect(reply.json["paused"]?.boolValue == false)
      #expect(reply.string("source") == "api")
      #expect(reply.json["last_fired_at"] == .null)
      // The test clock stands at Saturday, 21 November 2026; Berlin is an hour ahead of UTC.
      #expect(reply.json["next_fire_at"]?.description == #"["2026-11-23T05:00:00.000000Z"]"#)
      #expect(reply.json["links"]?["run"]?.stringValue == "/v1/schedules/monday:run")
      let shown = try await gateway.get("/v1/schedules/monday")
      #expect(shown.json == reply.json)
      #expect(try await gateway.get("/v1/schedules").json["schedules"]?.elements() == [shown.json])
      let again = try await gateway.post("/v1/schedules", Self.monday)
      again.expectProblem(409, "schedule-exists")
    }
  }

  @Test("An unchanged schedule is 304 for whoever has its tag, one that moved on is not")
  func tags() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      _ = try await gateway.post(
        "/v1/schedules", #"{"name": "often", "schedule": "every 1m", "task": "demo.echo", "args": [1]}"#)
      for path in ["/v1/schedules", "/v1/schedules/often"] {
        let tag = try #require(try await gateway.get(path)["etag"])
        #expect(try await gateway.get(path, headers: [("If-None-Match", tag)]).status == 304)
        time.advance(by: .seconds(60))
        #expect(
          try await gateway.get(path, headers: [("If-None-Match", tag)]).status == 200, "its next moment is another")
      }
    }
  }

  @Test(
    "What is wrong with a schedule is told with a pointer for each",
    arguments: [
      (#"{"schedule": "every 30s", "task": "demo.echo", "args": [1]}"#, ["/name"]),
      (#"{"name": "a b", "schedule": "every 30s", "task": "demo.echo", "args": [1]}"#, ["/name"]),
      (#"{"name": "n", "task": "demo.echo", "args": [1]}"#, ["/schedule"]),
      (#"{"name": "n", "schedule": "*/0 * * * *", "task": "demo.echo", "args": [1]}"#, ["/schedule"]),
      (#"{"name": "n", "schedule": "at 2001-01-01T00:00:00Z", "task": "demo.echo", "args": [1]}"#, ["/schedule"]),
      (
        #"{"name": "n", "schedule": "@daily", "timezone": "Atlantis", "task": "demo.echo", "args": [1]}"#, ["/timezone"]
      ),
      (
        #"{"name": "n", "schedule": "@daily", "task": 7, "queue": "a/b", "priority": 10}"#,
        ["/task", "/priority", "/queue"]
      ),
      (#"{"name": "n", "schedule": "@daily", "task": "demo.echo", "args": [1], "cron": "x"}"#, ["/cron"]),
      ("[]", [""]),
    ] as [(String, [String])])
  func bad(_ body: String, _ pointers: [String]) async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/schedules", body)
      reply.expectProblem(422, "invalid-schedule")
      let told = reply.json["errors"]?.elements()?.compactMap { $0["pointer"]?.stringValue } ?? []
      #expect(Set(pointers).isSubset(of: told), "\(reply.text)")
      #expect(try await gateway.get("/v1/schedules").text == #"{"schedules":[]}"#)
    }
  }

  @Test(
    "A schedule of a task that nobody knows, or with arguments that do not fit, is refused as a submission would be")
  func badTask() async throws {
    try await RunningGateway.run { gateway in
      let unknown = try await gateway.post("/v1/schedules", #"{"name": "n", "schedule": "@daily", "task": "demo.ad"}"#)
      unknown.expectProblem(404, "unknown-task")
      #expect(unknown.string("hint") == "did you mean 'demo.add'?")
      let misfit = try await gateway.put(
        "/v1/schedules/n", #"{"schedule": "@daily", "task": "demo.add", "args": [-1]}"#)
      misfit.expectProblem(422, "invalid-arguments")
    }
  }

  @Test("A mistyped name is refused with the one it was meant to be")
  func unknown() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.post("/v1/schedules", Self.monday)
      for reply in [
        try await gateway.get("/v1/schedules/mondy"), try await gateway.send(.DELETE, "/v1/schedules/mondy"),
        try await gateway.post("/v1/schedules/mondy:run"), try await gateway.post("/v1/schedules/mondy:pause"),
      ] {
        reply.expectProblem(404, "unknown-schedule")
        #expect(reply.string("hint") == "did you mean 'monday'?")
      }
      try await gateway.get("/v1/schedules/%C3%A9").expectProblem(404, "unknown-schedule")
    }
  }

  @Test("Paused it has no next moment, resumed it has one; doing either twice does no harm")
  func pause() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.post("/v1/schedules", Self.monday)
      for _ in 0..<2 {
        let paused = try await gateway.post("/v1/schedules/monday:pause")
        #expect(paused.status == 200)
        #expect(paused.json["paused"]?.boolValue == true)
        #expect(paused.json["next_fire_at"]?.description == "[]")
      }
      for _ in 0..<2 {
        let resumed = try await gateway.post("/v1/schedules/monday:resume")
        #expect(resumed.json["paused"]?.boolValue == false)
        #expect(resumed.json["next_fire_at"]?.elements()?.count == 1)
      }
    }
  }

  @Test("Running it submits its task at once, also while it is paused")
  func run() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.post("/v1/schedules", Self.monday)
      _ = try await gateway.post("/v1/schedules/monday:pause")
      let reply = try await gateway.post(
        "/v1/schedules/monday:run", headers: [("X-Request-ID", "by-hand"), ("Idempotency-Key", "k")])
      #expect(reply.status == 202, "\(reply.text)")
      let id = try #require(reply.string("id"))
      #expect(reply["location"] == "/v1/tasks/\(id)")
      #expect(reply.string("queue") == "sums")
      let message = try await gateway.message(TaskID(stored: id))
      #expect(message.task == "demo.add")
      #expect(message.args.description == "[1]")
      #expect(message.extras.requestID == "by-hand")
      let again = try await gateway.post("/v1/schedules/monday:run", headers: [("Idempotency-Key", "k")])
      #expect(again.string("id") == id)
      #expect(again["idempotency-replayed"] == "true")
    }
  }
}

extension RunningGateway {
  /// Puts something.
  func put(_ path: String, _ body: String, headers: [(String, String)] = []) async throws -> Reply {
    try await send(.PUT, path, headers: headers, body: body)
  }
}
