import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct SchedulePreviewTests {
  @Test("The next moments of a schedule are told without storing anything")
  func preview() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.get(
        "/v1/schedules:next?schedule=0%206%20*%20*%201&timezone=Europe/Berlin&count=2&after=2026-03-20T00:00:00Z")
      #expect(reply.status == 200, "\(reply.text)")
      #expect(reply.string("schedule") == "0 6 * * 1 Europe/Berlin")
      #expect(reply.string("timezone") == "Europe/Berlin")
      #expect(reply.string("description")?.contains("Monday") == true)
      // Berlin's summer time begins on 29 March 2026.
      #expect(
        reply.json["next"]?.description == #"["2026-03-23T05:00:00.000000Z","2026-03-30T04:00:00.000000Z"]"#)
      #expect(try await gateway.get("/v1/schedules").text == #"{"schedules":[]}"#)
    }
  }

  @Test("Intervals count from the moment given, once is once, and five are told unless more are asked for")
  func forms() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      let interval = try await gateway.get("/v1/schedules:next?schedule=every%2030s")
      #expect(interval.json["next"]?.elements()?.count == 5)
      #expect(interval.json["next"]?.elements()?.first?.stringValue == (time.now + .seconds(30)).rfc3339)
      let once = try await gateway.get("/v1/schedules:next?schedule=at%202040-01-01T00:00:00Z&count=100")
      #expect(once.json["next"]?.elements()?.count == 1)
      let never = try await gateway.get("/v1/schedules:next?schedule=at%202001-01-01T00:00:00Z")
      #expect(never.json["next"]?.description == "[]")
      let hundred = try await gateway.get("/v1/schedules:next?schedule=0%200%2029%202%20*&count=100")
      #expect(hundred.status == 200)
    }
  }

  @Test("A schedule that can't be read is told with its place and a hint")
  func broken() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.get("/v1/schedules:next?schedule=*/0%20*%20*%20*%20*")
      reply.expectProblem(422, "invalid-schedule")
      #expect(reply.string("detail")?.contains("at character") == true)
      for path in ["schedule=", "schedule=@daily&timezone=Atlantis", "schedule=1-1000000000%20*%20*%20*%20*"] {
        try await gateway.get("/v1/schedules:next?\(path)").expectProblem(422, "invalid-schedule")
      }
      for path in ["", "?schedule=@daily&count=0", "?schedule=@daily&count=101", "?schedule=@daily&after=tomorrow"] {
        try await gateway.get("/v1/schedules:next\(path)").expectProblem(400, "invalid-parameter")
      }
    }
  }
}
