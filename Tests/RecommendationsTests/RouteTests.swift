import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Recommendations

@Suite struct RouteTests {
  private let platform = TestPlatform()

  private func ask(_ song: String = "Yesterday", _ role: String = "admin") async throws -> TestPlatform.Answer {
    let body = RawJSON.object([("your_song", .string(song)), ("your_role", .string(role))])
    return try await platform.call("POST", "/recommendations", body.description)
  }

  private func result(_ id: String, _ query: String = "") async throws -> RawJSON {
    try await platform.call("GET", "/result/\(id)\(query)").body
  }

  @Test("S2.01, S2.02: the root describes the service and health is ok")
  func descriptions() async throws {
    for path in ["/", "/recommendations"] {
      let root = try await platform.call("GET", path)
      #expect(root.status == 200)
      #expect(root.body.names == ["message"])
      #expect(!(try root.body.text("message")).isEmpty)
    }
    for path in ["/health", "/recommendations/health"] {
      #expect(try await platform.call("GET", path).body.description == #"{"status":"ok"}"#)
    }
  }

  @Test("S2.04: an admin's request is queued and answered with the task's id")
  func accepted() async throws {
    let answer = try await ask()
    #expect(answer.status == 202)
    #expect(answer.body.names == ["task_id", "status"])
    let id = try answer.body.text("task_id")
    #expect(id.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil)
    #expect(try answer.body.text("status") == "your request was sent")
    #expect(answer.headers["Location"] == "/recommendations/result/\(id)")
    #expect(try await platform.call("GET", answer.headers["Location"] ?? "").status == 200)
    #expect(platform.alerts.raised.isEmpty)
    let record = try await platform.store.records([TaskKey(TaskID(stored: id))])[0].record
    #expect(record?.message.kwargs.description == #"{"song":"Yesterday","limit":5}"#)
    #expect(record?.message.queue == "recommendations")
  }

