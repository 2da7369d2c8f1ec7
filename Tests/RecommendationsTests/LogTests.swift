import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

@testable import Recommendations

@Suite struct LogTests {
  private let platform = TestPlatform()

  /// What is written down of calls, in order.
  private var requests: [TelemetryPoint] { platform.telemetry.points.filter { $0.tags["kind"] == "request" } }

  private func submit(_ role: String = "admin") async throws -> TestPlatform.Answer {
    try await platform.call("POST", "/recommendations", #"{"your_song": "Yesterday", "your_role": "\#(role)"}"#)
  }

  @Test("S2.14, S2.15, C2.1: every call is a point with fields, also a refused one")
  func calls() async throws {
    let id = try await submit().body.text("task_id")
    _ = try await submit("user")
    _ = try await platform.call("POST", "/recommendations", "{}")
    for path in ["/", "/health", "/result/\(id)", "/result/none", "/health/log"] {
      _ = try await platform.call("GET", path)
    }
    #expect(requests.count == 8)
    for point in requests {
      #expect(point.measurement == "interaction")
      #expect(point.tags["service"] == "web")
      #expect(point.fields["message"] != nil && point.fields["status"] != nil)
      #expect(point.time == platform.time.now)
    }
    let codes = requests.map { $0.fields["status_code"] }
    #expect(codes == [202, 403, 422, 200, 200, 200, 404, 200].map { .integer($0) })
    #expect(requests[0].fields["task_id"] == .text(id))
    #expect(requests[1].fields["message"] == .text("Recommendation refused"))
    #expect(requests[5].fields["status"] == .text("Pending"))
  }

  @Test("S2.14: an alert is a point too")
  func alert() async throws {
    _ = try await submit("user")
    let alerts = platform.telemetry.points.filter { $0.tags["kind"] == "alert" }
    #expect(alerts.map { $0.fields["message"] } == [.text("Alert: Fraud attempt")])
  }

  @Test("S2.14: what becomes of a task is written down by its worker")
  func tasks() async throws {
    let id = try await submit().body.text("task_id")
    try await platform.finishOne()
    let points = platform.telemetry.points.filter { $0.tags["kind"] == "task" }
    #expect(points.map { $0.fields["status"] } == [.text("In Progress"), .text("Success")])
    for point in points {
      #expect(point.tags["service"] == "worker")
      #expect(point.fields["task_id"] == .text(id))
    }
  }

  @Test("C2.7: what clients send makes no new tags, so that the log stays small")
  func tags() async throws {
    for number in 0..<50 { _ = try await submit("user\(number)") }
    #expect(Set(platform.telemetry.points.map(\.tags)).count == 2)
  }
}
