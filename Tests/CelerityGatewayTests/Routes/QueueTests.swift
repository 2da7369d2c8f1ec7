import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import NIOHTTP1
import Testing

@Suite struct QueueTests {
  @Test("A queue is shown as in the list")
  func show() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.submit(#"{"task": "demo.add", "args": [1], "queue": "häß lich"}"#)
      let shown = try await gateway.get("/v1/queues/h%C3%A4%C3%9F%20lich")
      #expect(shown.status == 200)
      #expect(shown.string("name") == "häß lich")
      let list = try await gateway.get("/v1/queues")
      #expect(list.json["queues"]?.elements()?.contains(shown.json) == true)
    }
  }

  @Test("Empty queues are there too when a worker takes from them or a known task is sent to them")
  func empty() async throws {
    try await RunningGateway.run { gateway in
      var worker = WorkerInfo.named("celery@far")
      worker.queues = ["mail", "sums"]
      try await gateway.store.announce(worker, for: .seconds(60))
      let queues = try await gateway.get("/v1/queues").json["queues"]?.elements()
      #expect(queues?.map { $0["name"]?.stringValue } == ["default", "mail", "sums"])
      #expect(queues?.allSatisfy { $0["depth"]?.int64Value == 0 } == true)
      #expect(try await gateway.get("/v1/queues/mail").status == 200)
      #expect(try await gateway.post("/v1/queues/mail:pause").status == 200)
      #expect(try await gateway.post("/v1/queues/mail:purge").text == #"{"queue":"mail","purged":0}"#)
    }
  }

  @Test("Queues whose names only look the same are shown apart")
  func lookalikes() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.store.submit([
        Submission(TaskMessage(id: TaskID(stored: "a"), task: "demo.add", queue: "caf\u{E9}"))
      ])
      var worker = WorkerInfo.named("celery@far")
      worker.queues = ["cafe\u{301}", "caf\u{E9}"]
      try await gateway.store.announce(worker, for: .seconds(60))
      let queues = try #require(try await gateway.get("/v1/queues").json["queues"]?.elements())
      let names = queues.compactMap { $0["name"]?.stringValue }.filter { $0.hasPrefix("caf") }.map { Array($0.utf8) }
      #expect(Set(names) == [Array("caf\u{E9}".utf8), Array("cafe\u{301}".utf8)])
      #expect(names.count == 2)
    }
  }

  @Test("A mistyped queue is refused with the one it was meant to be", arguments: ["", ":pause", ":resume", ":purge"])
  func unknown(_ verb: String) async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.submit()
      let reply = try await gateway.send(verb.isEmpty ? .GET : .POST, "/v1/queues/sum" + verb)
      reply.expectProblem(404, "unknown-queue")
      #expect(reply.string("hint") == "did you mean 'sums'?")
    }
  }

  @Test("Moving takes all that has not started, in order, and leaves what runs")
  func move() async throws {
    try await RunningGateway.run { gateway in
      let running = try await gateway.submit()
      _ = try await gateway.store.fetch(FetchRequest(queues: ["sums"], limit: 1, worker: "celery@test"))
      var waiting: [TaskID] = []
      for _ in 0..<3 { waiting.append(try await gateway.submit()) }
      _ = try await gateway.submit(#"{"task": "demo.add", "args": [1], "countdown": 60}"#)
      let reply = try await gateway.post("/v1/queues/sums:move", #"{"to": "other"}"#)
      #expect(reply.status == 200, "\(reply.text)")
      #expect(reply.text == #"{"queue":"sums","to":"other","moved":4}"#)
      let fetched = try await gateway.store.fetch(FetchRequest(queues: ["other"], limit: 9, worker: "celery@test"))
      #expect(fetched.map(\.key.id) == waiting)
      #expect(try await gateway.get("/v1/tasks/\(running)").string("queue") == "sums")
    }
  }

  @Test(
    "A target that can't be one is refused and nothing is moved",
    arguments: [
      ("{}", "/to"), (#"{"to": ""}"#, "/to"), (#"{"to": "a/b"}"#, "/to"), (#"{"to": "sums"}"#, "/to"),
      (#"{"to": 7}"#, "/to"), (#"{"to": null}"#, "/to"), ("[]", ""),
    ])
  func badTarget(_ body: String, _ pointer: String) async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.submit()
      let reply = try await gateway.post("/v1/queues/sums:move", body)
      reply.expectProblem(422, "invalid-request")
      #expect(reply.json["errors"]?.elements()?.first?["pointer"]?.stringValue == pointer)
      #expect(try await gateway.store.queues(of: nil).map(\.depth) == [1])
    }
  }

  @Test("Moving from a queue that nobody knows is 404")
  func moveUnknown() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.post("/v1/queues/nowhere:move", #"{"to": "other"}"#)
      reply.expectProblem(404, "unknown-queue")
      let stranger = try await gateway.post("/v1/queues/nowhere:move", #"{"too": "other"}"#)
      stranger.expectProblem(422, "unknown-field")
      #expect(stranger.string("hint") == "did you mean 'to'?")
    }
  }

  @Test("Queues and kinds that have not changed are 304 for whoever has their tag")
  func tags() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.submit()
      for path in ["/v1/queues", "/v1/queues/sums", "/v1/kinds", "/v1/kinds/demo.add"] {
        let first = try await gateway.get(path)
        let tag = try #require(first["etag"], "\(path)")
        #expect(first["cache-control"] == "no-cache")
        let again = try await gateway.get(path, headers: [("If-None-Match", tag)])
        #expect(again.status == 304, "\(path)")
        #expect(again.body.isEmpty)
      }
      let tag = try #require(try await gateway.get("/v1/queues")["etag"])
      _ = try await gateway.submit()
      #expect(try await gateway.get("/v1/queues", headers: [("If-None-Match", tag)]).status == 200)
    }
  }
}
