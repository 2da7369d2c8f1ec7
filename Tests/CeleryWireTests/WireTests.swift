import CelerityCore
import CelerityJSON
import Foundation
import Testing

@testable import CeleryWire

/// Messages and results as Python's Celery 5.7 put them into Redis.
enum Captured {
  static func file(_ name: String) throws -> [RawJSON] {
    let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
    return try #require(try RawJSON(validating: [UInt8](try Data(contentsOf: url))).elements())
  }

  static func envelope(_ name: String) throws -> Envelope {
    for sample in try file("messages") where sample["name"]?.stringValue == name {
      return try Envelope(try #require(sample["envelope"]).bytes)
    }
    throw WireFault(.malformed, "there is no sample '\(name)'")
  }
}

extension RawJSON {
  subscript(name: String) -> RawJSON? { members()?.first { $0.name == name }?.value }
}

@Suite("Task messages on Celery's wire") struct MessageTests {
  @Test("every captured message is read, with its arguments as they are") func captured() throws {
    for sample in try Captured.file("messages") {
      let name = sample["name"]?.stringValue ?? ""
      guard let body = sample["decoded_body"], body.kind == .array || body.kind == .object else { continue }
      let envelope = try Envelope(try #require(sample["envelope"]).bytes)
      guard envelope.contentType == "application/json" else { continue }
      let message = try MessageReader().message(envelope, queue: "celery")
      let args = try #require(body.elements()?.first ?? body["args"])
      #expect(compact(message.args) == compact(args), "\(name)")
      #expect(message.id.text == (envelope.headers.value("id") ?? body["id"])?.stringValue)
    }
  }

  @Test("times, limits, priority and the user's own headers are read") func headers() throws {
    let message = try MessageReader().message(try Captured.envelope("task_eta_prio5"), queue: "celery")
    #expect(message.eta == Timestamp("2026-11-21T01:18:12.716139Z"))
    #expect(message.expires == Timestamp("2026-11-21T01:19:02.716139Z"))
    #expect(message.extras.timeLimit == 30)
    #expect(message.extras.softTimeLimit == 20)
    #expect(message.extras.shadow == "shadowname")
    #expect(message.priority == Priority(4))
    #expect(message.extras.headers?.keys.contains { $0.hasPrefix("x-") } == true)
  }

  @Test("protocol 1 is read, with its links") func protocol1() throws {
    let message = try MessageReader().message(try Captured.envelope("protocol_1"), queue: "celery")
    #expect(message.task == "wapp.add")
    #expect(message.args.description == "[2, 3]")
    #expect(message.extras.callbacks?.map(\.task) == ["wapp.add"])
    #expect(message.eta != nil)
    #expect(message.extras.headers == nil)
  }

  @Test("what is written is read again as it was") func roundTrip() throws {
    var message = TaskMessage(
      id: try #require(TaskID("0198-ü")), task: "shop.ship", queue: "überall",
      args: try RawJSON(validating: #"[1, "é中", 9007199254740993, 1.50]"#),
      kwargs: try RawJSON(validating: #"{"a": null}"#),
      priority: Priority(7), eta: Timestamp("2030-01-31T12:00:00Z"), expires: Timestamp("2030-01-31T12:00:00.5Z"),
      retries: 2)
    message.extras.timeLimit = 30
    message.extras.group = .init(id: "g", index: 3)
    message.extras.callbacks = [Signature(task: "a"), Signature(task: "b", isImmutable: true)]
    message.extras.chain = [Signature(task: "first"), Signature(task: "second")]
    message.extras.chord = Signature(task: "body", subtaskType: "chain")
    message.extras.tags = ["x"]
    message.extras.requestID = "r-1"
    message.extras.maxRetries = 4
    message.extras.rootID = "root"
    message.extras.origin = "gen1@h"
    message.extras.replacedTaskNesting = 1
    message.extras.headers = ["mine": .string("kept")]
    let bytes = MessageWriter(origin: "gen2@h").envelope(message, deliveryTag: "t")
    #expect(try MessageReader().message(try Envelope(bytes), queue: "überall") == message)
  }

  @Test("a message that is put back says so in both places, and nothing else of it changes") func redelivered() throws {
    let message = try MessageReader().message(try Captured.envelope("task_add"), queue: "q")
    let once = MessageWriter(origin: "o").envelope(message, deliveryTag: "t")
    let back = Envelope.redelivered(once)
    let (before, after) = (try Envelope(once), try Envelope(back))
    #expect(!before.isRedelivered && after.isRedelivered && after.deliveryTag == "t")
    #expect(after.headers == before.headers + [JSONMember(name: "redelivered", value: .true)])
    #expect(after.body == before.body && after.exchange == before.exchange && after.routingKey == before.routingKey)
    #expect(Envelope.redelivered(back) == back)
    #expect(Envelope.redelivered(Array("[1]".utf8)) == Array("[1]".utf8))
  }

  @Test("the next of a chain is last on the wire") func chainOrder() throws {
    var message = TaskMessage(id: try #require(TaskID("i")), task: "t")
    message.extras.chain = [Signature(task: "first"), Signature(task: "second")]
    let body = MessageWriter(origin: "o").body(message)
    #expect(body.elements()?[2]["chain"]?.elements()?.map { $0["task"]?.stringValue } == ["second", "first"])
  }

  @Test("a header has every key that Python's client writes, in its order") func keys() throws {
    let message = TaskMessage(id: try #require(TaskID("i")), task: "t")
    let written = try Envelope(MessageWriter(origin: "o").envelope(message, deliveryTag: "t")).headers.map(\.name)
    let python = try Captured.envelope("task_add").headers.map(\.name)
    #expect(written.filter { !$0.hasPrefix("celerity_") } == python)
  }

  static let faults: [(String, WireFault.Kind)] = [
    ("nonsense", .malformed), ("[]", .malformed), ("{}", .malformed), (#"{"body": 1}"#, .malformed),
    (#"{"body": "%%%", "properties": {"body_encoding": "base64"}}"#, .malformed),
    (#"{"body": "[[],{},{}]", "content-type": "application/json", "headers": {"task": "t"}}"#, .malformed),
    (#"{"body": "[[],{},{}]", "content-type": "application/json", "headers": {"id": "i"}}"#, .malformed),
    (#"{"body": "[1,{},{}]", "content-type": "application/json", "headers": {"task": "t", "id": "i"}}"#, .invalid),
    (#"{"body": "[[],[],{}]", "content-type": "application/json", "headers": {"task": "t", "id": "i"}}"#, .invalid),
    (#"{"body": "{", "content-type": "application/json", "headers": {"task": "t", "id": "i"}}"#, .malformed),
    (
      #"{"body": "[[],{},{}]", "content-type": "application/json", "headers": {"task": "t", "id": "i", "eta": "soon"}}"#,
      .invalid
    ),
    (
      #"{"body": "x", "content-type": "application/x-python-serialize", "headers": {"task": "t", "id": "i"}}"#,
      .contentDisallowed
    ),
    (#"{"body": "x", "headers": {"task": "t", "id": "i"}}"#, .contentDisallowed),
    (
      #"{"body": "x", "content-type": "application/json", "headers": {"task": "t", "id": "i", "compression": "rar"}}"#,
      .compressionUnknown
    ),
    (
      #"{"body": "x", "content-type": "application/json", "headers": {"task": "t", "id": "i", "compression": "application/x-gzip"}}"#,
      .malformed
    ),
  ]

  @Test(
    "what can't become a task is refused with its reason, and with the id as far as it could be read", arguments: faults
  )
  func refuses(_ text: String, _ kind: WireFault.Kind) throws {
    let fault = #expect(throws: WireFault.self) {
      try MessageReader().message(try Envelope(Array(text.utf8)), queue: "q")
    }
    #expect(fault?.kind == kind)
    if text.contains(#""id": "i""#) { #expect(fault?.id == "i") }
  }
}

/// A value's text without the white space between its tokens.
func compact(_ json: RawJSON) -> String {
  if let elements = json.elements() { return "[" + elements.map(compact).joined(separator: ",") + "]" }
  if let members = json.members() {
    return "{" + members.map { "\($0.name):" + compact($0.value) }.joined(separator: ",") + "}"
  }
  return json.stringValue.map { "'" + $0 } ?? json.description
}

@Suite("Texts of Python") struct TextTests {
  @Test(
    "values look as Python's repr writes them",
    arguments: [
      ("[2, 3]", "(2, 3)"), ("[]", "()"), (#"["bad"]"#, "('bad',)"), ("[null, true, false]", "(None, True, False)"),
      (#"["it's"]"#, #"("it's",)"#), (#"["it's \"x\""]"#, #"('it\'s "x"',)"#), (#"["a\nb\\"]"#, #"('a\nb\\',)"#),
      (#"[{"k": [1, [2, [3]]]}]"#, "({'k': [1, [...]]},)"), (#"["\u0000"]"#, #"('\x00',)"#), ("[1.50]", "(1.50,)"),
      (#"["\u00e9\u200b\u00a0\ud83d\ude00\u007f"]"#, "('é\\u200b\\xa0😀\\x7f',)"),
      (#"[{"a'b": "\/"}]"#, #"({"a'b": '/'},)"#),
    ])
  func tuples(_ json: String, _ text: String) throws {
    #expect(PythonRepr.tuple(try RawJSON(validating: json)) == text)
  }

  @Test("long texts are cut") func cut() throws {
    let text = PythonRepr.tuple(.array([.string(String(repeating: "é", count: 5000))]))
    #expect(text.unicodeScalars.count == 1024)
    #expect(text.hasSuffix(", ..."))
  }

  @Test(
    "times are read in every form that clients send",
    arguments: [
      "2026-11-21T01:18:12.716139+00:00", "2026-11-21T01:18:12.716139Z", "2026-11-21 01:18:12.716139+00:00",
      "2026-11-21T01:18:12.716139", "2026-11-21T02:18:12.716139+01:00",
    ])
  func times(_ text: String) {
    #expect(WireTime.time(text) == Timestamp("2026-11-21T01:18:12.716139Z"))
  }

  @Test("a time without a fraction is written without one") func wholeSeconds() throws {
    #expect(WireTime.text(try #require(Timestamp("2026-11-21T01:18:12Z"))) == "2026-11-21T01:18:12+00:00")
  }

  @Test("base64 comes back as it was, and nonsense is refused") func base64() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      #expect(Base64.bytes(Array(Base64.text(bytes).utf8)[...]) == bytes)
      #expect(Base64.bytes(Base64.json(bytes)) == bytes)
    }
    for text in ["a", "a===", "ab=c", "ab=", "!!!!", "====", "abc"] {
      #expect(Base64.bytes(Array(text.utf8)[...]) == nil, "\(text)")
    }
  }
}
