import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Finance

@Suite struct RouteTests {
  private let platform = TestPlatform()
  private let service = FinanceService()
  private static let body = #"{"data": {"amount": 10000, "rate": 0.05}}"#

  private func call(_ method: String, _ path: String, _ body: String = "", tenant: Tenant = .default) async throws
    -> (status: Int, body: RawJSON, headers: [String: String])
  {
    try await platform.call(method, path, body, tenant: tenant, service: service)
  }

  @Test(
    "S4.01, C4.2: A submission is accepted, durable and found at its place", arguments: ["/tasks", "/api/v1/tasks"])
  func submission(path: String) async throws {
    let answer = try await call("POST", path, Self.body)
    #expect(answer.status == 202)
    #expect(answer.body.names == ["task_id", "status", "queue", "message", "estimated_wait_time_seconds"])
    #expect(try answer.body.text("status") == "PENDING")
    #expect(try answer.body.text("queue") == "finance")
    let id = try answer.body.text("task_id")
    #expect(answer.headers["Location"] == "\(path)/\(id)")
    let task = try #require(TaskID(id))
    let record = try #require(try await platform.store.records([TaskKey(task)])[0].record)
    #expect(record.message.task == "finance.compound_interest")
    #expect(record.message.extras.requestID == "request-1")
    #expect(record.message.extras.traceparent == "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
    let shown = try await call("GET", "\(path)/\(id)")
    #expect(shown.status == 200)
    #expect(try shown.body.text("task_id") == id)
  }

  @Test("S4.02: A task shows its priority as sent", arguments: ["high", "medium", "low"])
  func priority(word: String) async throws {
    let body = #"{"data": {"amount": 1, "rate": 0.1}, "priority": "\#(word)", "queue": "reports"}"#
    let id = try await call("POST", "/tasks", body).body.text("task_id")
    let shown = try await call("GET", "/tasks/\(id)").body
    #expect(try shown.text("priority") == word)
    #expect(try shown.text("queue") == "reports")
  }

