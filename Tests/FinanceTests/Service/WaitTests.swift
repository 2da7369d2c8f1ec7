import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Finance

@Suite struct WaitTests {
  private let platform = TestPlatform()
  private let service = FinanceService()

  private func submit() async throws -> String {
    try await platform.call("POST", "/tasks", #"{"data": {"amount": 1, "rate": 0.1}}"#, service: service)
      .body.text("task_id")
  }

  @Test("A waiting request is answered when the task ends")
  func ends() async throws {
    let id = try await submit()
    let feed = Task { await platform.environment.tasks.waiter.run() }
    defer { feed.cancel() }
    async let waiting = platform.call("GET", "/tasks/\(id)?wait=30", service: service)
    await platform.time.waitForSleepers()
    try await platform.finishOne(after: .seconds(1))
    let answer = try await waiting
    #expect(answer.status == 200)
    #expect(try answer.body.text("status") == "SUCCESS")
  }

  @Test("A task that does not end in the time to wait is TASK_TIMEOUT")
  func timeout() async throws {
    let id = try await submit()
    async let waiting = platform.call("GET", "/tasks/\(id)?wait=2.5", service: service)
    await platform.time.waitForSleepers()
    platform.time.advance(by: .milliseconds(2500))
    let answer = try await waiting
    #expect(answer.status == 504)
    #expect(answer.headers["Retry-After"] == "1")
    let error = try #require(answer.body["error"])
    #expect(try error.text("code") == "TASK_TIMEOUT")
    #expect(error["details"]?.description == #"{"task_id":"\#(id)","status":"PENDING","wait_seconds":2.5}"#)
  }

  @Test("A shutdown ends the waiting at once", .timeLimit(.minutes(1)))
  func shutdown() async throws {
    let id = try await submit()
    async let waiting = platform.call("GET", "/tasks/\(id)?wait=30", service: service)
    await platform.time.waitForSleepers()
    platform.environment.tasks.waiter.endWaits()
    #expect(try await waiting.status == 504)
    #expect(try await platform.call("GET", "/tasks/\(id)?wait=30", service: service).status == 504)
    #expect(try await platform.call("GET", "/tasks/\(id)", service: service).status == 200)
  }

  @Test("Without a time to wait nobody waits; an ended task is shown at once")
  func atOnce() async throws {
    let id = try await submit()
    #expect(try await platform.call("GET", "/tasks/\(id)", service: service).status == 200)
    #expect(try await platform.call("GET", "/tasks/\(id)?wait=0", service: service).status == 504)
    #expect(try await platform.call("GET", "/tasks/nobody?wait=30", service: service).status == 404)
    try await platform.finishOne(after: .seconds(1))
    for query in ["", "?wait=0", "?wait=30"] {
      #expect(try await platform.call("GET", "/tasks/\(id)\(query)", service: service).status == 200)
    }
  }

  @Test("A time to wait that is none is 422", arguments: ["", "x", "-1", "30.1", "inf", "nan", "1e9", "0x1"])
  func refused(text: String) async throws {
    let answer = try await platform.call("GET", "/tasks/a?wait=\(text)", service: service)
    #expect(answer.status == 422)
    #expect(answer.body["error"]?["details"]?["/wait"] != nil)
  }
}
