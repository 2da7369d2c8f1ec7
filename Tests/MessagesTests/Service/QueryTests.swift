import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Messages

@Suite struct QueryTests {
  private let platform: TestPlatform

  init() throws { platform = try TestPlatform() }

  private func workAll() async throws { while try await platform.work() != nil {} }

  @Test("S0.16: a user shows messages, alerts and when he was seen")
  func user() async throws {
    _ = try await platform.post("hello", user: "ann/../b?")
    platform.time.advance(by: .seconds(60))
    _ = try await platform.post("my IBAN is DE89 3704 0044 0532 0130 00", user: "ann/../b?")
    platform.time.advance(by: .seconds(60))
    try await workAll()
    _ = try await platform.call("POST", "/messages", #"{"message": "", "user_id": "ann/../b?"}"#)
    let user = try await platform.call("GET", "/users/ann%2F..%2Fb%3F").body
    #expect(user.names == ["user_id", "messages", "first_seen", "last_seen", "alerts", "recent_alerts"])
    #expect(try user.text("user_id") == "ann/../b?")
    #expect(try user.number("messages") == 2)
    #expect(try user.text("first_seen") == "2026-11-21T05:00:00.000000Z")
    #expect(try user.text("last_seen") == "2026-11-21T05:02:00.000000Z")
    #expect(user["alerts"]?.description == #"{"incorrect_input":1,"personal_data":1,"fraud_attempt":0}"#)
    let recent = try user.list("recent_alerts").map { try $0.text("kind") }
    #expect(recent.sorted() == ["incorrect_input", "personal_data"])
  }

  @Test(
    "Unknown ids are 404", arguments: ["/messages/x", "/users/x", "/tasks/x", "/status/x", "/tasks/..%2F..%2Fetc"])
  func unknown(path: String) async throws {
    #expect(try await platform.call("GET", path).status == 404)
  }

  @Test("S0.18: the status has the task's id, its state and, in the end, the result with the alerts")
  func status() async throws {
    let posted = try await platform.post("'; DROP TABLE users; --")
    let waiting = try await platform.call("GET", "/status/\(posted.task)").body
    #expect(waiting.description == #"{"task_id":"\#(posted.task)","state":"PENDING","status":"queued","result":null}"#)
    try await workAll()
    let done = try await platform.call("GET", "/status/\(posted.task)").body
    #expect(done.names == ["task_id", "state", "status", "result"])
    #expect(try done.text("state") == "SUCCESS")
    let result = try #require(done["result"])
    #expect(result["alerts"]?.description == #"["fraud_attempt"]"#)
    #expect(try result.text("message_id") == posted.message)
  }

  @Test("S0.18: the status is the same after the platform has forgotten the task")
  func forgotten() async throws {
    let posted = try await platform.post("hello")
    try await workAll()
    platform.time.advance(by: .seconds(86_400 * 60))
    _ = try await platform.store.maintain(MaintenanceRequest())
    let id = try #require(TaskID(posted.task))
    #expect(try await platform.store.records([TaskKey(id)])[0].record == nil)
    #expect(try await platform.call("GET", "/status/\(posted.task)").body.text("state") == "SUCCESS")
    #expect(try await platform.call("GET", "/messages/\(posted.message)").body.text("status") == "done")
  }

  @Test("Messages are listed the newest first, in pages, also of one user")
  func list() async throws {
    var ids: [String] = []
    for number in 0..<7 {
      ids.append(try await platform.post("message \(number)", user: number.isMultiple(of: 2) ? "even" : "odd").message)
      platform.time.advance(by: .milliseconds(1))
    }
    #expect(try await pages("/messages?limit=3", "messages", "message_id") == ids.reversed())
    #expect(
      try await pages("/messages?limit=2&user_id=even", "messages", "message_id") == [ids[6], ids[4], ids[2], ids[0]])
    #expect(try await pages("/messages?limit=2&user_id=nobody", "messages", "message_id") == [])
    let first = try await platform.call("GET", "/messages?limit=1").body.list("messages")[0]
    #expect(first["content"] == nil)
  }

