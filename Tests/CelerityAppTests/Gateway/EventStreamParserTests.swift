import Testing

@testable import CelerityApp

@Suite("The parser of event streams")
struct EventStreamParserTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var events: [StreamEvent]
    var id: String?
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ events: [StreamEvent], id: String? = nil) {
      self.name = name
      self.text = text
      self.events = events
      self.id = id
    }
  }

  static func event(_ data: String, _ name: String = "message") -> StreamEvent { StreamEvent(name: name, data: data) }

  static let cases = [
    Case("an event with all its fields", "id: 7\nevent: task\ndata: {}\n\n", [event("{}", "task")], id: "7"),
    Case("data on several lines", "data: a\ndata:\ndata: b\n\n", [event("a\n\nb")]),
    Case(
      "ends of lines of all three kinds", "data: a\r\n\r\ndata: b\r\rdata: c\n\n", [event("a"), event("b"), event("c")]),
    Case("only one blank is dropped after the colon", "data:  a \n\n", [event(" a ")]),
    Case("a field without a colon", "data\n\n", [event("")]),
    Case("comments and unknown fields", ": hello\nfoo: bar\ndata: a\n:\n\n", [event("a")]),
    Case("a block without data fires nothing, but its id counts", ": connected\nid: 12.3\n\n", [], id: "12.3"),
    Case("the name of a block without data is forgotten", "event: x\n\ndata: a\n\n", [event("a")]),
    Case("an id with NUL is ignored", "id: 1\n\nid: a\u{0}b\ndata: x\n\n", [event("x")], id: "1"),
    Case("an id holds until the next", "id: 1\ndata: a\n\ndata: b\n\n", [event("a"), event("b")], id: "1"),
    Case("an empty id clears it", "id: 1\ndata: a\n\nid\ndata: b\n\n", [event("a"), event("b")], id: ""),
    Case("an event that is not complete is not fired", "data: a\n\nid: 2\ndata: b\n", [event("a")], id: nil),
    Case("a byte order mark at the start", "\u{FEFF}data: a\n\n", [event("a")]),
    Case("a byte order mark elsewhere is part of the name", "\n\u{FEFF}data: a\n\n", []),
    Case("an overlong id is not remembered", "id: \(String(repeating: "9", count: 1025))\ndata: a\n\n", [event("a")]),
  ]

  @Test("reads what the standard says", arguments: cases)
  func whole(_ test: Case) throws {
    var parser = EventStreamParser()
    let events = try parser.feed(test.text.utf8)
    #expect(events == test.events)
    #expect(parser.lastEventID == test.id)
  }

  @Test("reads the same from pieces of any size", arguments: cases, [1, 2, 3, 7])
  func pieces(_ test: Case, size: Int) throws {
    var parser = EventStreamParser()
    let bytes = Array(test.text.utf8)
    var events: [StreamEvent] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      events += try parser.feed(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(events == test.events)
    #expect(parser.lastEventID == test.id)
  }

  @Test(
    "takes a time to wait only from digits",
    arguments: [("2000", 2000), ("-1", nil), ("1e3", nil), ("", nil), ("９", nil), ("99999999999999999999", nil)]
      as [(String, Int?)])
  func retry(text: String, milliseconds: Int?) throws {
    var parser = EventStreamParser()
    _ = try parser.feed("retry: \(text)\n\n".utf8)
    #expect(parser.retryMilliseconds == milliseconds)
  }

  @Test("goes on after the id it was given")
  func resumed() throws {
    var parser = EventStreamParser(lastEventID: "9")
    #expect(parser.lastEventID == "9")
    _ = try parser.feed("data: a\n\n".utf8)
    #expect(parser.lastEventID == "9")
  }

  @Test("bytes that are no UTF-8 become replacement characters")
  func brokenEncoding() throws {
    var parser = EventStreamParser()
    let events = try parser.feed(Array("data: ".utf8) + [0xFF, 0xC3] + Array("\n\n".utf8))
    #expect(events == [Self.event("\u{FFFD}\u{FFFD}")])
  }

  @Test("refuses to remember without end: one endless line, and endless lines of one event")
  func endless() throws {
    let piece = [UInt8](repeating: 0x61, count: 100)
    var parser = EventStreamParser(maximumEventBytes: 1000)
    for _ in 0..<10 { _ = try parser.feed(piece) }
    #expect(throws: EventStreamParser.TooLong.self) { try parser.feed(piece) }
    var second = EventStreamParser(maximumEventBytes: 1000)
    for _ in 0..<9 { _ = try second.feed(Array("data: ".utf8) + piece + [0x0A]) }
    #expect(throws: EventStreamParser.TooLong.self) {
      for _ in 0..<2 { _ = try second.feed(Array("data: ".utf8) + piece + [0x0A]) }
    }
    // Comments and unknown fields are forgotten at the ends of their lines.
    var third = EventStreamParser(maximumEventBytes: 1000)
    for _ in 0..<100 { _ = try third.feed(Array(": ".utf8) + piece + [0x0A]) }
  }

  @Test("random bytes never break it")
  func random() throws {
    var generator = SplitMix(seed: 7)
    let alphabet = Array("data:id event\r\n\n\u{0}é".utf8)
    for _ in 0..<200 {
      var parser = EventStreamParser()
      let bytes = (0..<200).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      _ = try parser.feed(bytes)
    }
  }
}

/// Random numbers that are the same each time (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators").
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
