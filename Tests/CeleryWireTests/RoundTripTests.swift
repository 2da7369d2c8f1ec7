import CelerityCore
import CelerityJSON
import Foundation
import Testing

@testable import CeleryWire

@Suite("A message through Celery's wire and back") struct RoundTripTests {
  private func again(_ message: TaskMessage) throws -> TaskMessage {
    let bytes = MessageWriter(origin: "gen1@host").envelope(message, deliveryTag: "tag")
    // Python must be able to read it too: strict JSON, no two members of a name.
    _ = try RawJSON(validating: bytes, limits: PythonJSON.limits)
    return try MessageReader(tenant: message.tenant).message(try Envelope(bytes), queue: message.queue)
  }

  @Test("every field comes back as it was, whatever is in it", arguments: 0..<20) func lossless(_ part: Int) throws {
    for seed in 0..<200 {
      var random = RandomMessage(seed: UInt64(part * 1000 + seed))
      let message = random.message()
      #expect(try again(message) == message, "seed \(part * 1000 + seed)")
    }
  }

  @Test("every priority comes back, and so does none", arguments: [nil, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  func priorities(_ value: Int?) throws {
    let message = TaskMessage(id: TaskID(stored: "i"), task: "t", priority: value.flatMap { Priority($0) })
    #expect(try again(message) == message)
  }

  @Test("priorities in what a message carries are Celery's on the wire and ours here") func carriedPriorities() throws {
    func signature(_ priority: (Int) -> Int) -> Signature? {
      let text = """
        {"task":"celery.chord","kwargs":{"kwargs":{},"header":{"task":"celery.group","kwargs":{"tasks":[{"task":"a",
        "options":{"priority":\(priority(9))}}]},"options":{"priority":\(priority(7))},"subtask_type":"group"},"body":
        {"task":"b","options":{"priority":\(priority(0)),"link":[{"task":"c","options":{"priority":\(priority(4))}}]}}},
        "options":{"priority":\(priority(2))},"subtask_type":"chord"}
        """
      return WireSignature.read(RawJSON(unchecked: Array(text.utf8)))
    }
    func numbers(_ json: RawJSON?) -> [String] {
      (json?.description ?? "").matches(of: /"priority":(\d+)/).map { String($0.output.1) }.sorted()
    }
    let read = try #require(signature { 9 - $0 })
    #expect(numbers(read.json) == ["0", "2", "4", "7", "9"])
    var message = TaskMessage(id: TaskID(stored: "i"), task: "t")
    message.extras.callbacks = [read]
    message.extras.errbacks = [read]
    message.extras.chain = [read]
    message.extras.chord = read
    let embed = try #require(MessageWriter(origin: "o").body(message).elements()?.last)
    for part in [embed["callbacks"], embed["errbacks"], embed["chain"], embed["chord"]] {
      #expect(numbers(part) == ["0", "2", "5", "7", "9"])
    }
    #expect(try again(message) == message)
  }

  @Test("text of arguments is not touched") func untouched() throws {
    let args = RawJSON(unchecked: Array(#"[1.50,  "\u00e9é\/", 1E2,  {"__type__":"decimal","__value__":"1.10"}]"#.utf8))
    let message = TaskMessage(id: TaskID(stored: "i"), task: "t", args: args)
    #expect(try again(message).args.bytes == args.bytes)
  }

  @Test("what Python changed on a retry wins over what we wrote before") func changedByPeer() throws {
    var message = TaskMessage(id: TaskID(stored: "i"), task: "t", priority: Priority(9))
    message.eta = Timestamp(microseconds: .max)
    let bytes = MessageWriter(origin: "gen1@host").envelope(message, deliveryTag: "tag")
    var envelope = try Envelope(bytes)
    let changes: [String: RawJSON] = [
      "eta": .string("2030-01-01T00:00:00+00:00"), "root_id": .string("other"), "replaced_task_nesting": .integer(1),
    ]
    envelope.headers = envelope.headers.map { JSONMember(name: $0.name, value: changes[$0.name] ?? $0.value) }
    envelope.properties = envelope.properties.map {
      $0.name == "priority" ? JSONMember(name: "priority", value: .integer(4)) : $0
    }
    let read = try MessageReader().message(envelope, queue: "default")
    #expect(read.eta == Timestamp("2030-01-01T00:00:00Z"))
    #expect(read.extras.rootID == "other")
    #expect(read.extras.replacedTaskNesting == 1)
    #expect(read.priority == Priority(5))
  }

  @Test(
    "headers of a stranger that are named as ours mean nothing when they make no sense",
    arguments: [
      #""celerity_exact": 7"#, #""celerity_exact": {"priority": 3, "eta": "x", "root_id": 1, "headers": 5}"#,
      #""celerity_exact": {"eta": 5, "expires": 9223372036854775807, "priority": 9}"#,
      #""celerity_headers": [1]"#, #""celerity_tags": {"a": 1}"#, #""celerity_max_retries": "many""#,
      #""celerity_request_id": []"#,
    ])
  func strangers(_ header: String) throws {
    let text =
      #"{"body": "[[],{},{}]", "content-type": "application/json", "properties": {"priority": 3}, "headers": {"task": "t", "id": "i", "root_id": "i", \#(header)}}"#
    let message = try MessageReader().message(try Envelope(Array(text.utf8)), queue: "default")
    var expected = TaskMessage(id: TaskID(stored: "i"), task: "t", priority: Priority(6))
    expected.extras.rootID = "i"
    if header.contains(#""headers": 5"#) { expected.extras.headers = [:] }
    #expect(message == expected)
  }

  @Test("a user's header that is named as one of Celery's reaches the task and changes nothing") func reserved() throws
  {
    var message = TaskMessage(id: TaskID(stored: "i"), task: "t")
    message.extras.headers = [
      "task": .string("other"), "celerity_exact": .object([("priority", .integer(9))]), "mine": .true,
      "x-death": .emptyArray,
    ]
    let envelope = try Envelope(MessageWriter(origin: "o").envelope(message, deliveryTag: "d"))
    #expect(envelope.headers.value("mine") == .true)
    #expect(envelope.headers.value("task") == .string("t"))
    #expect(try again(message) == message)
  }

  @Test("a message that kombu put back is read, and known as delivered before") func redelivered() throws {
    let text =
      #"{"body": "[[],{},{}]", "content-type": "application/json", "headers": {"task": "t", "id": "i", "redelivered": true}, "properties": {"delivery_tag": "d", "delivery_info": {"exchange": "", "routing_key": "q", "redelivered": true}}}"#
    let envelope = try Envelope(Array(text.utf8))
    #expect(envelope.isRedelivered)
    #expect(envelope.deliveryTag == "d")
    #expect(envelope.routingKey == "q")
    #expect(try MessageReader().message(envelope, queue: "q").extras.headers == nil)
    #expect(!(try Captured.envelope("task_add").isRedelivered))
  }

  @Test("how long writing and reading take is printed") func speed() throws {
    var message = TaskMessage(
      id: TaskID(stored: "0198c0de-0000-7000-8000-000000000000"), task: "finance.compound_interest", queue: "finance",
      args: .array([.string(String(repeating: "x", count: 600)), .integer(12)]),
      kwargs: .object([("rate", .double(0.05) ?? .null)]), priority: Priority(5))
    message.extras.requestID = "0198c0de-0000-7000-8000-000000000001"
    let writer = MessageWriter(origin: "gen1@host")
    let bytes = writer.envelope(message, deliveryTag: "tag")
    let reader = MessageReader()
    let count = 20_000
    var sum = 0
    // The time of this thread alone: other tests run beside it.
    func each(_ body: () throws -> Void) rethrows -> String {
      let start = workedNanoseconds()
      for _ in 0..<count { try body() }
      return "\((workedNanoseconds() - start) / count) ns"
    }
    let writing = each { sum += writer.envelope(message, deliveryTag: "tag").count }
    let opening = try each { sum += try Envelope(bytes).contentType.utf8.count }
    let envelope = try Envelope(bytes)
    let reading = try each { sum += try reader.message(envelope, queue: "finance").retries }
    print("a message of \(bytes.count) bytes: write \(writing), open \(opening), read \(reading) \(sum & 0)")
  }
}

/// Nanoseconds that this thread has worked.
private func workedNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

@Suite("Queues of kombu on Redis") struct KombuQueueTests {
  @Test("a priority finds its list") func lists() {
    #expect((0...9).map { KombuQueue.step($0) } == [0, 0, 0, 3, 3, 3, 6, 6, 6, 9])
    #expect(KombuQueue.step(Priority(9)) == 0)
    #expect(KombuQueue.step(Priority(0)) == 9)
    #expect(KombuQueue.step(nil as Priority?) == 0)
    #expect(KombuQueue.listKeys("q") == ["q", "q\u{6}\u{16}3", "q\u{6}\u{16}6", "q\u{6}\u{16}9"])
    #expect(KombuQueue.binding("celery") == "celery\u{6}\u{16}\u{6}\u{16}celery")
  }

  @Test(
    "a tenant's queue has a name of its own on the wire", arguments: [("default", "q"), ("other", "q"), ("a-b", "ü")])
  func names(_ tenant: String, _ name: String) {
    let queue = QueueKey(name, tenant: Tenant(stored: tenant))
    #expect(KombuQueue.queue(wireName: KombuQueue.wireName(queue)) == queue)
  }

  @Test("a priority of nonsense is a priority still", arguments: [Int64.min, -1, 10, Int64.max])
  func clamped(_ wire: Int64) { #expect((0...9).contains(KombuQueue.clamped(wire))) }
}
