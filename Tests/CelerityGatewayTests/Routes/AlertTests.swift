import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct AlertTests {
  private func alert(_ kind: String, _ description: String, _ seconds: Int64, task: TaskID? = nil) -> Alert {
    Alert(kind, description, service: "shop", task: task, time: Timestamp(seconds: seconds))
  }

  @Test("Alerts are listed, the newest first, of a kind and up to a number")
  func list() async throws {
    let alerts = RecordingAlerts()
    try await alerts.raise(alert("fraud", "one", 1))
    try await alerts.raise(alert("Personal data", "two", 2, task: TaskID("t2")))
    try await alerts.raise(alert("fraud", "three", 3))
    try await RunningGateway.run(alerts: alerts) { gateway in
      func descriptions(_ path: String) async throws -> [String] {
        (try await gateway.get(path).json["alerts"]?.elements() ?? []).compactMap { $0["description"]?.stringValue }
      }
      #expect(try await descriptions("/v1/alerts") == ["three", "two", "one"])
      #expect(try await descriptions("/v1/alerts?kind=fraud") == ["three", "one"])
      #expect(try await descriptions("/v1/alerts?limit=1") == ["three"])
      #expect(try await descriptions("/v1/alerts?kind=none").isEmpty)
      let first = try #require(
        try await gateway.get("/v1/alerts?kind=Personal%20data").json["alerts"]?.elements()?.first)
      #expect(
        first.description == #"{"kind":"Personal data","description":"two","service":"shop","task_id":"t2","#
          + #""time":"1970-01-01T00:00:02.000000Z"}"#)
      for wrong in ["0", "1001", "x"] {
        try await gateway.get("/v1/alerts?limit=\(wrong)").expectProblem(400, "invalid-parameter")
      }
    }
  }
}
