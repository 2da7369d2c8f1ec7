import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

@testable import Finance

/// Every code of the service's errors that its routes can give, provoked. `PAYLOAD_TOO_LARGE`, `METHOD_NOT_ALLOWED` and
/// `UNSUPPORTED_MEDIA_TYPE` come from the gateway and are provoked in `Tests/Drill/test_finance.py`.
@Suite struct ErrorCodeTests {
  private static let body = #"{"data": {"amount": 10000, "rate": 0.05}}"#
  private let store = BrokenStore()
  private let service = FinanceService()

  private func expect(
    _ status: Int, _ code: String, _ method: String, _ path: String, _ body: String = "", limit: Int? = nil
  ) async throws -> (RawJSON, [String: String]) {
    let answer = try await TestPlatform(queueLimit: limit, broken: store).call(method, path, body, service: service)
    #expect(answer.status == status)
    let error = try #require(answer.body["error"])
    #expect(error.names == ["code", "message", "details", "request_id"])
    #expect(try error.text("code") == code)
    #expect(try !error.text("message").isEmpty)
    #expect(try error.text("request_id") == "request-1")
    return (error, answer.headers)
  }

  @Test("S4.07: TASK_NOT_FOUND: an id nobody has, and one whose record is gone")
  func notFound() async throws {
    _ = try await expect(404, "TASK_NOT_FOUND", "GET", "/tasks/nobody")
    let platform = TestPlatform(broken: store)
    let id = try await platform.call("POST", "/tasks", Self.body, service: service).body.text("task_id")
    try await platform.finishOne(after: .seconds(1))
    platform.time.advance(by: .seconds(8 * 86_400))
    _ = try await store.base.maintain(MaintenanceRequest())
    _ = try await expect(404, "TASK_NOT_FOUND", "GET", "/tasks/\(id)")
  }

  @Test("S4.07: VALIDATION_ERROR and INVALID_TASK: a body that is wrong")
  func wrong() async throws {
    _ = try await expect(422, "VALIDATION_ERROR", "POST", "/tasks", "{")
    _ = try await expect(422, "VALIDATION_ERROR", "POST", "/tasks", #"{"data": {"amount": -1, "rate": 0.1}}"#)
    _ = try await expect(422, "INVALID_TASK", "POST", "/tasks", #"{"data": {}}"#)
  }

  @Test("S4.07, S4.36: QUEUE_FULL: as many wait as the limit allows")
  func full() async throws {
    _ = try await TestPlatform(broken: store).call("POST", "/tasks", Self.body, service: service)
    let (error, headers) = try await expect(503, "QUEUE_FULL", "POST", "/tasks", Self.body, limit: 1)
    #expect(headers["Retry-After"] == "30")
    #expect(error["details"]?["current_size"] == .integer(1))
  }

  @Test("S4.07: TASK_TIMEOUT: a task that has not ended in time")
  func timeout() async throws {
    let id = try await TestPlatform(broken: store).call("POST", "/tasks", Self.body, service: service)
      .body.text("task_id")
    _ = try await expect(504, "TASK_TIMEOUT", "GET", "/tasks/\(id)?wait=0")
  }

  @Test(
    "S4.07, S4.41: BROKER_CONNECTION_ERROR: a store that can't be reached, is full, or was closed",
    arguments: [EngineError.Code.unavailable, .storageFull, .closed])
  func unavailable(code: EngineError.Code) async throws {
    store.fail(.submit, .records, .list, .changes, with: code)
    for (method, path) in [("POST", "/tasks"), ("GET", "/tasks/a"), ("GET", "/tasks")] {
      let (_, headers) = try await expect(503, "BROKER_CONNECTION_ERROR", method, path, Self.body)
      #expect(headers["Retry-After"].flatMap { Int($0) } ?? 0 > 0)
    }
  }

  @Test("S4.07: INTERNAL_ERROR: a store that can't be trusted; what was wrong stays inside")
  func broken() async throws {
    store.fail(.submit, .records, .tally, with: .corrupt)
    for (method, path) in [("POST", "/tasks"), ("GET", "/tasks/a"), ("GET", "/tasks")] {
      let (error, _) = try await expect(500, "INTERNAL_ERROR", method, path, Self.body)
      #expect(try !error.text("message").contains("is broken"))
    }
  }

  @Test("A failing estimate, tally of what waits or worker list refuses nobody")
  func hints() async throws {
    store.fail(.queues, .workers)
    let answer = try await TestPlatform(broken: store).call("POST", "/tasks", Self.body, service: service)
    #expect(answer.status == 202)
    #expect(answer.body["estimated_wait_time_seconds"] == .null)
    store.fail(.tally)
    let health = try await TestPlatform(broken: store).call("GET", "/api/v1/health", service: service)
    #expect(health.status == 200)
    #expect(health.body["queue_stats"]?["high"] == .null)
  }
}
