import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct WorkflowTests {
  private static let echo = #"{"task": "demo.echo", "args": [1]}"#

  private func ids(_ reply: Reply) -> [String] {
    (reply.json["children"]?.elements() ?? []).compactMap(\.stringValue)
  }

  private func pointers(_ reply: Reply) -> [String] {
    (reply.json["errors"]?.elements() ?? []).compactMap { $0["pointer"]?.stringValue }
  }

  @Test("A chain is answered with the id of its last task, and its first one waits with the rest")
  func chain() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post(
        "/v1/tasks",
        #"{"task": "demo.add", "args": [1, 2], "chain": [{"task": "demo.add"}, {"task": "demo.echo", "queue": "mine"}]}"#
      )
      #expect(reply.status == 202, "\(reply.text)")
      let ids = ids(reply)
      #expect(ids.count == 3 && reply.string("id") == ids[2])
      #expect(reply["location"] == "/v1/tasks/\(ids[2])")
      #expect(reply.json["links"]?["first"]?.stringValue == "/v1/tasks/\(ids[0])")
      let message = try await gateway.message(TaskID(stored: ids[0]))
      #expect(message.queue == "sums" && message.args.description == "[1,2]")
      let rest = message.extras.chain ?? []
      #expect(rest.map { $0.options["task_id"]?.stringValue } == [ids[1], ids[2]])
      #expect(rest.map { $0.options["queue"]?.stringValue } == ["sums", "mine"])
    }
  }

  @Test("What follows an end is there as soon as that is told, with parent and root")
  func goesOn() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post(
        "/v1/tasks", #"{"task": "demo.add", "args": [1, 2], "chain": [{"task": "demo.add"}]}"#)
      let ids = ids(reply)
      try await gateway.settle(.success(.integer(3)))
      let first = try await gateway.get("/v1/tasks/\(ids[0])")
      #expect(first.json["children"]?.description == #"["\#(ids[1])"]"#)
      let last = try await gateway.get("/v1/tasks/\(ids[1])")
      #expect(last.string("parent_id") == ids[0] && last.string("root_id") == ids[0])
      #expect(last.json["args"]?.description == "[3]")
      let found = try await gateway.get("/v1/tasks?q=root:\(ids[0])")
      #expect(found.json["tasks"]?.elements()?.count == 2)
    }
  }

  @Test("A failure ends the whole chain, told by the id that the client has")
  func failure() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post(
        "/v1/tasks", #"{"task": "demo.add", "args": [1, 2], "chain": [{"task": "demo.add"}, {"task": "demo.add"}]}"#)
      try await gateway.settle(.failure(TaskFailure(type: "ValueError", message: "boom")))
      let last = try await gateway.get("/v1/tasks/\(try #require(reply.string("id")))")
      #expect(last.string("state") == "FAILURE")
      #expect(last.json["error"]?["message"]?.stringValue == "boom")
    }
  }

  @Test("A group is answered with its id and those of its members; the list finds them")
  func group() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/tasks", #"{"group": [\#(Self.echo), \#(Self.echo)], "tags": ["t"]}"#)
      #expect(reply.status == 202, "\(reply.text)")
      let id = try #require(reply.string("id"))
      #expect(reply.string("group") == id && ids(reply).count == 2)
      let place = try #require(reply["location"])
      let found = try await gateway.get(place)
      #expect(found.json["tasks"]?.elements()?.count == 2)
      let member = try await gateway.get("/v1/tasks/\(ids(reply)[1])")
      #expect(member.string("group_id") == id && member.json["group_index"]?.int64Value == 1)
      #expect(member.json["tags"]?.description == #"["t"]"#)
    }
  }

  @Test("A chord's body runs with the results of its header")
  func chord() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post(
        "/v1/tasks",
        #"{"chord": {"header": [\#(Self.echo), \#(Self.echo)], "body": {"task": "demo.echo"}}, "chain": [\#(Self.echo)]}"#
      )
      #expect(reply.status == 202, "\(reply.text)")
      let ids = ids(reply)
      #expect(ids.count == 4 && reply.string("id") == ids[3])
      for _ in 0..<2 { try await gateway.settle(.success(.integer(5)), queue: "default") }
      let body = try await gateway.get("/v1/tasks/\(ids[2])")
      #expect(body.json["args"]?.description == "[[5,5]]")
    }
  }

  @Test("Steps are workflows again, and Celery's signatures")
  func nested() async throws {
    try await RunningGateway.run { gateway in
      let celery = #"""
        {"task": "celery.group", "args": [], "kwargs": {"tasks": [{"task": "demo.add", "args": [1], "kwargs": {}, \#
        "options": {}, "subtask_type": null, "immutable": false}, {"task": "demo.echo"}]}, "options": {}, \#
        "subtask_type": "group", "immutable": false}
        """#
      let reply = try await gateway.post(
        "/v1/tasks",
        #"{"chain": [\#(Self.echo), {"group": [{"task": "demo.echo"}, {"chain": [\#(Self.echo)]}]}, \#(celery)]}"#)
      #expect(reply.status == 202, "\(reply.text)")
      #expect(ids(reply).count == 5)
    }
  }

  @Test("A link may be a workflow")
  func links() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit(
        #"{"task": "demo.add", "args": [1], "link": {"group": [{"task": "demo.add"}, {"task": "demo.echo"}]}}"#)
      let link = try #require(try await gateway.message(id).extras.callbacks?.first)
      #expect(link.subtaskType == "group")
      #expect(link.kwargs["tasks"]?.elements()?[0]["options"]?["queue"]?.stringValue == "sums")
    }
  }

  @Test("What is wrong is told at its place")
  func places() async throws {
    try await RunningGateway.run { gateway in
      let unknown = try await gateway.post(
        "/v1/tasks", #"{"group": [\#(Self.echo), {"chain": [\#(Self.echo), {"task": "demo.ad"}]}]}"#)
      #expect(unknown.status == 404 && pointers(unknown) == ["/group/1/chain/1/task"], "\(unknown.text)")
      let arguments = try await gateway.post("/v1/tasks", #"{"group": [{"task": "demo.add", "args": ["x"]}]}"#)
      #expect(arguments.status == 422 && pointers(arguments) == ["/group/0/args/0"], "\(arguments.text)")
      let body = try await gateway.post(
        "/v1/tasks", #"{"chord": {"header": [\#(Self.echo)], "body": {"task": "demo.echo", "priority": 12}}}"#)
      #expect(body.status == 422 && pointers(body) == ["/chord/body/priority"], "\(body.text)")
      let misplaced = try await gateway.post("/v1/tasks", #"{"chain": [\#(Self.echo)], "queue": "mine", "key": "k"}"#)
      #expect(misplaced.status == 422 && Set(pointers(misplaced)) == ["/queue", "/key"], "\(misplaced.text)")
    }
  }

  @Test("A workflow that is repeated under its key is the same one")
  func idempotency() async throws {
    try await RunningGateway.run { gateway in
      let text = #"{"task": "demo.echo", "args": [1], "chain": [{"task": "demo.echo"}]}"#
      let key = [("Idempotency-Key", "k")]
      let first = try await gateway.post("/v1/tasks", text, headers: key)
      let again = try await gateway.post("/v1/tasks", text, headers: key)
      #expect(again["idempotency-replayed"] == "true")
      #expect(first.string("id") == again.string("id") && ids(first) == ids(again))
      #expect(try await gateway.get("/v1/tasks").json["tasks"]?.elements()?.count == 1)
    }
  }

  @Test("Items of a bulk submission may be workflows")
  func bulk() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post(
        "/v1/tasks:bulk", #"[\#(Self.echo), {"group": [\#(Self.echo), \#(Self.echo)]}, \#(Self.echo)]"#)
      #expect(reply.status == 202, "\(reply.text)")
      #expect(try await gateway.get("/v1/tasks").json["tasks"]?.elements()?.count == 4)
    }
  }

  @Test("A task that is still to come is told as pending, and can be waited for")
  func promised() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post(
        "/v1/tasks",
        #"{"chord": {"header": [\#(Self.echo), \#(Self.echo)], "body": {"task": "demo.echo"}}, "chain": [{"task": "demo.add"}]}"#
      )
      let last = try #require(reply.string("id"))
      let shown = try await gateway.get("/v1/tasks/\(last)")
      #expect(shown.string("state") == "PENDING" && shown.string("task") == "demo.add", "\(shown.text)")
      #expect(try await gateway.get("/v1/tasks/\(last)/result").status == 202)
      #expect(try await gateway.get("/v1/tasks/\(last)0").status == 404)
      async let waited = gateway.get("/v1/tasks/\(last)/result?wait=30")
      for _ in 0..<3 { try await gateway.settle(.success(.integer(5)), queue: "default") }
      try await gateway.settle(.success(.integer(6)))
      #expect(try await waited.json["result"]?.description == "6")
    }
  }
}
