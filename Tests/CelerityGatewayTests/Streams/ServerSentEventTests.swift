import CelerityTesting
import Testing

@testable import CelerityGateway

@Suite struct ServerSentEventTests {
  @Test(
    "Blocks go over the wire as the standard writes them",
    arguments: [
      (ServerSentEvent(comment: "connected", retry: 2000), ": connected\nretry: 2000\n\n"),
      (ServerSentEvent("task", id: "7", json: Array("{}".utf8)), "id: 7\nevent: task\ndata: {}\n\n"),
      (ServerSentEvent(data: []), "data: \n\n"),
      (ServerSentEvent(data: Array("a\nb\r\nc\rd\n".utf8)), "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n"),
      (ServerSentEvent(comment: "two\nlines"), ": two lines\n\n"),
      (ServerSentEvent(id: "a\u{0}b", name: "x\ny"), "event: x y\n\n"),
      (ServerSentEvent(id: ""), "\n"),
      (ServerSentEvent("log", json: Array("{\n  \"a\":\r\n1}".utf8)), "event: log\ndata: {   \"a\":  1}\n\n"),
    ])
  func wire(_ event: ServerSentEvent, _ text: String) {
    #expect(String(decoding: event.encoded, as: UTF8.self) == text)
  }

  @Test("A client reads back what was written, whatever it is and however it is cut into pieces")
  func roundTrip() {
    var random = SeededRandom(seed: 11)
    let alphabet = Array("ab:\n\r \u{0}{}\"é😀\u{FEFF}data: id".unicodeScalars)
    for _ in 0..<500 {
      let text = String(
        String.UnicodeScalarView(
          (0..<Int.random(in: 0...20, using: &random)).map { _ in
            alphabet.randomElement(using: &random) ?? "x"
          }))
      let event = ServerSentEvent(id: "9", name: "log", data: Array(text.utf8))
      var parser = EventStreamParser()
      var seen: [SeenEvent] = []
      var rest = event.encoded[...]
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...7, using: &random))
        seen += parser.append(piece)
        rest = rest.dropFirst(piece.count)
      }
      let wanted = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      #expect(seen == [SeenEvent(name: "log", data: wanted, id: "9")])
    }
  }

  @Test("An id without data moves a client's place and fires nothing")
  func silentPlace() {
    var parser = EventStreamParser()
    #expect(parser.append(ServerSentEvent(comment: "heartbeat", id: "12").encoded).isEmpty)
    #expect(parser.lastEventID == "12")
    #expect(parser.comments == ["heartbeat"])
  }
}

@Suite struct StreamPositionTests {
  @Test(
    "Places are read back as they were written",
    arguments: [
      StreamPosition(seq: 0), StreamPosition(seq: .max), StreamPosition(seq: 7, line: 3),
      StreamPosition(seq: 7, line: 0, isEnd: true), StreamPosition(seq: 7, line: .max, isEnd: true),
    ])
  func roundTrip(_ position: StreamPosition) {
    #expect(StreamPosition(position.text) == position)
  }

  @Test(
    "What no stream ever said is no place",
    arguments: [
      "", "a", "-1", "+1", " 1", "1 ", "1.", ".1", "1.2.", "1.2.x", "1.2.end.", "1..end", "9223372036854775808", "1,2",
      "0x1", "١", "1.2.3", "1\u{0}",
    ])
  func refused(_ text: String) {
    #expect(StreamPosition(text) == nil)
  }
}

@Suite struct HeartbeatTests {
  @Test("A sign of life is due before the silence gets too long, looking once in a tick")
  func due() {
    var beat = Heartbeat(every: .seconds(15), now: .seconds(100))
    #expect(Heartbeat.tick(for: .seconds(15)) == .seconds(5))
    #expect(!beat.isDue(at: .seconds(109)))
    #expect(beat.isDue(at: .seconds(110)))
    beat.sent(at: .seconds(112))
    #expect(!beat.isDue(at: .seconds(121)))
    #expect(beat.isDue(at: .seconds(122)))
  }
}
