import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Messages

@Suite struct WorkerTests {
  private let platform: TestPlatform

  init() throws { platform = try TestPlatform() }

  @Test("S0.07, S0.08: the worker stores content and analysis")
  func contentAndAnalysis() async throws {
    let posted = try await platform.post("This is a wonderful day.\nThank you!", user: "u1")
    try await platform.work()
    let shown = try await platform.call("GET", "/messages/\(posted.message)").body
    #expect(try shown.text("status") == "done")
    #expect(try shown.text("content") == "This is a wonderful day.\nThank you!")
    let analysis = try #require(shown["analysis"])
    #expect(
      analysis.names == [
        "characters", "words", "sentences", "language", "sentiment", "keywords", "personal_data", "fraud", "alerts",
      ])
    #expect(try analysis.number("words") == 7)
    #expect(try analysis.number("sentences") == 2)
    #expect(try #require(analysis["language"]).text("code") == "en")
    #expect(try #require(analysis["sentiment"]).text("label") == "positive")
    #expect(try analysis.list("alerts").isEmpty)
  }

  @Test("S0.08: the same text twice gives the same analysis")
  func deterministic() async throws {
    let text = "Чудовий день, дякую! 4111 1111 1111 1111 😀 fraud"
    let (first, second) = (try await platform.post(text), try await platform.post(text))
    while try await platform.work() != nil {}
    let analyses = try await [first, second].asyncMap { try await platform.call("GET", "/messages/\($0.message)").body }
    #expect(analyses[0]["analysis"] != nil)
    #expect(analyses[0]["analysis"] == analyses[1]["analysis"])
  }

  @Test("S0.09: each iteration is a point and a log entry, in order")
  func iterations() async throws {
    let posted = try await platform.post("fraud", user: "u1")
    try await platform.work(worker: "w7")
    let points = platform.telemetry.points("task_iteration").filter { $0.fields["task_id"] == .text(posted.task) }
    let wanted = ["received", "started", "step", "step", "step", "finished"]
    #expect(points.map { $0.tags["event"] } == wanted)
    #expect(points.map { $0.fields["iteration"] } == (1...6).map { .integer($0) })
    #expect(points.compactMap { $0.tags["step"] } == ["store_content", "analyse", "raise_alerts"])
    #expect(points.allSatisfy { $0.tags["worker"] == "w7" && $0.fields["attempt"] == .integer(1) })
    let logs = try await platform.call("GET", "/logs?task_id=\(posted.task)").body.list("logs")
    #expect(try logs.map { try $0.text("event") } == wanted)
    #expect(try logs.map { try $0.number("iteration") } == [1, 2, 3, 4, 5, 6])
    #expect(try logs[2].text("message") == "step 1 of 3: store content done")
    #expect(try logs.allSatisfy { try $0.text("worker") == "w7" && $0.number("attempt") == 1 })
    #expect(logs[3]["duration_seconds"]?.doubleValue == 0)
  }

  @Test("S0.10: each attempt reports its figures")
  func figures() async throws {
    _ = try await platform.post("hello")
    platform.time.advance(by: .milliseconds(2500))
    try await platform.work(worker: "w7")
    let point = try #require(platform.telemetry.points("task_performance").first)
    #expect(point.tags["worker"] == "w7")
    #expect(point.tags["status"] == "done")
    #expect(point.fields["queue_wait_seconds"] == .number(2.5))
    #expect(point.fields["run_seconds"] == .number(0))
    #expect(point.fields["attempts"] == .integer(1))
    #expect(point.fields["tasks"] == .integer(1))
    guard case .integer(let memory)? = point.fields["peak_memory_bytes"] else {
      throw RouteError(500, "x", "no memory")
    }
    #expect(memory > 1 << 20)
  }

  @Test("S0.11: the history goes from queued over started to done, with times")
  func history() async throws {
    let posted = try await platform.post("hello")
    platform.time.advance(by: .seconds(3))
    try await platform.work()
    let task = try await platform.call("GET", "/tasks/\(posted.task)").body
    let history = try task.list("history")
    #expect(try history.map { try $0.text("status") } == ["queued", "started", "done"])
    #expect(
      try history.map { try $0.text("at") } == [
        "2026-11-21T05:00:00.000000Z", "2026-11-21T05:00:03.000000Z", "2026-11-21T05:00:03.000000Z",
      ])
    #expect(try task.text("state") == "SUCCESS")
    #expect(try task.text("message_id") == posted.message)
  }

  @Test("S0.11: a retry stands in history, log and figures, and nothing is done twice")
  func retry() async throws {
    let posted = try await platform.post("scam, and my e-mail is ann@example.org", user: "u1")
    platform.alerts.fail(EngineError(.unavailable, "the folder is full"))
    guard case .retry? = try await platform.work() else { throw RouteError(500, "x", "no retry") }
    #expect(try await platform.call("GET", "/status/\(posted.task)").body.text("state") == "RETRY")
    platform.alerts.fail(nil)
    platform.time.advance(by: .seconds(600))
    guard case .success? = try await platform.work(worker: "w2") else { throw RouteError(500, "x", "no success") }
    let task = try await platform.call("GET", "/tasks/\(posted.task)").body
    #expect(
      try task.list("history").map { try $0.text("status") } == ["queued", "started", "retry", "started", "done"])
    #expect(try task.list("history")[2].text("detail").contains("the folder is full"))
    let logs = try await platform.call("GET", "/logs?task_id=\(posted.task)").body.list("logs")
    #expect(
      try logs.map { try $0.text("event") } == [
        "received", "started", "step", "step", "retry", "received", "started", "step", "step", "step", "finished",
      ])
    #expect(platform.telemetry.points("task_performance").map { $0.tags["status"] } == ["retry", "done"])
    #expect(platform.alerts.raised.map(\.kind).sorted() == ["fraud_attempt", "personal_data"])
    #expect(try await platform.call("GET", "/users/u1").body.number("messages") == 1)
  }

  @Test("S0.11: what fails every time ends as failed")
  func failed() async throws {
    let posted = try await platform.post("scam")
    platform.alerts.fail(EngineError(.unavailable, "the folder is full"))
    while try await platform.work() != nil { platform.time.advance(by: .seconds(600)) }
    let task = try await platform.call("GET", "/tasks/\(posted.task)").body
    #expect(try task.text("status") == "failed")
    #expect(try task.text("state") == "FAILURE")
    let statuses = try task.list("history").map { try $0.text("status") }
    #expect(statuses == ["queued", "started", "retry", "started", "retry", "started", "retry", "started", "failed"])
    #expect(try await platform.call("GET", "/messages/\(posted.message)").body.text("status") == "failed")
  }

  @Test("S0.11: a cancelled task is failed, and one that another worker takes over is nothing")
  func stopped() async throws {
    let cancelled = try await platform.post("hello")
    try await platform.work(port: TestPort(patience: 0, reason: .cancelled))
    #expect(try await platform.call("GET", "/tasks/\(cancelled.task)").body.text("status") == "failed")
    let lost = try await platform.post("hello")
    try await platform.work(port: TestPort(patience: 0, reason: .leaseLost))
    let task = try await platform.call("GET", "/tasks/\(lost.task)").body
    #expect(try task.list("history").map { try $0.text("status") } == ["queued", "started"])
  }

  @Test("S0.11: a task that is revoked while it waits is shown as failed")
  func revoked() async throws {
    let posted = try await platform.post("hello")
    _ = try await platform.store.cancel([CancelRequest(TaskKey(try #require(TaskID(posted.task))))])
    let status = try await platform.call("GET", "/status/\(posted.task)").body
    #expect(try status.text("state") == "FAILURE")
    #expect(try status.text("error") == "revoked")
  }

  @Test("S0.17: `done` is durable before the task is acknowledged, and a second delivery changes nothing")
  func deliveredTwice() async throws {
    let posted = try await platform.post("scam 4111111111111111 a@b.co", user: "u1")
    let first = try #require(try await platform.deliver())
    guard case .success(let result) = await platform.run(first) else { throw RouteError(500, "x", "no success") }
    #expect(try await platform.call("GET", "/tasks/\(posted.task)").body.text("status") == "done")
    let before = try await platform.everything()
    let alerts = platform.alerts.raised
    // The worker dies before it acknowledges: the lease ends and another worker gets the task.
    platform.time.advance(by: .seconds(3600))
    let second = try #require(try await platform.deliver(worker: "w2"))
    #expect(second.attempt == 2)
    #expect(await platform.run(second, worker: "w2") == .success(result))
    #expect(try await platform.everything() == before)
    #expect(platform.alerts.raised == alerts)
    #expect(alerts.count == 2)
  }

  @Test("S0.17: an attempt that dies anywhere is made good by the next, with the same outcome", arguments: 1...9)
  func diesAnywhere(write: Int) async throws {
    let posted = try await platform.post("scam, and my card is 4111111111111111", user: "u1")
    platform.documents.failWrites([write])
    let outcome = try await platform.work()
    platform.time.advance(by: .seconds(3600))
    if case .retry? = outcome { try await platform.work(worker: "w2") }
    #expect(try await platform.call("GET", "/status/\(posted.task)").body.text("state") == "SUCCESS")
    #expect(platform.alerts.raised.map(\.kind).sorted() == ["fraud_attempt", "personal_data"])
    let user = try await platform.call("GET", "/users/u1").body
    #expect(try user.number("messages") == 1)
    #expect(user["alerts"]?.description == #"{"incorrect_input":0,"personal_data":1,"fraud_attempt":1}"#)
    #expect(try await platform.call("GET", "/alerts").body.list("alerts").count == 2)
  }

  @Test("A task that belongs to no message writes nothing", arguments: ["none", "other"])
  func foreignTask(kind: String) async throws {
    let posted = try await platform.post("hello")
    try await platform.work()
    let before = try await platform.everything()
    let input = AnalyzeMessage.Input(messageID: kind == "none" ? "none" : posted.message, message: "overwritten")
    _ = try await platform.environment.tasks.submit(AnalyzeMessage.self, input)
    guard case .failure? = try await platform.work() else { throw RouteError(500, "x", "it did not fail") }
    #expect(try await platform.everything() == before)
  }

  @Test("S0.16: many workers count one user's messages exactly")
  func concurrentCounts() async throws {
    for number in 0..<40 { _ = try await platform.post("scam number \(number)", user: "hot") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask { while try await platform.work(worker: "w\(worker)") != nil {} }
      }
      try await group.waitForAll()
    }
    let user = try await platform.call("GET", "/users/hot").body
    #expect(try user.number("messages") == 40)
    #expect(try #require(user["alerts"]).number("fraud_attempt") == 40)
    #expect(platform.alerts.raised.count == 40)
  }
}

extension Array {
  fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
