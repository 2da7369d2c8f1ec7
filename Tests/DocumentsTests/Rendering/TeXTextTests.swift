import CelerityTesting
import Testing

@testable import Documents

struct TeXTextTests {
  @Test(
    "C1.16: what means something to TeX is set as text",
    arguments: [
      ("& % $ # _", ##"\& \% \$ \# \_"##), ("{}", #"\textbraceleft{}\textbraceright{}"#),
      (
        #"~^\<>"|"#,
        #"\textasciitilde{}\textasciicircum{}\textbackslash{}\textless{}\textgreater{}\textquotedbl{}\textbar{}"#
      ),
      (#"\input{/etc/passwd}"#, #"\textbackslash{}input\textbraceleft{}/etc/passwd\textbraceright{}"#),
      ("^^5cinput", #"\textasciicircum{}\textasciicircum{}5cinput"#), ("[x]", #"\lbrack{}x\rbrack{}"#),
      ("---", "-{}-{}-"), ("''x``", #"'{}'x\textasciigrave{}\textasciigrave{}"#),
      ("?`!`,,", #"?\textasciigrave{}!\textasciigrave{},{},"#),
      ("a\u{0}\u{1B}\u{85}b\u{7F}", "ab"), ("a\tb\nc\u{2003}d", "a b c d"), ("a\u{A0}b\u{AD}c", "a~bc"),
      ("{{name}}", #"\textbraceleft{}\textbraceleft{}name\textbraceright{}\textbraceright{}"#),
    ])
  func escaped(text: String, source: String) {
    #expect(TeXText.escaped(text) == source)
  }

  @Test(
    "S1.21: letters that the text fonts may lack are set in a font that has them",
    arguments: [
      ("é ł Ж", "é ł Ж"), ("a中文b", #"a\ideographs{中文}b"#),
      ("שלום עולם x", #"\righttoleft{\glyphs{שלום} \glyphs{עולם}} x"#),
      ("x\u{302}y", "\\glyphs{x\u{302}}y"), ("✓", #"\glyphs{✓}"#), ("👩\u{200D}💻\u{FE0F}", #"\glyphs{👩💻}"#),
      ("한국", #"\glyphs{한국}"#), ("ن\u{200C}ص", "\\righttoleft{\\glyphs{ن\u{200C}ص}}"),
    ])
  func fonts(text: String, source: String) {
    // Joined marks of Korean are one character each; both spellings are the same text.
    #expect(TeXText.escaped(PrintedText.line(text)) == source || TeXText.escaped(text) == source)
  }

  @Test("Long words may end a line, at their signs where they have some")
  func longWords() {
    let path = TeXText.escaped("https://example.com/a-path/that_goes/on")
    #expect(path.contains(#"/\softbreak{}"#))
    #expect(path.split(separator: #"\softbreak{}"#).joined() == #"https://example.com/a-path/that\_goes/on"#)
    let word = TeXText.escaped(String(repeating: "x", count: 100))
    #expect(word.split(separator: #"\softbreak{}"#).allSatisfy { $0.count <= 12 })
  }

  @Test("C1.16: of any text, only commands of ours are left")
  func anything() {
    var random = SeededRandom(seed: 20)
    let signs = Array(#"\{}%$#&_^~<>"'`-[]|@ ai中ש✓"#.unicodeScalars) + ["\u{0}", "\n", "\u{301}", "\u{202E}"]
    for _ in 0..<2000 {
      let text = String(String.UnicodeScalarView((0..<40).map { _ in signs.randomElement(using: &random)! }))
      let source = TeXText.escaped(text)
      #expect(TeXScan(source).isHarmless, "\(text.debugDescription) became \(source)")
    }
  }

  @Test("S1.23: texts of the file's information are digits only")
  func hexadecimal() {
    #expect(TeXText.hexadecimal("é😀)") == "FEFF00E9D83DDE000029")
  }

  @Test("S1.22: an address is written so that TeX reads it as it is")
  func address() {
    #expect(TeXText.address("https://a.example/~x%20y#z_&=") == ##"https://a.example/\~x\%20y\#z\_\&="##)
  }
}

/// Reads source as TeX would, knowing only the commands that text may become.
struct TeXScan {
  private(set) var isHarmless = true
  private(set) var depth = 0

  private static let words: Set<String> = [
    "textbraceleft", "textbraceright", "lbrack", "rbrack", "textasciitilde", "textasciicircum", "textbackslash",
    "textless", "textgreater", "textquotedbl", "textbar", "textasciigrave", "softbreak", "ideographs", "righttoleft",
    "glyphs",
  ]

  init(_ source: String) {
    var rest = source.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\\": readCommand(&rest)
      case "{": depth += 1
      case "}": depth -= 1
      case "$", "&", "#", "_", "^", "%": isHarmless = false
      default: if scalar.value < 0x20 || scalar.value == 0x7F { isHarmless = false }
      }
      if depth < 0 { isHarmless = false }
    }
    if depth != 0 { isHarmless = false }
  }

  private mutating func readCommand(_ rest: inout Substring.UnicodeScalarView) {
    let word = rest.prefix { $0.properties.isAlphabetic && $0.isASCII }
    if word.isEmpty {
      guard let sign = rest.popFirst(), "&%$#_".unicodeScalars.contains(sign) else { return isHarmless = false }
    } else {
      rest = rest.dropFirst(word.count)
      if !Self.words.contains(String(word)) { isHarmless = false }
    }
  }
}
