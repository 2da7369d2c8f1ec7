import CelerityJSON
import Testing

@testable import CelerityYAML

struct YAMLTests {
  private func json(_ yaml: String, _ limits: YAMLLimits = YAMLLimits()) throws -> String {
    try RawJSON(yaml: yaml, limits: limits).description
  }

  private func fault(_ yaml: String, _ limits: YAMLLimits = YAMLLimits()) throws -> YAMLError {
    try #require(throws: YAMLError.self) { try RawJSON(yaml: yaml, limits: limits) }
  }

  @Test func `a document becomes JSON, in its order`() throws {
    let yaml = """
      title: Ünïcode ✓
      sections:
        - name: "Intro"
          pages: 3
          ratio: 1.50
          open: yes
        - {name: End, pages: ~}
      text: |
        two
        lines
      """
    #expect(
      try json(yaml)
        == #"{"title":"Ünïcode ✓","sections":[{"name":"Intro","pages":3,"ratio":1.50,"open":true},"#
        + #"{"name":"End","pages":null}],"text":"two\nlines"}"#)
  }

  @Test(arguments: [
    ("a: 1\nb: [1, 2", 2), ("a: 1\n\tb: 2", 2), ("a: 1\nb: !!python/object:os.system x", 2),
    ("a: 1\n? [1, 2]\n: b", 2), ("x: 1\ny:\n  <<: {a: 1}", 3), ("a: 1\nb: {c: !custom {d: 1}}", 2),
  ])
  func `a fault says on which line it is`(_ yaml: String, _ line: Int) throws {
    let found = try fault(yaml)
    // Where something does not end, the parser stops at the line after it.
    #expect(found.line.map { (line...line + 1).contains($0) } == true, "\(found)")
    #expect(found.description.hasPrefix("line "))
  }

  @Test func `what is never read is told apart from what can't be read`() throws {
    #expect(try fault("!!python/object:os.system x").code == .disallowed)
    #expect(try fault("a: {<<: {b: 1}}").code == .disallowed)
    #expect(try fault("a: [").code == .malformed)
    #expect(try fault("").code == .malformed)
    #expect(try fault("a: 1\n---\nb: 2").code == .malformed)
    #expect(throws: YAMLError.self) { try RawJSON(yaml: [0x61, 0xFF]) }
  }

  @Test func `two values under one name are refused, also when only JSON has one name for them`() throws {
    #expect(try fault("a: 1\na: 2").code == .malformed)
    #expect(try fault("1: a\n'1': b").code == .malformed)
  }

  @Test func `length, depth and references are bounded`() throws {
    #expect(try fault("a: 1234567", YAMLLimits(maximumBytes: 5)).code == .tooLarge)
    let deep = String(repeating: "[", count: 20) + String(repeating: "]", count: 20)
    #expect(try fault(deep, YAMLLimits(maximumDepth: 10)).code == .malformed)
    #expect(try json(deep, YAMLLimits(maximumDepth: 20)) == deep)
    // A billion laughs, and what one reference makes of a long text.
    var laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      laughs += "a\(level): &a\(level) [" + (0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", ") + "]\n"
    }
    #expect(try fault(laughs).code == .tooLarge)
    let twice = "- &a \(String(repeating: "x", count: 300))\n- *a\n- *a\n"
    #expect(try fault(twice, YAMLLimits(json: JSONLimits(maximumBytes: 500))).code == .tooLarge)
    #expect(try json("- &a [1]\n- *a") == "[[1],[1]]")
  }
}
