import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(2))) struct StreamRouteTests {
  @Test("A task's stream tells its way to the end, and then ends")
  func wholeLife() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      let events = try await gateway.follow("/v1/tasks/\(id)/events") { client in
        #expect(client.status == 200)
        #expect(client.headers.first(name: "content-type") == "text/event-stream")
        #expect(client.headers.first(name: "cache-control") == "no-store")
        #expect(client.headers.first(name: "x-accel-buffering") == "no")
        #expect(client.headers.first(name: "content-length") == nil)
        var events = [try #require(try await client.next())]
        #expect(client.parser.comments == ["connected"])
        #expect(client.parser.retry == 2000)
        let delivery = try #require(
          try await gateway.store.fetch(FetchRequest(queues: ["sums"], limit: 1, worker: "celery@test")).first)
        events.append(try #require(try await client.next()))
        let token = delivery.lease.token
        let value = RawJSON(unchecked: Array("{\"current\": 1,\n\"total\": 2}".utf8))
        _ = try await gateway.store.report([ProgressReport(delivery.key, token: token, value: value)])
        events.append(try #require(try await client.next()))
        try await gateway.store.append([
          TaskLogLine(delivery.key, attempt: 1, time: Timestamp(seconds: 0), level: "stdout", text: "half\nway")
        ])
        events.append(try #require(try await client.next()))
        _ = try await gateway.store.settle([Settlement(delivery, .success(.true))])
        return events + (try await client.rest())
      }
      #expect(
        events.map(\.summary) == [
          "task PENDING", "task STARTED", "progress PROGRESS", "log", "task SUCCESS", "end SUCCESS",
        ])
      #expect(events[2].json["progress"]?["total"]?.int64Value == 2)
      #expect(events[4].json["progress"] == .null, "the last report is of before the end")
      #expect(events[3].json["text"]?.stringValue == "half\nway")
      let shown = try await gateway.get("/v1/tasks/\(id)").text
      #expect(events[4].data == shown.replacing("\n", with: " "), "as GET shows it, on one line")
    }
  }

  @Test("A task that has ended is told with its log, then the stream ends; who has seen that is answered 204")
  func ended() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      try await gateway.settle(.success(.null))
      let path = "/v1/tasks/\(id)/events"
      let first = try await gateway.follow(path) { try await $0.rest() }
      #expect(first.map(\.summary) == ["task SUCCESS", "end SUCCESS"])
      let again = try await gateway.follow(path, after: first[0].id) { try await $0.rest() }
      #expect(again.map(\.name) == ["end"], "the state was seen, the end was not")
      let stop = try await gateway.get(path, headers: [("Last-Event-ID", first[1].id)])
      #expect(stop.status == 204)
      #expect(stop.body.isEmpty)
      _ = try await gateway.store.control([.redrive(TaskKey(id))])
      let after = try await gateway.follow(path, after: first[1].id) { try await $0.next() }
      #expect(after?.summary != "end SUCCESS")
    }
  }

  @Test("Unknown tasks, broken places and unknown filters are refused")
  func refused() async throws {
    try await RunningGateway.run { gateway in
      try await gateway.get("/v1/tasks/none/events").expectProblem(404, "unknown-task-id")
      let id = try await gateway.submit()
      for path in ["/v1/events", "/v1/tasks/\(id)/events"] {
        try await gateway.get(path + "?last_event_id=abc").expectProblem(400, "invalid-event-id")
        try await gateway.get(path, headers: [("Last-Event-ID", "-1")]).expectProblem(400, "invalid-event-id")
        try await gateway.get(path + "?last-event-id=1").expectProblem(400, "unknown-parameter")
      }
      let typo = try await gateway.get("/v1/events?state=SUCESS")
      typo.expectProblem(400, "invalid-parameter")
      #expect(typo.string("hint")?.contains("'SUCCESS'") == true)
      try await gateway.get("/v1/events?state=").expectProblem(400, "invalid-parameter")
    }
  }

  @Test("HEAD says what GET would be, without opening a stream")
  func head() async throws {
    var settings = GatewaySettings()
    settings.limits.maximumStreams = 0
    try await RunningGateway.run(settings) { gateway in
      let id = try await gateway.submit()
      for path in ["/v1/events", "/v1/tasks/\(id)/events"] {
        let reply = try await gateway.send(.HEAD, path)
        #expect(reply.status == 200)
        #expect(reply["content-type"] == "text/event-stream")
        try await gateway.get(path).expectProblem(503, "too-many-streams")
        #expect(try await gateway.get(path)["retry-after"] == "5")
      }
    }
  }

  @Test("The stream of all tasks is filtered, and the query's place gives way to the field's")
  func filters() async throws {
    try await RunningGateway.run { gateway in
      let first = try await gateway.submit()
      let second = try await gateway.submit(#"{"task": "demo.echo", "kwargs": {"value": 1}}"#)
      try await gateway.settle(.success(.null))
      let states = try await gateway.follow("/v1/events?state=PENDING,SUCCESS&last_event_id=0") { client in
        [try await client.next(), try await client.next()]
      }
      #expect(states.map { $0?.task } == [second.text, first.text])
      #expect(states[1]?.json["worker"]?.stringValue == "celery@test")
      let place = try #require(states[0]?.id)
      let after = try await gateway.follow("/v1/events?last_event_id=0", after: place) { try await $0.next() }
      #expect(after?.task == first.text)
      let echoes = try await gateway.follow("/v1/events?task=demo.echo&queue=default&last_event_id=0") {
        try await $0.next()
      }
      #expect(echoes?.task == second.text)
    }
  }

  @Test("Silence is broken by heartbeats, which carry the place on")
  func heartbeats() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      try await gateway.follow("/v1/events?state=REVOKED") { client in
        _ = try await client.comments(1)
        let begin = client.parser.lastEventID
        try await gateway.submit()
        for beat in 2...4 {
          await time.waitForSleepers(2)  // the health monitor and the beat
          time.advance(by: .seconds(15))
          #expect(try await client.comments(beat).last == "heartbeat")
        }
        #expect(client.parser.lastEventID != begin)
      }
    }
  }

  @Test("A graceful shutdown says so on every stream and ends it")
  func shutdown() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      try await gateway.follow("/v1/events?last_event_id=0") { all in
        #expect(try await all.next()?.name == "task")
        let one = try await gateway.follow("/v1/tasks/\(id)/events") { one in
          #expect(try await one.next()?.name == "task")
          await gateway.group.triggerGracefulShutdown()
          return try await one.rest()
        }
        #expect(one.map(\.name) == ["shutdown"])
        #expect(try await all.rest().map(\.name) == ["shutdown"])
      }
    }
  }

  @Test("A client that does not read its stream does not hold up a shutdown")
  func stuckClient() async throws {
    var settings = GatewaySettings()
    settings.limits.linger = .milliseconds(200)
    try await RunningGateway.run(settings) { gateway in
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.autoRead, value: false).channelOption(.socketOption(.so_rcvbuf), value: 4096)
        .connect(host: "127.0.0.1", port: gateway.port).get()
      let head = "GET /v1/events?last_event_id=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"
      try await channel.writeAndFlush(ByteBuffer(string: head))
      let name = String(repeating: "x", count: 200)
      for round in 0..<100 {
        _ = try await gateway.store.submit(
          (0..<500).map { Submission(TaskMessage(id: TaskID(stored: "\(round)-\($0)"), task: name)) })
      }
      await gateway.group.triggerGracefulShutdown()
      // `run` returns when the group has ended; the time limit of the suite is the check.
      try? await channel.close()
    }
  }

  @Test("A client that leaves frees its stream at once, whatever it was waiting for")
  func left() async throws {
    var settings = GatewaySettings()
    settings.limits.maximumStreams = 1
    try await RunningGateway.run(settings) { gateway in
      let id = try await gateway.submit()
      for path in ["/v1/events", "/v1/tasks/\(id)/events", "/v1/events"] {
        var status = 503
        // The end of a connection takes its moment to arrive.
        while status == 503 {
          status = try await gateway.follow(path) { client in
            if client.status == 200 { _ = try await client.comments(1) }
            return client.status
          }
        }
        #expect(status == 200)
      }
    }
  }
}
