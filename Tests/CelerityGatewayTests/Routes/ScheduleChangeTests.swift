import CelerityCore
import CelerityCron
import CelerityGateway
import CelerityJSON
import CelerityRoutes
import CelerityTesting
import NIOHTTP1
import Testing

@Suite struct ScheduleChangeTests {
  private static let body = #"{"schedule": "every 1h", "task": "demo.add", "args": [1]}"#

  @Test("PUT adds, then replaces; a pause stays unless the body says otherwise")
  func put() async throws {
    try await RunningGateway.run { gateway in
      let added = try await gateway.put("/v1/schedules/hourly", Self.body)
      #expect(added.status == 201, "\(added.text)")
      #expect(added["location"] == "/v1/schedules/hourly")
      _ = try await gateway.post("/v1/schedules/hourly:pause")
      let replaced = try await gateway.put(
        "/v1/schedules/hourly",
        #"{"name": "hourly", "schedule": "every 2h", "task": "demo.echo", "args": [1], "priority": 3}"#)
      #expect(replaced.status == 200)
      #expect(replaced.string("schedule") == "every 2h")
      #expect(replaced.string("queue") == "default")
      #expect(replaced.json["priority"]?.int64Value == 3)
      #expect(replaced.json["paused"]?.boolValue == true)
      let resumed = try await gateway.put(
        "/v1/schedules/hourly", #"{"schedule": "every 2h", "task": "demo.echo", "args": [1], "paused": false}"#)
      #expect(resumed.json["paused"]?.boolValue == false)
      #expect(resumed.json["priority"] == .null, "what the body leaves out gets its default")
    }
  }

  @Test(
    "What a schedule shows can be put again and changes nothing",
    arguments: ["0 4 * * 1 Europe/Berlin", "every 90s", "@daily"])
  func roundTrip(_ text: String) async throws {
    try await RunningGateway.run { gateway in
      let first = try await gateway.put(
        "/v1/schedules/s", #"{"schedule": "\#(text)", "task": "demo.echo", "args": [[1.0, "é"]]}"#)
      let fields = ["name", "schedule", "timezone", "task", "args", "kwargs", "queue", "priority", "paused"]
      let members = try #require(first.json.members()).filter { fields.contains($0.name) }
      let second = try await gateway.put(
        "/v1/schedules/s", RawJSON.object(members.map { ($0.name, $0.value) }).description)
      #expect(second.status == 200)
      #expect(second.json == first.json)
    }
  }

  @Test("Another name in the body than in the path, or one that can't be, is refused")
  func names() async throws {
    try await RunningGateway.run { gateway in
      let other = try await gateway.put(
        "/v1/schedules/a", #"{"name": "b", "schedule": "every 1h", "task": "demo.add", "args": [1]}"#)
      other.expectProblem(422, "invalid-schedule")
      try await gateway.put("/v1/schedules/a%20b", Self.body).expectProblem(422, "invalid-schedule")
    }
  }

  @Test("A change on an old version is refused: 412")
  func ifMatch() async throws {
    try await RunningGateway.run { gateway in
      let first = try #require(try await gateway.put("/v1/schedules/s", Self.body)["etag"])
      try await gateway.put("/v1/schedules/new", Self.body, headers: [("If-Match", "*")])
        .expectProblem(412, "precondition-failed")
      let second = try #require(
        try await gateway.put("/v1/schedules/s", Self.body, headers: [("If-Match", first)])["etag"])
      try await gateway.put("/v1/schedules/s", Self.body, headers: [("If-Match", first)])
        .expectProblem(412, "precondition-failed")
      let stale = try await gateway.send(.DELETE, "/v1/schedules/s", headers: [("If-Match", first)])
      stale.expectProblem(412, "precondition-failed")
      let deleted = try await gateway.send(.DELETE, "/v1/schedules/s", headers: [("If-Match", "\"x\", \(second)")])
      #expect(deleted.status == 204)
    }
  }

  @Test("A deleted schedule is gone, with what was remembered of it")
  func delete() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.put("/v1/schedules/s", Self.body)
      let deleted = try await gateway.send(.DELETE, "/v1/schedules/s")
      #expect(deleted.status == 204)
      #expect(deleted.body.isEmpty)
      try await gateway.get("/v1/schedules/s").expectProblem(404, "unknown-schedule")
      try await gateway.send(.DELETE, "/v1/schedules/s").expectProblem(404, "unknown-schedule")
      #expect(try await gateway.put("/v1/schedules/s", Self.body).status == 201)
    }
  }

  @Test("A service's schedule can be paused and run, not replaced or deleted")
  func ofService() async throws {
    try await RunningGateway.run { gateway in
      let entry = ScheduleEntry(
        "shop.nightly", .interval(seconds: 60), task: "demo.add", args: .array([.integer(1)]), queue: "sums")
      let definition = try ScheduleDefinition(entry, source: .service("shop"), at: Timestamp(seconds: 0))
      _ = try await gateway.store.write([
        DocumentWrite(ScheduleDefinition.key("shop.nightly", tenant: .default), try definition.document)
      ])
      #expect(try await gateway.get("/v1/schedules/shop.nightly").string("source") == "service:shop")
      try await gateway.put("/v1/schedules/shop.nightly", Self.body).expectProblem(409, "schedule-of-service")
      try await gateway.send(.DELETE, "/v1/schedules/shop.nightly").expectProblem(409, "schedule-of-service")
      #expect(try await gateway.post("/v1/schedules/shop.nightly:pause").json["paused"]?.boolValue == true)
      #expect(try await gateway.post("/v1/schedules/shop.nightly:run").status == 202)
    }
  }

  @Test("Of many who change it at once none is lost")
  func concurrent() async throws {
    try await RunningGateway.run { gateway in
      _ = try await gateway.put("/v1/schedules/s", Self.body)
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<8 {
          group.addTask {
            try await gateway.post("/v1/schedules/s:\(number % 2 == 0 ? "pause" : "resume")").status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.allSatisfy { $0 == 200 || $0 == 409 }, "\(statuses)")
      #expect(statuses.contains(200))
    }
  }

  @Test("More schedules than one page of the store are listed by name")
  func many() async throws {
    try await RunningGateway.run { gateway in
      let entry = ScheduleEntry("any", .interval(seconds: 60), task: "demo.echo")
      let value = try ScheduleDefinition(entry, source: .api, at: Timestamp(seconds: 0)).document
      let names = (0..<1100).map { "s\($0)" }
      _ = try await gateway.store.write(
        names.map { DocumentWrite(ScheduleDefinition.key($0, tenant: .default), value) })
      let listed = try await gateway.get("/v1/schedules").json["schedules"]?.elements()?.compactMap {
        $0["name"]?.stringValue
      }
      #expect(listed == names.sorted())
    }
  }
}