  @Test("S0.16: logs are listed by task in order, by user and all together the newest first")
  func logs() async throws {
    let first = try await platform.post("a", user: "u1")
    platform.time.advance(by: .seconds(1))
    let second = try await platform.post("b", user: "u2")
    try await platform.work()
    platform.time.advance(by: .seconds(1))
    try await platform.work()
    let all = try await pages("/logs?limit=5", "logs", "task_id")
    #expect(all == Array(repeating: second.task, count: 6) + Array(repeating: first.task, count: 6))
    let events = try await pages("/logs?limit=4&user_id=u2", "logs", "event")
    #expect(events == ["finished", "step", "step", "step", "started", "received"])
    let ordered = try await pages("/logs?limit=4&task_id=\(first.task)", "logs", "event")
    #expect(ordered == events.reversed())
    #expect(try await pages("/logs?task_id=\(first.task)&user_id=u1", "logs", "event") == ordered)
    #expect(try await pages("/logs?task_id=\(first.task)&user_id=u2", "logs", "event") == [])
    #expect(try await pages("/logs?task_id=\(first.task.dropLast())", "logs", "event") == [])
  }

  /// A member of all entries of a list, page by page.
  private func pages(_ path: String, _ list: String, _ member: String) async throws -> [String] {
    var values: [String] = []
    var cursor: String?
    repeat {
      let page = try await platform.call("GET", path + (cursor.map { "&cursor=\($0)" } ?? "")).body
      values += try page.list(list).map { try $0.text(member) }
      cursor = page["next_cursor"]?.stringValue
    } while cursor != nil
    return values
  }

  @Test("Lists are bounded")
  func bounded() async throws {
    for _ in 0..<60 { _ = try await platform.post("a") }
    #expect(try await platform.call("GET", "/messages").body.list("messages").count == 50)
    #expect(try await platform.call("GET", "/messages?limit=200").body.list("messages").count == 60)
  }

  @Test(
    "A query that can't be is refused",
    arguments: [
      ("/messages?limit=0", 422), ("/messages?limit=201", 422), ("/messages?limit=+5", 422), ("/messages?limit=x", 422),
      ("/logs?limit=1&limit=2", 400), ("/logs?cursor=", 422), ("/logs?cursor=a%20b", 422), ("/alerts?kind=spam", 422),
      ("/alerts?kind=personal_data&user_id=u", 422), ("/alerts?user_id=u&task_id=t", 422), ("/messages?user_id=", 422),
    ])
  func badQuery(path: String, status: Int) async throws {
    #expect(try await platform.call("GET", path).status == status)
  }

  @Test("Tenants see nothing of each other")
  func tenants() async throws {
    let other = try #require(Tenant("other"))
    let posted = try await platform.post("scam", user: "u1")
    try await workAll()
    _ = try await platform.post("hello", user: "u2", tenant: other)
    for path in ["/messages/\(posted.message)", "/users/u1", "/tasks/\(posted.task)", "/status/\(posted.task)"] {
      #expect(try await platform.call("GET", path).status == 200, "\(path)")
      #expect(try await platform.call("GET", path, tenant: other).status == 404, "\(path)")
    }
    #expect(try await platform.call("GET", "/messages", tenant: other).body.list("messages").count == 1)
    #expect(try await platform.call("GET", "/logs", tenant: other).body.list("logs").isEmpty)
    #expect(try await platform.call("GET", "/alerts", tenant: other).body.list("alerts").isEmpty)
  }

  @Test("A store that is away is an error, not an empty answer")
  func away() async throws {
    let posted = try await platform.post("hello", user: "u1")
    platform.documents.setDown(true)
    for path in [
      "/messages", "/messages/\(posted.message)", "/users/u1", "/tasks/\(posted.task)", "/status/\(posted.task)",
      "/logs", "/alerts",
    ] {
      #expect(try await platform.call("GET", path).status == 503, "\(path)")
    }
  }

  @Test("The routes can be mounted, and every answer is described")
  func table() throws {
    let routes = MessagesService().routes
    #expect(try RouteTable(routes).routes.count == 9)
    #expect(Set(routes.map(\.operationID)).count == 9)
    for route in routes {
      for response in route.responses { #expect(response.schema != nil && response.schema?.shape != .any) }
    }
    let kinds = try TaskRegistry(MessagesService().tasks)
    #expect(kinds.names == ["messages.analyze", "messages.forget"])
    #expect(kinds["messages.analyze"]?.outputSchema != nil)
    #expect(MessagesService().settings.allSatisfy { $0.name.hasPrefix("messages.") })
  }

  @Test("The published schema takes the published example")
  func example() throws {
    let route = try #require(MessagesService().routes.first { $0.method == .post })
    let schema = try RawJSON(validating: try #require(route.request).json.bytes)
    #expect(SchemaCheck.faults(of: try #require(route.requestExample), against: schema) == [])
  }
}
