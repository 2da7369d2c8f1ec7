import CelerityCore
import Testing

@testable import CelerityGateway

@Suite struct GrammarTests {
  @Test("Trace contexts of version 00 are taken, others are not")
  func traceParents() {
    let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    #expect(TraceParent(good)?.text == good)
    for bad in [
      "", "00", good.uppercased(), "01" + good.dropFirst(2), good + "-00",
      "00-00000000000000000000000000000000-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
      "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1g",
    ] { #expect(TraceParent(bad) == nil, "\(bad)") }
    let made = TraceParent.random()
    #expect(TraceParent(made.text) == made)
    #expect(TraceParent.random() != made)
  }

  @Test("Media types that are JSON, and such as only look like it")
  func mediaTypes() {
    for good in [
      "application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=\"UTF-8\";",
    ] {
      #expect(MediaTypeField.names("application/json", in: good), "\(good)")
    }
    for bad in [
      "", "application/jsonx", "application/json, text/plain", "text/json", "application/json; charset=latin1",
    ] {
      #expect(!MediaTypeField.names("application/json", in: bad), "\(bad)")
    }
  }

  @Test("Queries are decoded pair by pair")
  func queries() throws {
    let pairs = try QueryText.pairs("a=1&b=x%20y+z&c&&d==%26&a=2", limit: 10)
    #expect(pairs.map(\.name) == ["a", "b", "c", "d", "a"])
    #expect(pairs.map(\.value) == ["1", "x y z", "", "=&", "2"])
  }

  @Test("Cursors survive the way to the client and back, for every position")
  func cursors() {
    let text = CursorText(RecordQuery(states: [.failure, .retry], task: "a.b"))
    for position in [0, 1, -1, .max, .min, 1_234_567_890] as [Int64] {
      let cursor = RecordCursor(position: position)
      #expect(text.cursor(text.text(of: cursor)) == cursor)
      #expect(CursorText(RecordQuery()).cursor(text.text(of: cursor)) == nil)
    }
    // FNV-1a, 32 bits, of "a" is e40c292c by its authors' test vectors; a cursor's check covers more than one letter.
    #expect(text.cursor("") == nil)
    #expect(text.cursor("1") == nil)
    #expect(text.cursor("1.2.3") == nil)
    #expect(text.cursor("ffffffffffffffffff.1") == nil)
  }

  @Test("Names of this machine and such as only look like one")
  func hosts() {
    for good in ["127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:8000", "localhost:1", "a.localhost"] {
      #expect(LoopbackAddress.isNamed(by: good), "\(good)")
    }
    for bad in [
      "", "[", "[]", "0.0.0.0", "128.0.0.1", "localhost.example", "mylocalhost", "127.0.0.1.example", "[::2]",
      "[::1].example", "[::1]8000", "127.0.0.1:80:80", "localhost:80.example", "[::1]:8000x", "[::1", "::1",
    ] {
      #expect(!LoopbackAddress.isNamed(by: bad), "\(bad)")
    }
  }

  @Test("Each code of a problem is there once, with a title and an explanation")
  func problemKinds() {
    #expect(Set(ProblemKind.all.map(\.code)).count == ProblemKind.all.count)
    for kind in ProblemKind.all {
      #expect(ProblemKind[kind.code] == kind)
      #expect(!kind.title.isEmpty && !kind.help.isEmpty)
    }
  }
}
