import CelerityCore
import CelerityJSON
import Testing

@Suite struct ValueTests {
  @Test func `Ids are 1 to 255 bytes without NUL`() {
    #expect(TaskID("") == nil)
    #expect(TaskID("a\0b") == nil)
    #expect(TaskID(String(repeating: "x", count: 256)) == nil)
    #expect(TaskID(String(repeating: "ü", count: 128)) == nil)
    #expect(TaskID(String(repeating: "x", count: 255))?.text.utf8.count == 255)
    #expect(TaskID(" ü/\n")?.text == " ü/\n")
  }

  @Test func `Ids are equal byte by byte, and ordered so`() {
    let composed = TaskID(stored: "caf\u{E9}")
    let decomposed = TaskID(stored: "cafe\u{301}")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed, composed]).count == 2)
    #expect(decomposed < composed && !(composed < decomposed))
    // The same marks in another order: as many bytes, and still another id.
    #expect(TaskID(stored: "a\u{301}\u{323}") != TaskID(stored: "a\u{323}\u{301}"))
  }

  @Test func `Tenants and queues have names that every broker can carry`() {
    #expect(["a", "a-b_9", String(repeating: "z", count: 63)].allSatisfy { Tenant($0) != nil })
    #expect(["", "A", "a b", "ü", "a/b", String(repeating: "z", count: 64)].allSatisfy { Tenant($0) == nil })
    #expect(["a", "a b", "ü", String(repeating: "z", count: 200)].allSatisfy(QueueKey.isLegal))
    #expect(
      ["", "a/b", "a\u{6}b", "a\u{7F}", String(repeating: "z", count: 201)].allSatisfy { !QueueKey.isLegal(name: $0) })
    #expect(QueueKey("b", tenant: Tenant(stored: "a")) < QueueKey("a", tenant: Tenant(stored: "b")))
    #expect("\(TaskKey(TaskID(stored: "x")))" == "default/x")
  }

  @Test func `Messages ask for the same work when task and arguments are the same`() {
    let message = TaskMessage(id: TaskID(stored: "a"), task: "t")
    var other = message
    other.priority = .high
    other.queue = "moved"
    other.eta = Timestamp(seconds: 1)
    other.extras.tags = ["x"]
    #expect(message.asksForSameWork(as: other))
    for change: (inout TaskMessage) -> Void in [
      { $0.task = "u" }, { $0.args = .array([.null]) }, { $0.kwargs = .object([("a", .null)]) },
    ] {
      var changed = message
      change(&changed)
      #expect(!message.asksForSameWork(as: changed))
    }
  }

  @Test func `Extras are written under Celery's names and read again`() throws {
    var extras = TaskMessage.Extras()
    #expect(extras.isEmpty)
    extras.maxRetries = 3
    extras.softTimeLimit = 1.5
    extras.rootID = "r"
    extras.group = TaskMessage.GroupMembership(id: "g", index: 1)
    extras.callbacks = [Signature(task: "next", args: .array([.true]), subtaskType: "group", isImmutable: true)]
    extras.headers = ["x": .array([])]
    #expect(!extras.isEmpty)
    let json = try RawJSONEncoder().encode(extras)
    for name in ["max_retries", "soft_time_limit", "root_id", "group", "callbacks", "headers"] {
      #expect(json[name] != nil, "\(name) is missing in \(json)")
    }
    #expect(json["time_limit"] == nil)
    let signature = try #require(json["callbacks"]?.elements()?.first)
    #expect(signature["immutable"]?.boolValue == true)
    #expect(signature["subtask_type"]?.stringValue == "group")
    #expect(try RawJSONDecoder().decode(TaskMessage.Extras.self, from: json) == extras)
    #expect(try RawJSONDecoder().decode(TaskMessage.Extras.self, from: .emptyObject).isEmpty)
  }

  @Test func `A signature needs its task's name only`() throws {
    let signature = try RawJSONDecoder().decode(Signature.self, from: RawJSON(validating: #"{"task":"t"}"#))
    #expect(signature == Signature(task: "t"))
  }

  @Test func `Failures keep at most eight causes and name themselves as Celery does`() throws {
    let causes = (0..<20).map { TaskFailure.Cause(type: "E\($0)", message: "") }
    let failure = TaskFailure(type: "ValueError", message: "boom", causes: causes)
    #expect(failure.causes.map(\.type) == (0..<8).map { "E\($0)" })
    #expect(failure.arguments == [.string("boom")])
    let json = try RawJSONEncoder().encode(failure)
    #expect(try RawJSONDecoder().decode(TaskFailure.self, from: json) == failure)
    #expect(TaskFailure.workerLost("gone", signal: 9).type == "WorkerLostError")
    #expect(TaskFailure.timeLimitExceeded(2).arguments == [RawJSON.double(2)])
    #expect(TaskFailure.notRegistered("t").module == "celery.exceptions")
    #expect(TaskFailure.chord(member: TaskID(stored: "m"), message: "x").message == "Dependency m raised x")
  }

  @Test func `Errors say what to do and whether to try again`() {
    #expect(EngineError(.unavailable, "no answer").isRetryable)
    #expect(EngineError(.storageFull, "full").isRetryable)
    #expect(!EngineError(.conflict, "taken").isRetryable)
    #expect("\(EngineError(.invalid, "bad", hint: "do this"))" == "bad (do this)")
  }
}
