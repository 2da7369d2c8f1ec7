import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct ControlTests {
  @Test("A waiting task is revoked at once; a second wish is refused naming the state")
  func cancelWaiting() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      let reply = try await gateway.post("/v1/tasks/\(id):cancel")
      #expect(reply.status == 202)
      #expect(reply.string("state") == "REVOKED")
      let again = try await gateway.post("/v1/tasks/\(id):cancel")
      again.expectProblem(409, "already-finished")
      #expect(again.string("detail")?.contains("REVOKED") == true)
      let result = try await gateway.get("/v1/tasks/\(id)/result")
      #expect(result.status == 200)
      #expect(result.json["error"]?["type"]?.stringValue == "TaskRevokedError")
      #expect(result.json["error"]?["reason"]?.stringValue == "revoked")
    }
  }

  @Test("A running task is asked to stop")
  func cancelRunning() async throws {
    try await RunningGateway.run { gateway in
      let id = try await gateway.submit()
      _ = try await gateway.store.fetch(FetchRequest(queues: ["sums"], limit: 1, worker: "celery@test"))
      let reply = try await gateway.post("/v1/tasks/\(id):cancel")
      #expect(reply.status == 202)
      #expect(reply.string("state") == "STARTED")
      #expect(reply.json["cancel_requested"]?.boolValue == true)
    }
  }

  @Test("A task whose record is gone can't be cancelled any more: 410")
  func cancelExpired() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      let id = try await gateway.submit()
      try await gateway.settle(.success(.null))
      time.advance(by: .seconds(20))
      _ = try await gateway.store.maintain(MaintenanceRequest(retention: Retention(success: .seconds(10))))
      try await gateway.post("/v1/tasks/\(id):cancel").expectProblem(410, "result-expired")
    }
  }

  @Test("Queues are listed with their depths, paused, resumed and purged")
  func queues() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.submit()
      _ = try await gateway.submit(#"{"task": "demo.add", "args": [1], "countdown": 60}"#)
      let paused = try await gateway.post("/v1/queues/sums:pause")
      #expect(paused.status == 200)
      #expect(paused.text == #"{"queue":"sums","paused":true}"#)
      let queue = try #require(try await gateway.get("/v1/queues/sums").json as RawJSON?)
      #expect(queue["name"]?.stringValue == "sums")
      #expect(queue["depth"]?.int64Value == 2)
      #expect(queue["ready"]?.int64Value == 1)
      #expect(queue["delayed"]?.int64Value == 1)
      #expect(queue["running"]?.int64Value == 0)
      #expect(queue["paused"]?.boolValue == true)
      #expect(queue["oldest_ready_at"]?.stringValue?.hasSuffix("Z") == true)
      #expect(try await gateway.post("/v1/queues/sums:resume").text == #"{"queue":"sums","paused":false}"#)
      #expect(try await gateway.post("/v1/queues/sums:purge").text == #"{"queue":"sums","purged":2}"#)
    }
  }

  @Test("Workers are listed as they describe themselves")
  func workers() async throws {
    try await RunningGateway.run { gateway in
      #expect(try await gateway.get("/v1/workers").text == #"{"workers":[]}"#)
      try await gateway.store.announce(.named("celery@far", tasks: ["demo.add"]), for: .seconds(60))
      let worker = try #require(try await gateway.get("/v1/workers").json["workers"]?.elements()?.first)
      #expect(worker["name"]?.stringValue == "celery@far")
      #expect(worker["concurrency"]?.int64Value == 4)
      #expect(worker["tasks"]?.description == #"["demo.add"]"#)
      #expect(worker["started_at"]?.stringValue == "2023-11-14T22:13:20.000000Z")
    }
  }

  @Test("The root tells name, version and links, and every link is there")
  func index() async throws {
    try await RunningGateway.run(GatewaySettings(version: "1.2.3")) { gateway in
      let reply = try await gateway.get("/")
      #expect(reply.string("name") == "celerity")
      #expect(reply.string("version") == "1.2.3")
      let links = try #require(reply.json["links"]?.members())
      for name in ["tasks", "schedules", "dead", "kinds", "health", "docs"] {
        #expect(reply.json["links"]?[name] != nil, "\(name)")
      }
      for link in links {
        #expect(try await gateway.get(link.value.stringValue ?? "").status == 200, "\(link.name)")
      }
    }
  }

  @Test("Each problem's page explains it")
  func problemPages() async throws {
    try await RunningGateway.run { gateway in
      let type = try await gateway.get("/v1/tasks/x").string("type")
      let page = try await gateway.get(try #require(type))
      #expect(page.status == 200)
      #expect(page["content-type"] == "text/plain; charset=utf-8")
      #expect(page.text.hasPrefix("Unknown task id"))
    }
  }
}
