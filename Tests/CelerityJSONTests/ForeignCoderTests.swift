import CelerityJSON
import Foundation
import Testing

@Suite("Raw values do not pass through other coders")
struct ForeignCoderTests {
  @Test("Another encoder is refused instead of altering numbers")
  func encoder() {
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(["a": RawJSON.integer(1)]) }
  }

  @Test("Another decoder is refused instead of altering numbers")
  func decoder() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([String: RawJSON].self, from: Data(#"{"a":1}"#.utf8))
    }
  }

  @Test("Paths of other coders become the same pointers")
  func pointers() {
    let text = #"{"a":[[1,"x"]]}"#
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([String: [[Int]]].self, from: Data(text.utf8))
    }
    guard case .typeMismatch(_, let context) = error else {
      Issue.record("another error")
      return
    }
    #expect(jsonPointer(context.codingPath) == "/a/0/1")
  }
}
