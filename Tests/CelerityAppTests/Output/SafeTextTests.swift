import CelerityJSON
import Testing

@testable import CelerityApp

@Suite("Text that came from tasks")
struct SafeTextTests {
  static let attacks: [(text: String, line: String)] = [
    ("\u{1B}[2J\u{1B}]0;owned\u{7}", "\\x1b[2J\\x1b]0;owned\\x07"),
    ("\u{9B}31m", "\\x9b31m"), ("a\rb", "a\\rb"), ("a\nb", "a\\nb"), ("a\tb", "a\\tb"), ("\u{0}", "\\x00"),
    ("\u{7F}", "\\x7f"), ("\u{202E}gpj.exe", "\\u{202e}gpj.exe"), ("\u{2028}", "\\u{2028}"),
    ("\u{E0041}", "\\u{e0041}"), ("\u{FEFF}x", "\\u{feff}x"), ("Grüße 日本 👩‍👩‍👧", "Grüße 日本 👩‍👩‍👧"), ("", ""),
  ]

  @Test("can't act on a terminal", arguments: attacks)
  func line(text: String, expected: String) {
    #expect(SafeText.line(text) == expected)
  }

  @Test("keeps its lines where it has several, without the carriage returns before their ends")
  func lines() {
    #expect(SafeText.lines("a\r\nb\tc\n\u{1B}d\re") == "a\nb\tc\n\\x1bd\\re")
  }

  @Test("can be got back from a field, because backslashes are doubled")
  func field() {
    #expect(SafeText.field("a\\nb\nc") == "a\\\\nb\\nc")
  }

  @Test("stays harmless inside JSON, which stays the same JSON")
  func insideJSON() throws {
    let json = try RawJSON(validating: "{\"a\\u001b\": \"\u{9B}2J\u{202E}\u{E0041}\", \"n\": 1.50}")
    for text in [JSONText.line(json, escaping: true), JSONText.pretty(json)] {
      let hasDanger = text.unicodeScalars.contains { $0 != "\n" && SafeText.isDangerous($0) }
      #expect(!hasDanger)
      let back = try RawJSON(validating: text)
      #expect(back["a\u{1B}"]?.stringValue == "\u{9B}2J\u{202E}\u{E0041}")
      #expect(back["n"]?.description == "1.50")
    }
  }
}
