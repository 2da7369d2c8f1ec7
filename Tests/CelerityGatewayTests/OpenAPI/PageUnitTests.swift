import CelerityCore
import CelerityJSON
import Testing

@testable import CelerityGateway

@Suite struct PageUnitTests {
  @Test(arguments: [
    ("", false), ("gzip", true), ("GZIP", true), ("x-gzip", true), ("deflate", false), ("*", true), ("*;q=0", false),
    ("gzip;q=0", false), ("gzip; q=0.001", true), ("*, gzip;q=0", false), ("identity;q=0, *;q=0.1", true),
    ("br, gzip ;q=1", true), ("gzip;q=much", false), (",,;", false),
  ])
  func `A coding may be used when it is named or everything is`(field: String, isAccepted: Bool) {
    #expect(ContentCoding.isAccepted("gzip", by: field) == isAccepted)
  }

  @Test(arguments: [
    ("plain", "<p>plain</p>\n"), ("a\nb\n\nc", "<p>a b</p>\n<p>c</p>\n"),
    ("- a\n- b", "<ul><li>a</li><li>b</li></ul>\n"),
    ("- a\n  more\n\nend", "<ul><li>a more</li></ul>\n<p>end</p>\n"),
    ("text\n- a", "<p>text</p>\n<ul><li>a</li></ul>\n"),
    ("`a < b` & **bold `x`**", "<p><code>a &lt; b</code> &amp; <strong>bold <code>x</code></strong></p>\n"),
    ("[here](/x) [no](javascript:x)", "<p><a href=\"/x\">here</a> [no](javascript:x)</p>\n"),
    ("a * b ` c [d", "<p>a * b ` c [d</p>\n"), ("", ""), ("``", "<p>``</p>\n"),
  ])
  func `Descriptions become markup, and what is no Markdown stays as it is`(source: String, expected: String) {
    var html = HTML()
    Markdown.write(source, to: &html)
    #expect(html.text == expected)
  }

  @Test func `JSON is laid out in lines without touching its numbers`() throws {
    let value = try RawJSON(
      validating: Array(#"{"a":1.50,"b":{},"c":[1,2],"d":[{"e":"x"}],"f":12345678901234567890}"#.utf8))
    let expected = """
      {
        "a": 1.50,
        "b": {},
        "c": [1, 2],
        "d": [
          {
            "e": "x"
          }
        ],
        "f": 12345678901234567890
      }
      """
    #expect(PrettyJSON.text(value) == expected)
    #expect(try RawJSON(validating: Array(PrettyJSON.text(value).utf8)) != .null)
  }

  @Test func `A made example fits its schema`() throws {
    let schemas: [(String, JSONSchema)] = [
      ("Inner", .record("x", [.init("when", .time("t")), .init("none", .text("n").orNull)])),
      (
        "Outer",
        .object([
          .init("inner", .component("Inner")), .init("list", JSONSchema(.array(.component("Inner")), minimumLength: 2)),
          .init("word", .words("w", ["first", "second"])),
          .init("small", JSONSchema(.number, minimum: 0, maximum: 0.5, isMinimumExclusive: true)),
          .init("some", JSONSchema(.integer, minimum: 7)), .init("name", JSONSchema(.string, minimumLength: 9)),
          .init("either", JSONSchema(.oneOf([JSONSchema(.boolean), JSONSchema(.string)]))),
        ])
      ),
    ]
    var writer = JSONWriter()
    writer.beginObject()
    writer.member(
      "components",
      object: { writer in
        writer.member(
          "schemas", object: { writer in for (name, schema) in schemas { writer.member(name, schema.json) } })
      })
    writer.endObject()
    let checker = SchemaChecker(document: writer.finish())
    let value = SchemaExample(components: schemas).value(of: .component("Outer"))
    #expect(checker.issues(value, JSONSchema.component("Outer").json) == [], "\(value)")
  }

  @Test func `A schema that holds itself has an example all the same`() {
    let schemas: [(String, JSONSchema)] = [("Tree", .object([.init("child", .component("Tree"))]))]
    #expect(SchemaExample(components: schemas).value(of: .component("Tree")).description.contains(#""child":null"#))
  }

  @Test func `Colours of text have a contrast of at least 4,5 to 1 on every ground in both themes`() throws {
    let blocks = (Stylesheet.frame + Stylesheet.pages).split(separator: ":root {").prefix(2)
    for block in blocks {
      var colours: [String: String] = [:]
      for declaration in block.prefix(while: { $0 != "}" }).split(separator: ";") {
        let sides = declaration.split(separator: ":").map { $0.trimmingPrefix { $0.isWhitespace } }
        if sides.count == 2, sides[0].hasPrefix("--") { colours[String(sides[0])] = String(sides[1]) }
      }
      for text in ["--text", "--muted", "--link", "--get", "--post", "--put", "--patch", "--delete"] {
        for ground in ["--page", "--raised"] {
          let ratio = contrast(try #require(colours[text]), try #require(colours[ground]))
          #expect(ratio >= 4.5, "\(text) on \(ground): \(ratio)")
        }
      }
      #expect(contrast(try #require(colours["--text"]), try #require(colours["--code"])) >= 4.5)
      #expect(contrast(try #require(colours["--link"]), try #require(colours["--notice"])) >= 4.5)
    }
  }

  /// WCAG 2.2, definition of contrast ratio.
  private func contrast(_ one: String, _ other: String) -> Double {
    let bright = [luminance(one), luminance(other)].sorted()
    return (bright[1] + 0.05) / (bright[0] + 0.05)
  }

  private func luminance(_ colour: String) -> Double {
    let value = Int(colour.dropFirst(), radix: 16) ?? 0
    let parts = [value >> 16, value >> 8, value].map { part -> Double in
      let share = Double(part & 0xFF) / 255
      return share <= 0.04045 ? share / 12.92 : pow24((share + 0.055) / 1.055)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  /// x to the power of 2.4: the fifth root of x to the twelfth, by Newton's method.
  private func pow24(_ x: Double) -> Double {
    let twelfth = (0..<12).reduce(1.0) { product, _ in product * x }
    var root = x
    for _ in 0..<60 { root -= (root * root * root * root * root - twelfth) / (5 * root * root * root * root) }
    return root
  }
}