  @Test("S4.02, C4.11: A task shows real times, in order, and its result at the end")
  func lifeOfATask() async throws {
    let id = try await call("POST", "/tasks", Self.body).body.text("task_id")
    let names = [
      "task_id", "status", "priority", "queue", "result", "error", "created_at", "started_at", "completed_at",
      "processing_time_ms",
    ]
    let pending = try await call("GET", "/tasks/\(id)").body
    #expect(pending.names == names)
    #expect(try pending.text("status") == "PENDING")
    for name in ["result", "error", "started_at", "completed_at", "processing_time_ms"] {
      #expect(pending[name] == .null, "\(name)")
    }
    platform.time.advance(by: .seconds(2))
    let request = FetchRequest(queues: ["finance"], limit: 1, worker: "w1")
    let delivery = try #require(try await platform.store.fetch(request).first)
    let started = try await call("GET", "/tasks/\(id)").body
    #expect(try started.text("status") == "STARTED")
    #expect(started["completed_at"] == .null)
    platform.time.advance(by: .milliseconds(1500))
    _ = try await platform.store.settle([Settlement(delivery, .success(try RawJSON(validating: #"{"total":1}"#)))])
    let ended = try await call("GET", "/tasks/\(id)").body
    #expect(try ended.text("status") == "SUCCESS")
    #expect(ended["result"]?.description == #"{"total":1}"#)
    #expect(try ended.text("created_at") == "2026-11-21T05:00:00.000000Z")
    #expect(try ended.text("started_at") == "2026-11-21T05:00:02.000000Z")
    #expect(try ended.text("completed_at") == "2026-11-21T05:00:03.500000Z")
    #expect(try ended.number("processing_time_ms") == 1500)
  }

  @Test("A failed task shows the type and the words of its error")
  func failure() async throws {
    let id = try await call("POST", "/tasks", Self.body).body.text("task_id")
    let request = FetchRequest(queues: ["finance"], limit: 1, worker: "w1")
    let delivery = try #require(try await platform.store.fetch(request).first)
    let error = FinanceError(.outOfRange, at: .root["rate"], "must be from 0 to 1")
    _ = try await platform.store.settle([Settlement(delivery, .failure(error.taskFailure))])
    let shown = try await call("GET", "/tasks/\(id)").body
    #expect(try shown.text("status") == "FAILURE")
    #expect(try shown.text("error") == "ValueError: /rate: must be from 0 to 1")
    #expect(shown["result"] == .null)
  }

  @Test("A revoked task shows why")
  func revoked() async throws {
    let id = try await call("POST", "/tasks", Self.body).body.text("task_id")
    _ = try await platform.store.cancel([CancelRequest(TaskKey(try #require(TaskID(id))))])
    let shown = try await call("GET", "/tasks/\(id)").body
    #expect(try shown.text("status") == "REVOKED")
    #expect(try shown.text("error") == "revoked")
  }

  @Test(
    "An unknown id is 404 in the service's envelope",
    arguments: ["task_id", "%7Btask_id%7D", "00000000-0000-0000-0000-000000000000", "..%2F..%2Fetc", "a%20b"])
  func unknown(id: String) async throws {
    let answer = try await call("GET", "/tasks/\(id)")
    #expect(answer.status == 404)
    #expect(answer.body.names == ["error"])
    let error = try #require(answer.body["error"])
    #expect(error.names == ["code", "message", "details", "request_id"])
    #expect(try error.text("code") == "TASK_NOT_FOUND")
    #expect(try error.text("request_id") == "request-1")
  }

  @Test("A task is not found by another tenant")
  func tenants() async throws {
    let id = try await call("POST", "/tasks", Self.body).body.text("task_id")
    let other = try #require(Tenant("other"))
    #expect(try await call("GET", "/tasks/\(id)", tenant: other).status == 404)
  }

  @Test(
    "Malformed JSON is 422 like all that is wrong with a body",
    arguments: [
      "", "{", "{]", "amount=1", #"{"data":{"amount":NaN,"rate":0.1}}"#, #"{"data":{"amount":1e400,"rate":0.1}}"#,
      #"{"data":{"amount":1,"amount":2,"rate":0.1}}"#, "{\"a\":\"\u{1}\"}", String(repeating: "[", count: 5000),
    ])
  func malformed(body: String) async throws {
    let answer = try await call("POST", "/tasks", body)
    #expect(answer.status == 422)
    let error = try #require(answer.body["error"])
    #expect(try error.text("code") == "VALIDATION_ERROR")
    #expect(try error.text("request_id") == "request-1")
    #expect(error["details"]?.kind == .object)
    #expect(try await platform.store.queues(of: nil).allSatisfy { $0.depth == 0 })
  }

  @Test("A wrong field is named in the details")
  func details() async throws {
    let answer = try await call("POST", "/tasks", #"{"data": {"amount": "10000", "rate": 0.05}}"#)
    #expect(answer.status == 422)
    #expect(answer.body["error"]?["details"]?["/data/amount"] != nil)
    let unknown = try await call("POST", "/tasks", #"{"data": {"amounts": 1}}"#)
    #expect(try #require(unknown.body["error"]).text("code") == "INVALID_TASK")
    #expect(unknown.body["error"]?["details"]?["hint"] != nil)
  }

  @Test(
    "S4.07: Each status has a code of the service's own",
    arguments: [
      (400, 422, "VALIDATION_ERROR"), (401, 401, "UNAUTHORIZED"), (403, 403, "FORBIDDEN"),
      (404, 404, "TASK_NOT_FOUND"), (405, 405, "METHOD_NOT_ALLOWED"), (408, 408, "REQUEST_TIMEOUT"),
      (409, 409, "CONFLICT"), (410, 410, "TASK_NOT_FOUND"), (413, 413, "PAYLOAD_TOO_LARGE"),
      (415, 415, "UNSUPPORTED_MEDIA_TYPE"), (418, 418, "BAD_REQUEST"), (422, 422, "VALIDATION_ERROR"),
      (429, 429, "RATE_LIMITED"), (500, 500, "INTERNAL_ERROR"), (503, 503, "BROKER_CONNECTION_ERROR"),
      (504, 504, "TASK_TIMEOUT"),
    ])
  func envelope(status: Int, shown: Int, code: String) throws {
    guard case .custom(let envelope) = FinanceEnvelope.envelope else { throw RouteError(500, "x", "no envelope") }
    let request = RouteRequest(method: "GET", path: "/", requestID: "r", traceparent: "")
    let error = RouteError(status, "some-word", "what happened", headers: [("Retry-After", "2")])
    let answer = envelope(error, request)
    #expect(answer.status == shown)
    #expect(answer.headers.map(\.name) == ["Retry-After"])
    guard case .json(let json) = answer.body else { throw RouteError(500, "x", "no JSON") }
    #expect(
      json.description == #"{"error":{"code":"\#(code)","message":"what happened","details":{},"request_id":"r"}}"#)
  }

  @Test("The routes can be mounted and need a body only where they read one")
  func table() throws {
    let table = try RouteTable(service.routes)
    #expect(table.routes.count == 7)
    guard case .methodNotAllowed(let allowed) = table.match("DELETE", "/tasks") else {
      throw RouteError(500, "x", "DELETE is not refused")
    }
    #expect(allowed == ["GET", "HEAD", "POST"])
    #expect(Set(table.routes.map(\.operationID)).count == 7)
  }
}
