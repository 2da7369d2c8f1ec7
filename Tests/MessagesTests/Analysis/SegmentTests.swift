import Testing

@testable import Messages

@Suite struct SegmentTests {
  @Test(
    "Words are found by the rules of Unicode",
    arguments: [
      ("can't stop", ["can't", "stop"]), ("'quoted'", ["quoted"]), ("rock'n'roll", ["rock'n'roll"]),
      ("3,141.59 and 1.", ["3,141.59", "and", "1"]), ("a.b", ["a", "b"]), ("well-known", ["well", "known"]),
      ("snake_case __", ["snake_case"]), ("naïve cafe\u{301}", ["naïve", "café"]), ("п’ять", ["п'ять"]),
      ("paral·lel", ["paral·lel"]), ("漢字", ["漢", "字"]), ("カタカナ", ["カタカナ"]), ("한국어", ["한국어"]),
      ("A\u{AD}B", ["a\u{AD}b"]), ("😀 x", ["x"]), ("", []), ("ÉTÉ Straße", ["été", "straße"]),
    ])
  func words(text: String, wanted: [String]) {
    #expect(SegmentedText(text).words.map(\.text) == wanted)
  }

  @Test(
    "Sentences end as people end them",
    arguments: [
      ("One. Two! Three?", 3), ("Wait... what?", 1), ("He said \"no.\" She left.", 2), ("Version 1.2.3 is out", 1),
      ("e.g. this one", 1), ("Line\nLine\r\nLine", 3), ("\n\n\n", 1), ("Really?! Yes.", 2), ("今日。明日。", 2),
      ("see example.com now", 1), ("Hi :)", 1), ("Ok. :)", 1), ("क्या? हाँ।", 2), ("end.)", 1), ("no end", 1),
    ])
  func sentences(text: String, count: Int) {
    #expect(SegmentedText(text).sentences == count)
  }

  @Test(
    "Characters are what people see",
    arguments: [
      ("🇺🇦🇵🇱", 2), ("👩🏽‍🚀", 1), ("e\u{301}", 1), ("\r\n", 1), ("नमस्ते", 3), ("각", 1), ("z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A", 2),
    ])
  func characters(text: String, count: Int) {
    #expect(SegmentedText(text).characters == count)
  }

  @Test("Words know the sentence they stand in and their place")
  func places() {
    let text = SegmentedText("No. I 😀 like it!")
    #expect(text.words.map(\.sentence) == [0, 1, 1, 1])
    #expect(text.words.map { text.text($0.range) } == ["No", "I", "like", "it"])
  }

  @Test(
    "Hostile texts take no longer than their length asks for",
    arguments: [
      "@", "a@", "1 ", "1-", "(", ".", "/*", "select ", "tax 1 ", "password:", "пароль ", "'--", "\u{301}", "DE89 ",
      "+1 ",
      "mot de ", "or a=", ";drop ", "insert into a ", "1\u{300}",
    ])
  func hostile(piece: String) {
    func time(_ bytes: Int, times: Int) -> Int {
      let text = String(repeating: piece, count: bytes / piece.utf8.count)
      let start = ProcessorTime.microseconds
      for _ in 0..<times { _ = MessageAnalysis(of: text) }
      return ProcessorTime.microseconds - start
    }
    // As much text in eight pieces and in one: what grows with the length takes as long, what grows with its square eight
    // times as long. The clock has steps of some milliseconds.
    #expect(time(4000, times: 1) < time(500, times: 8) * 3 + 20_000)
  }
}
