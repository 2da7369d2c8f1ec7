import Testing

@testable import CelerityApp

@Suite("The width of text on a terminal")
struct TextWidthTests {
  @Test(
    "is counted in columns, not in characters",
    arguments: [
      ("", 0), ("abc", 3), ("Grüße", 5), ("e\u{301}", 1), ("日本", 4), ("ﾊﾝ", 2), ("한국", 4), ("👍", 2), ("👩‍👩‍👧", 2),
      ("🇩🇪", 2), ("❤\u{FE0F}", 2), ("❤", 1), ("\u{200B}", 0), ("a\u{200D}", 1), ("…", 1), ("ａ", 2),
    ])
  func columns(text: String, width: Int) {
    #expect(TextWidth.of(text) == width)
  }
}
