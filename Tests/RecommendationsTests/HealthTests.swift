import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Recommendations

@Suite struct HealthTests {
  private static func platform(
    _ target: String = "http://127.0.0.1:8000/recommendations/health",
    _ script: @escaping ScriptedWeb.Script = { _, _ in WebResponse(status: 200) }
  ) -> TestPlatform {
    TestPlatform([RecommendationsService.targetURL.name: .text(target)], web: script)
  }

  /// A message as the scheduler makes it for a moment.
  private func check(at slot: Timestamp) -> TaskMessage {
    TaskMessage(
      id: ScheduleDefinition.taskID(CheckHealth.scheduleName, slot: slot.wholeSeconds), task: CheckHealth.name)
  }

  private func checks(_ platform: TestPlatform, _ query: String = "") async throws -> [RawJSON] {
    let answer = try await platform.call("GET", "/health/log\(query)")
    #expect(answer.status == 200)
    return try #require(answer.body["checks"]?.elements())
  }

  @Test("S2.13: a health request is due every ten seconds, at a fixed rate")
  func schedule() throws {
    let entry = try #require(RecommendationsService().schedules.first)
    #expect(entry.task == CheckHealth.name)
    #expect(entry.queue == RecommendationsService.queue)
    #expect(entry.priority == Priority(9))
    var machine = PeriodicMachine(entry.schedule, since: 1000, seen: 1000)
    var slots: [Int64] = []
    for now in Int64(1000)...1061 {
      // A scheduler that is late by seconds now and then does not shift what comes after.
      guard now % 7 != 3, let slot = machine.due(entry.schedule, at: now) else { continue }
      machine.fired(slot)
      slots.append(slot)
    }
    #expect(slots == [1010, 1020, 1030, 1040, 1050, 1060])
  }

  @Test("S2.13, S2.14: each request is a point and a line of the log, newest first")
  func log() async throws {
    let platform = Self.platform()
    for _ in 0..<3 {
      platform.time.advance(by: .seconds(10))
      let result = try await platform.run(check(at: platform.time.now))
      #expect(try result.text("status") == "ok")
    }
    #expect(
      platform.web.requests.map(\.url) == Array(repeating: "http://127.0.0.1:8000/recommendations/health", count: 3))
    #expect(platform.web.requests.allSatisfy { $0.method == "GET" && $0.timeout == .seconds(5) })
    let checks = try await checks(platform)
    #expect(try checks.map { try $0.text("time") } == ["30", "20", "10"].map { "2026-11-21T05:00:\($0).000000Z" })
    #expect(checks.allSatisfy { $0["healthy"] == .true && $0["status_code"]?.int64Value == 200 })
    #expect(try await self.checks(platform, "?limit=1") == [checks[0]])
    let points = platform.telemetry.points.filter { $0.tags["kind"] == "health_check" }
    #expect(points.count == 3)
    #expect(points.allSatisfy { $0.tags["service"] == "scheduler" && $0.fields["status"] == .text("ok") })
  }

  @Test("S2.13: failures are logged and do not stop it")
  func failures() async throws {
    let platform = Self.platform { _, number in
      switch number {
      case 1: throw WebError(.unreachable, "connection refused")
      case 2: return WebResponse(status: 503)
      default: return WebResponse(status: 200)
      }
    }
    var words: [String] = []
    let port = TestPort()
    for _ in 0..<3 {
      platform.time.advance(by: .seconds(10))
      words.append(try await platform.run(check(at: platform.time.now), port: port).text("status"))
    }
    #expect(words == ["failed", "failed", "ok"])
    let errors = try await checks(platform).map { $0["error"]?.stringValue }
    #expect(errors == [nil, "it answers HTTP 503", "unreachable: connection refused"])
    #expect(
      port.lines == [
        "warning: Health check failed: unreachable: connection refused",
        "warning: Health check failed: it answers HTTP 503", "info: Health check",
      ])
    let points = platform.telemetry.points.filter { $0.tags["kind"] == "health_check" }
    #expect(points.map { $0.fields["status"] } == [.text("failed"), .text("failed"), .text("ok")])
  }

  @Test("S2.13: a store that is away does not stop it either")
  func storeAway() async throws {
    let platform = Self.platform()
    platform.documents.setAway(true)
    let port = TestPort()
    #expect(try await platform.run(check(at: platform.time.now), port: port).text("status") == "ok")
    #expect(port.lines.last == "warning: the health log can't be written: the store is away")
    #expect(platform.telemetry.points.count == 1)
    #expect(try await platform.call("GET", "/health/log").status == 503)
  }

  @Test("S2.13: requests that a worker finds late are not made up for")
  func late() async throws {
    let platform = Self.platform()
    let slot = platform.time.now
    platform.time.advance(by: .seconds(10))
    #expect(try await platform.run(check(at: slot)).text("status") == "late")
    #expect(platform.web.requests.isEmpty)
    #expect(try await checks(platform).isEmpty)
    // One that a person submits has no moment to be late for.
    let byHand = TaskMessage(id: TaskID(stored: "mine"), task: CheckHealth.name)
    #expect(try await platform.run(byHand).text("status") == "ok")
  }

  @Test("The log keeps a day")
  func day() async throws {
    let platform = Self.platform()
    for _ in 0..<30 {
      platform.time.advance(by: .seconds(3600))
      _ = try await platform.run(check(at: platform.time.now))
    }
    #expect(try await checks(platform, "?limit=1000").count == 24)
  }

  @Test("C2.5: TARGET_URL says whom to ask; a server without a path is asked at /health")
  func targets() {
    func target(_ text: String) -> HealthTarget {
      HealthTarget(ServiceSettingValues([RecommendationsService.targetURL.name: .text(text)]))
    }
    #expect(RecommendationsService.targetURL.otherEnvironmentNames == ["TARGET_URL"])
    #expect(target("http://web:8000") == .url("http://web:8000/health"))
    #expect(target("http://web:8000/") == .url("http://web:8000/health"))
    #expect(target("https://web/status?x=1") == .url("https://web/status?x=1"))
    for text in ["", "ftp://web", "web:8000", "{gateway}/health"] {
      guard case .nobody(let reason) = target(text) else {
        Issue.record("\(text) is a target")
        continue
      }
      #expect(reason.contains("TARGET_URL"))
    }
  }

  @Test("S2.13: where the gateway's address is not known nobody is asked, and the log says what to do")
  func nobody() async throws {
    let platform = TestPlatform()
    let port = TestPort()
    let result = try await platform.run(check(at: platform.time.now), port: port)
    #expect(try result.text("status") == "nobody")
    #expect(port.lines.first?.contains("TARGET_URL") == true)
    let answer = try await platform.call("GET", "/health/log")
    #expect(try answer.body.text("note").contains("TARGET_URL"))
    #expect(answer.body["checks"] == .emptyArray)
    #expect(platform.telemetry.points.allSatisfy { $0.tags["kind"] == "request" })
  }

  @Test("A length of the log that can't be is 422", arguments: ["0", "1001", "-1", "x", ""])
  func refused(text: String) async throws {
    #expect(try await TestPlatform().call("GET", "/health/log?limit=\(text)").status == 422)
  }
}