  @Test(
    "S2.03: what is missing or no text is 422 and named",
    arguments: [
      ("{}", ["your_song", "your_role"]), (#"{"your_song": "a"}"#, ["your_role"]),
      (#"{"your_role": "admin"}"#, ["your_song"]), (#"{"your_song": 1, "your_role": "admin"}"#, ["your_song"]),
      (#"{"your_song": "a", "your_role": null}"#, ["your_role"]),
      (#"{"your_song": "  ", "your_role": "admin"}"#, ["your_song"]),
      (#"{"your_song": "\#(String(repeating: "x", count: 501))", "your_role": "admin"}"#, ["your_song"]),
    ])
  func missing(body: String, names: [String]) async throws {
    let answer = try await platform.call("POST", "/recommendations", body)
    #expect(answer.status == 422)
    #expect(answer.body.names == ["detail"])
    let places = try #require(answer.body["detail"]?.elements()).compactMap { $0["loc"]?.description }
    #expect(places == names.map { #"["body","\#($0)"]"# })
    #expect(platform.alerts.raised.isEmpty)
    #expect(try await platform.store.queues(of: nil).isEmpty)
  }

  @Test("A body that is no JSON is 400, one that is no object 422")
  func malformed() async throws {
    #expect(try await platform.call("POST", "/recommendations", "{...}").status == 400)
    #expect(try await platform.call("POST", "/recommendations", "[]").status == 422)
  }

  @Test(
    "S2.05, S2.06: any other role is refused and reported, and nothing is queued",
    arguments: ["user", "Admin", "ADMIN", " admin", "admin ", "", "admin\n", "адмін", "admin\u{0}"])
  func refused(role: String) async throws {
    let answer = try await ask("Yesterday", role)
    #expect(answer.status == 403)
    #expect(answer.body.names == ["detail"])
    let alert = try #require(platform.alerts.raised.first)
    #expect(platform.alerts.raised.count == 1)
    #expect(alert.kind == "Fraud attempt")
    #expect(alert.service == "recommendations")
    #expect(alert.time == platform.time.now)
    #expect(try await platform.store.queues(of: nil).isEmpty)
  }

  @Test("S2.07: a report is short whatever was sent, and twenty attempts at once are twenty reports")
  func reports() async throws {
    _ = try await ask("Yesterday", String(repeating: "👩‍🚀", count: 10_000))
    #expect(try #require(platform.alerts.raised.first).description.utf8.count < 1000)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<20 { group.addTask { try await ask("Yesterday", "user").status } }
      for try await status in group { #expect(status == 403) }
    }
    #expect(platform.alerts.raised.count == 21)
  }

  @Test("S2.07: an attempt that can't be reported is not answered as one that was")
  func unreported() async throws {
    platform.alerts.breakDown()
    let answer = try await ask("Yesterday", "user")
    #expect(answer.status == 503)
    #expect(try await platform.store.queues(of: nil).isEmpty)
  }

  @Test("S2.08: a task is Pending, In Progress, Success, and has its result then")
  func words() async throws {
    let id = try await ask("Bohemian Rhapsody").body.text("task_id")
    #expect(try await result(id).description == #"{"status":"Pending"}"#)
    let delivery = try await platform.fetch()
    #expect(try await result(id).description == #"{"status":"In Progress"}"#)
    let songs = try await platform.run(delivery)
    _ = try await platform.store.settle([Settlement(delivery, .success(songs))])
    let ended = try await result(id)
    #expect(ended.names == ["status", "result"])
    #expect(try ended.text("status") == "Success")
    #expect(ended["result"] == songs)
  }

  @Test("S2.08: a retry is shown as such, and a failure with its reason")
  func failure() async throws {
    let id = try await ask().body.text("task_id")
    let failure = ProviderError(.unavailable, "the provider can't be reached").taskFailure
    _ = try await platform.store.settle([Settlement(platform.fetch(), .retry(after: .seconds(1), failure))])
    let retrying = try await result(id)
    #expect(try retrying.text("status") == "Retrying")
    #expect(try retrying.text("error").contains("the provider can't be reached"))
    platform.time.advance(by: .seconds(2))
    _ = try await platform.store.maintain(MaintenanceRequest())
    _ = try await platform.store.settle([Settlement(platform.fetch(), .failure(failure))])
    #expect(
      try await result(id).description
        == #"{"status":"Failed","error":"ProviderUnavailable: the provider can't be reached"}"#)
  }

  @Test("S2.08: a task that somebody cancelled has failed")
  func cancelled() async throws {
    let id = try await ask().body.text("task_id")
    _ = try await platform.store.cancel([CancelRequest(TaskKey(TaskID(stored: id)))])
    #expect(try await result(id).description == #"{"status":"Failed","error":"the task was revoked: revoked"}"#)
  }

  @Test("C2.2: a task that nobody asked for, or that another service did, is 404")
  func unknown() async throws {
    _ = try await platform.environment.tasks.submit(
      Submission(TaskMessage(id: TaskID(stored: "theirs"), task: "finance.compound_interest")))
    for id in ["nobody", "theirs"] {
      let answer = try await platform.call("GET", "/result/\(id)")
      #expect(answer.status == 404)
      #expect(answer.body.names == ["detail"])
    }
  }

  @Test("S2.11: fifty who wait keep nobody from being served, and are answered when the task ends")
  func waiting() async throws {
    let id = try await ask().body.text("task_id")
    let feed = Task { await platform.environment.tasks.waiter.run() }
    defer { feed.cancel() }
    try await withThrowingTaskGroup(of: RawJSON.self) { group in
      for _ in 0..<50 { group.addTask { try await result(id, "?wait=20") } }
      await platform.time.waitForSleepers(50)
      // No clock has moved: whoever had to wait for them would never come.
      #expect(try await platform.call("GET", "/health").status == 200)
      try await platform.finishOne()
      var answers = 0
      for try await answer in group {
        #expect(try answer.text("status") == "Success")
        answers += 1
      }
      #expect(answers == 50)
    }
    #expect(try await platform.call("GET", "/result/\(id)?wait=x").status == 422)
  }

  @Test("C2.3: when the time to wait is over the answer is the task as it stands")
  func patience() async throws {
    let id = try await ask().body.text("task_id")
    async let waiting = result(id, "?wait=2")
    await platform.time.waitForSleepers()
    platform.time.advance(by: .seconds(2))
    #expect(try await waiting.text("status") == "Pending")
  }

  @Test("Every route is declared with what it takes and answers")
  func declared() throws {
    let routes = platform.service.routes
    #expect(Set(routes.map(\.operationID)).count == routes.count)
    for route in routes {
      #expect(!route.responses.isEmpty && !route.summary.isEmpty)
      for schema in [route.request].compactMap({ $0 }) + route.responses.compactMap(\.schema) {
        _ = try RawJSON(validating: schema.json.bytes)
      }
    }
  }
}
