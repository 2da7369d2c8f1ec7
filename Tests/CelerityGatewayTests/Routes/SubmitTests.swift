import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct SubmitTests {
  @Test("A submission is answered with 202, its id, its queue and where to go on")
  func accepted() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks", #"{"task": "demo.add", "args": [1, 2]}"#)
      #expect(reply.status == 202, "\(reply.text)")
      let id = try #require(reply.string("id"))
      #expect(reply["location"] == "/v1/tasks/\(id)")
      #expect(reply["retry-after"] == "1")
      #expect(reply.string("state") == "PENDING")
      #expect(reply.string("queue") == "sums")
      #expect(reply.json["eta"] == nil)
      #expect(reply.json["links"]?["self"]?.stringValue == "/v1/tasks/\(id)")
      #expect(reply.json["links"]?["result"]?.stringValue == "/v1/tasks/\(id)/result")
      #expect(reply.json["links"]?["cancel"]?.stringValue == "/v1/tasks/\(id):cancel")
    }
  }

  @Test("What the request leaves out comes from the task's own options")
  func defaults() async throws {
    try await RunningGateway.run { gateway in
      let message = try await gateway.message(try await gateway.submit())
      #expect(message.queue == "sums")
      #expect(message.priority == .high)
      #expect(message.extras.timeLimit == 60)
      #expect(message.extras.softTimeLimit == 50)
      #expect(message.extras.maxRetries == nil)
    }
  }

  @Test("All fields reach the store, arguments byte for byte")
  func allFields() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      let id = try await gateway.submit(
        #"""
        {"task": "demo.echo", "args": [{"a" : 1.0, "b":[ 12345678901234567890, "\u00e9" ]}], "kwargs": {},
         "queue": "mine", "priority": 0, "countdown": 1.5, "expires": "2030-01-01T00:00:00Z", "retries": 3,
         "time_limit": 10, "soft_time_limit": 2.5, "key": "once", "tags": ["red", "blue"],
         "link": {"task": "demo.echo", "args": [7], "immutable": true, "subtask_type": null},
         "link_error": [{"task": "demo.echo"}, {"task": "demo.add", "kwargs": {"x": 1}}], "eta": null}
        """#)
      let message = try await gateway.message(id)
      #expect(message.args.description == #"[{"a" : 1.0, "b":[ 12345678901234567890, "\u00e9" ]}]"#)
      #expect(message.queue == "mine")
      #expect(message.priority == Priority(0))
      #expect(message.eta == time.now + .seconds(1.5))
      #expect(message.expires == Timestamp("2030-01-01T00:00:00Z"))
      #expect(message.extras.maxRetries == 3)
      #expect(message.extras.timeLimit == 10)
      #expect(message.extras.softTimeLimit == 2.5)
      #expect(message.extras.tags == ["red", "blue"])
      #expect(message.extras.callbacks?.map(\.isImmutable) == [true])
      #expect(message.extras.errbacks?.map(\.task) == ["demo.echo", "demo.add"])
    }
  }

  @Test("An expiry in seconds counts from now, an eta is kept, an empty array of links too")
  func times() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      let id = try await gateway.submit(
        #"{"task": "demo.echo", "args": [1], "eta": "2030-01-01T01:00:00+01:00", "expires": 90, "link": []}"#)
      let message = try await gateway.message(id)
      #expect(message.eta == Timestamp("2030-01-01T00:00:00Z"))
      #expect(message.expires == time.now + .seconds(90))
      let shown = try await gateway.get("/v1/tasks/\(id)")
      #expect(shown.string("eta") == "2030-01-01T00:00:00.000000Z")
    }
  }

  @Test("The client's trace context goes along with the task; a new one is made for those who send none")
  func trace() async throws {
    try await RunningGateway.run { gateway in
      let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
      let reply = try await gateway.post(
        "/v1/tasks", #"{"task": "demo.echo", "args": [1]}"#,
        headers: [("traceparent", parent), ("tracestate", "vendor=1"), ("X-Request-ID", "mine-1")])
      let message = try await gateway.message(TaskID(stored: reply.string("id") ?? ""))
      #expect(message.extras.traceparent == parent)
      #expect(message.extras.tracestate == "vendor=1")
      #expect(message.extras.requestID == "mine-1")
      #expect(try await gateway.get("/v1/tasks/\(message.id)").string("request_id") == "mine-1")
      let other = try await gateway.message(try await gateway.submit())
      #expect(other.extras.traceparent?.utf8.count == 55)
      #expect(other.extras.requestID?.utf8.count == 36)
    }
  }

  @Test("A trace state without a trace context that can be understood is dropped", arguments: [nil, "00-nonsense"])
  func loneTraceState(_ parent: String?) async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post(
        "/v1/tasks:bulk", #"[{"task": "demo.echo", "args": [1]}]"#,
        headers: [("tracestate", "vendor=1"), ("X-Request-ID", "mine-2")] + (parent.map { [("traceparent", $0)] } ?? [])
      )
      let id = reply.json["items"]?.elements()?.first?["id"]?.stringValue
      let message = try await gateway.message(TaskID(stored: id ?? ""))
      #expect(message.extras.tracestate == nil)
      #expect(message.extras.traceparent?.utf8.count == 55)
      #expect(message.extras.requestID == "mine-2")
    }
  }

  @Test("All that is wrong with a body is told at once, with a pointer for each")
  func allIssues() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post(
        "/v1/tasks", #"{"args": 1, "priority": 11, "tasks": "demo.add", "link": [{"task": 1}]}"#)
      reply.expectProblem(422, "unknown-field")
      let pointers = reply.json["errors"]?.elements()?.compactMap { $0["pointer"]?.stringValue }
      #expect(Set(pointers ?? []) == ["/tasks", "/task", "/args", "/priority", "/link/0/task"])
      #expect(reply.string("hint") == "did you mean 'task'?")
    }
  }

  @Test("A field by the name that others have for it is answered with ours", arguments: ["name", "task_name"])
  func customaryNames(_ name: String) async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks", #"{"\#(name)": "demo.add"}"#)
      reply.expectProblem(422, "unknown-field")
      #expect(reply.string("hint") == "did you mean 'task'?")
    }
  }

  @Test("What the input itself refuses is refused before it is a task, at its place")
  func refusedByInput() async throws {
    try await RunningGateway.run { gateway in
      for (call, pointer) in [
        (#""kwargs": {"from": 2, "to": 1}"#, "/kwargs/to"), (#""args": [2, 1]"#, "/args/1"),
        (#""args": [1], "kwargs": {"to": 0}"#, "/kwargs/to"),
      ] {
        let reply = try await gateway.post("/v1/tasks", #"{"task": "demo.span", \#(call)}"#)
        reply.expectProblem(422, "invalid-arguments")
        #expect(reply.json["errors"]?.elements()?.compactMap { $0["pointer"]?.stringValue } == [pointer])
        #expect(reply.text.contains("must not be before from"))
      }
      #expect(try await gateway.post("/v1/tasks", #"{"task": "demo.span", "args": [1, 1]}"#).status == 202)
      let bulk = try await gateway.post("/v1/tasks:bulk", #"[{"task": "demo.span", "args": [2, 1]}]"#)
      #expect(bulk.json["refused"] == .integer(1))
    }
  }

  @Test("Arguments are checked as a run would check them")
  func arguments() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks", #"{"task": "demo.add", "kwargs": {"x": -1, "z": 2}}"#)
      reply.expectProblem(422, "invalid-arguments")
      let pointers = reply.json["errors"]?.elements()?.compactMap { $0["pointer"]?.stringValue }
      #expect(pointers == ["/kwargs/x", "/kwargs/z"])
    }
  }

  @Test("A mistyped task is refused with the name it was meant to be")
  func unknownTask() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks", #"{"task": "demo.ecko", "args": [1]}"#)
      reply.expectProblem(404, "unknown-task")
      #expect(reply.string("hint") == "did you mean 'demo.echo'?")
    }
  }

  @Test("Tasks of the settings and tasks that workers announce are known, whatever their arguments")
  func externalTasks() async throws {
    var settings = GatewaySettings()
    settings.externalTasks = ["legacy.report"]
    let time = TestTime()
    try await RunningGateway.run(settings, time: time) { gateway in
      let legacy = #"{"task": "legacy.report", "args": [1, 2, 3]}"#
      #expect(try await gateway.post("/v1/tasks", legacy).status == 202)
      let remote = #"{"task": "remote.work"}"#
      try await gateway.post("/v1/tasks", remote).expectProblem(404, "unknown-task")
      try await gateway.store.announce(.named("celery@far", tasks: ["remote.work"]), for: .seconds(600))
      try await gateway.post("/v1/tasks", remote).expectProblem(404, "unknown-task")
      time.advance(by: .seconds(2))
      #expect(try await gateway.post("/v1/tasks", remote).status == 202, "the store is asked again after two seconds")
    }
  }

  @Test("A unique key that is held answers its holder")
  func uniqueKey() async throws {
    try await RunningGateway.run { gateway in
      let body = #"{"task": "demo.echo", "args": [1], "key": "only-one", "queue": "q"}"#
      let first = try await gateway.submit(body)
      let second = try await gateway.post("/v1/tasks", #"{"task": "demo.echo", "args": [2], "key": "only-one"}"#)
      #expect(second.status == 202)
      #expect(second.string("id") == first.text)
      #expect(second.string("existing") == "unique_key")
      #expect(second.string("queue") == "q")
      #expect(second["idempotency-replayed"] == nil)
    }
  }
}

extension RunningGateway {
  /// A task's message as the store has it.
  func message(_ id: TaskID) async throws -> TaskMessage {
    try #require(try await store.records([TaskKey(id)])[0].record).message
  }
}

extension WorkerInfo {
  /// A worker that knows tasks.
  static func named(_ name: String, tasks: [String] = []) -> WorkerInfo {
    WorkerInfo(
      name: name, incarnation: "1", hostname: "far", pid: 7, version: "1.2.3", queues: ["sums"], concurrency: 4,
      running: 1, tasks: tasks, processed: 12, startedAt: 1_700_000_000_000_000)
  }
}
