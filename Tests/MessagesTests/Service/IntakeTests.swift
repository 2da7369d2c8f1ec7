import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Messages

@Suite struct IntakeTests {
  private let platform: TestPlatform

  init() throws { platform = try TestPlatform() }

  @Test("S0.01: a message is taken with its ids and the place where it is", arguments: ["/messages", "/submit"])
  func taken(path: String) async throws {
    let answer = try await platform.call("POST", path, #"{"message": "Hello there"}"#)
    #expect(answer.status == 202)
    #expect(answer.body.names == ["message_id", "task_id", "status", "links"])
    #expect(try answer.body.text("status") == "queued")
    let message = try answer.body.text("message_id")
    #expect(answer.headers.map(\.value) == ["/messages/\(message)"])
    let task = try #require(TaskID(try answer.body.text("task_id")))
    let record = try #require(try await platform.store.records([TaskKey(task)])[0].record)
    #expect(record.message.task == "messages.analyze")
    #expect(record.message.queue == "messages")
    #expect(record.message.extras.requestID == "request-1")
    #expect(try await platform.call("GET", "/messages/\(message)").status == 200)
  }

  @Test(
    "S0.02: a body that is no JSON is 400, and nothing is queued",
    arguments: ["", "{", "message=hi", #"{"message": "a", "message": "b"}"#, "{\"message\": \"\u{1}\"}", "{]"])
  func malformed(body: String) async throws {
    let answer = try await platform.call("POST", "/messages", body)
    #expect(answer.status == 400)
    try await expectNothing(alerts: 1)
  }

  @Test(
    "S0.02: a body that can't be a message is 422 with the members' names, and nothing is queued",
    arguments: [
      ("[]", [""]), (#""text""#, [""]), ("{}", ["/message"]), (#"{"message": null}"#, ["/message"]),
      (#"{"message": 5}"#, ["/message"]), (#"{"message": ["a"]}"#, ["/message"]), (#"{"message": ""}"#, ["/message"]),
      (#"{"message": " \t\n "}"#, ["/message"]), (#"{"message": "\u00a0\u2003"}"#, ["/message"]),
      (#"{"message": "a", "user_id": 7}"#, ["/user_id"]), (#"{"message": "a", "user_id": ""}"#, ["/user_id"]),
      (#"{"message": "a", "user_id": "a\nb"}"#, ["/user_id"]), (#"{"message": "a", "metadata": 1}"#, ["/metadata"]),
      (#"{"message": "", "user_id": [], "metadata": "x"}"#, ["/message", "/user_id", "/metadata"]),
    ])
  func refused(body: String, places: [String]) async throws {
    let answer = try await platform.call("POST", "/messages", body)
    #expect(answer.status == 422)
    #expect(answer.places == places)
    try await expectNothing(alerts: 1)
  }

  private func expectNothing(alerts: Int) async throws {
    #expect(try await platform.store.queues(of: nil).allSatisfy { $0.depth == 0 })
    #expect(try await platform.all(.row).isEmpty)
    #expect(platform.alerts.raised.map(\.kind) == Array(repeating: "incorrect_input", count: alerts))
  }

  @Test("S0.02: the limits are counted in characters as people see them, and are settings")
  func limits() async throws {
    let family = "👨‍👩‍👧‍👦"
    for (text, status) in [
      (String(repeating: family, count: 10_000), 202), (String(repeating: "a", count: 10_000), 202),
      (String(repeating: "é", count: 10_001), 422),
    ] {
      #expect(try await platform.call("POST", "/messages", #"{"message": "\#(text)"}"#).status == status)
    }
    let strict = try TestPlatform([
      "messages.shortest_text": .integer(5), "messages.longest_text": .integer(100),
      "messages.refuses_digits": .flag(true),
    ])
    for (text, status) in [
      ("abcd", 422), ("  abcd  ", 422), ("abcde", 202), (String(repeating: "x", count: 101), 422), ("123 456-789", 422),
      ("123 456 a", 202), ("👍👍👍👍👍", 202),
    ] {
      #expect(try await strict.call("POST", "/messages", #"{"message": "\#(text)"}"#).status == status, "\(text)")
    }
  }

  @Test("S0.02: metadata are bounded, null is nothing, and other members are tolerated")
  func metadata() async throws {
    let long = String(repeating: "x", count: PostedMessage.longestMetadata)
    let refused = try await platform.call("POST", "/messages", #"{"message": "a", "metadata": {"a": "\#(long)"}}"#)
    #expect(refused.places == ["/metadata"])
    let taken = try await platform.call(
      "POST", "/messages", #"{"message": "a", "user_id": null, "metadata": null, "extra": true}"#)
    #expect(taken.status == 202)
  }

  @Test("S0.03: the metadata are there before any worker is, and neither content nor analysis")
  func metadataFirst() async throws {
    let body = #"{"message": "Grüße!", "user_id": "u1", "metadata": {"channel": "web", "n": 1.0}}"#
    let answer = try await platform.call(
      "POST", "/messages", body, headers: ["x-forwarded-for": "1.2.3.4"], peer: "2001:db8::7")
    let shown = try await platform.call("GET", "/messages/\(try answer.body.text("message_id"))").body
    #expect(
      shown.names == [
        "message_id", "task_id", "user_id", "metadata", "received_at", "size", "source_address", "request_id", "status",
      ])
    #expect(try shown.text("status") == "queued")
    #expect(try shown.text("user_id") == "u1")
    #expect(shown["metadata"]?.description == #"{"channel": "web", "n": 1.0}"#)
    #expect(try shown.text("received_at") == "2026-11-21T05:00:00.000000Z")
    #expect(shown["size"]?.description == #"{"characters":6,"bytes":8}"#)
    #expect(try shown.text("source_address") == "2001:db8::7")
    #expect(try shown.text("request_id") == "request-1")
  }

  @Test("S0.03: an address that only a field names is not kept")
  func claimedAddress() async throws {
    let answer = try await platform.call(
      "POST", "/messages", #"{"message": "a"}"#, headers: ["x-forwarded-for": "1.2.3.4", "forwarded": "for=1.2.3.4"])
    let shown = try await platform.call("GET", "/messages/\(try answer.body.text("message_id"))").body
    #expect(shown["source_address"] == nil)
  }

  @Test("S0.05: a queue that refuses is 503, and the row is marked rejected, never queued")
  func queueAway() async throws {
    platform.engine.break_(.refuses)
    let answer = try await platform.call("POST", "/messages", #"{"message": "a"}"#)
    #expect(answer.status == 503)
    #expect(answer.headers.map(\.name) == ["Retry-After"])
    let list = try await platform.call("GET", "/messages").body.list("messages")
    #expect(try list.map { try $0.text("status") } == ["rejected"])
    let task = try await platform.call("GET", "/tasks/\(try list[0].text("task_id"))").body
    #expect(try task.list("history").map { try $0.text("status") } == ["rejected"])
    platform.engine.break_(nil)
    platform.time.advance(by: .milliseconds(1))
    _ = try await platform.post("again")
    #expect(try await platform.call("GET", "/messages").body.list("messages").first?.text("status") == "queued")
  }

  @Test("S0.05: a store that is away is 503, and leaves nothing")
  func storeAway() async throws {
    platform.documents.setDown(true)
    #expect(try await platform.call("POST", "/messages", #"{"message": "a"}"#).status == 503)
    platform.documents.setDown(false)
    #expect(try await platform.everything().isEmpty)
    #expect(try await platform.store.queues(of: nil).allSatisfy { $0.depth == 0 })
  }

  @Test("S0.05: a store that hangs is 503 within a second, and nothing is queued afterwards")
  func storeHangs() async throws {
    platform.documents.hang()
    async let answer = platform.call("POST", "/messages", #"{"message": "a"}"#)
    await platform.documents.waitForHanging()
    await platform.time.waitForSleepers()
    platform.time.advance(by: .milliseconds(900))
    #expect(try await answer.status == 503)
    platform.documents.release()
    // The write that hung is done late; its message is rejected, by work that nobody waits for.
    var status = "received"
    while status == "received" {
      await Task.yield()
      status = try await platform.call("GET", "/messages").body["messages"]?.elements()?.first?.text("status") ?? status
    }
    #expect(status == "rejected")
    #expect(try await platform.store.queues(of: nil).allSatisfy { $0.depth == 0 })
  }

  @Test("S0.05: what the queue took although the client was told 503 is not done")
  func answerLost() async throws {
    platform.engine.break_(.losesAnswer)
    #expect(try await platform.call("POST", "/messages", #"{"message": "my card is 4111111111111111"}"#).status == 503)
    guard case .failure(let failure)? = try await platform.work() else {
      throw RouteError(500, "x", "the task did not fail")
    }
    #expect(failure.type == "Reject")
    #expect(try await platform.all(.content).isEmpty)
    #expect(platform.alerts.raised.isEmpty)
    let list = try await platform.call("GET", "/messages").body.list("messages")
    #expect(try list.map { try $0.text("status") } == ["rejected"])
  }

  @Test("S0.05: a message that a worker has begun with is accepted, whatever became of the queue's answer")
  func workerIsQuicker() async throws {
    platform.engine.break_(.losesAnswer) { [platform] in _ = try? await platform.work() }
    let answer = try await platform.call("POST", "/messages", #"{"message": "a"}"#)
    #expect(answer.status == 202)
    let task = try await platform.call("GET", "/tasks/\(try answer.body.text("task_id"))").body
    #expect(try task.list("history").map { try $0.text("status") } == ["queued", "started", "done"])
  }

  @Test("S0.05: a message is queued when the broker has it, although that could not be noted")
  func unnoted() async throws {
    platform.documents.failWrites([2])
    let posted = try await platform.post("a")
    #expect(try await platform.call("GET", "/messages/\(posted.message)").body.text("status") == "queued")
    try await platform.work()
    let task = try await platform.call("GET", "/tasks/\(posted.task)").body
    #expect(try task.list("history").map { try $0.text("status") } == ["queued", "started", "done"])
  }

  @Test("S0.05: a row whose task was never queued is received at first and rejected in the end")
  func neverQueued() async throws {
    platform.engine.break_(.refuses)
    platform.documents.failWrites([2])
    #expect(try await platform.call("POST", "/messages", #"{"message": "a"}"#).status == 503)
    func status() async throws -> String? {
      try await platform.call("GET", "/messages").body.list("messages").first?.text("status")
    }
    #expect(try await status() == "received")
    platform.time.advance(by: .seconds(61))
    #expect(try await status() == "rejected")
  }

  @Test("S0.04, S0.06: two hundred posts are taken without a worker, and all finish once there is one")
  func manyWithoutWorkers() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask { _ = try await platform.post("message \(number)", user: "u\(number % 3)") }
      }
      try await group.waitForAll()
    }
    #expect(try await platform.all(.content).isEmpty)
    while try await platform.work() != nil {}
    #expect(try await platform.all(.content).count == 200)
    var users: [Int64] = []
    for user in ["u0", "u1", "u2"] {
      users.append(try await platform.call("GET", "/users/\(user)").body.number("messages"))
    }
    #expect(users == [67, 67, 66])
  }
}
