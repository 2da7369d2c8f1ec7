import CelerityCore
import CelerityJSON
import Testing

@testable import CeleryWire

@Suite("Contents of messages") struct ContentTests {
  /// `[[2, 3], {}, {…}]`, packed by the tools of these names.
  static let packed: [(String, String)] = [
    (
      "application/x-gzip",
      "H4sIAAAAAAAAA4uONtJRMI7VUaiuBWKl5MScnKTE5OxiJSuFvNKcHB0FpdSiIjSR5IzEzDxkbn5RCpRbGwsAOx6GGlEAAAA="
    ),
    (
      "application/x-bz2",
      "QlpoOTFBWSZTWaRTNS4AAA+bgFAEGBAACj5tmgogAFQ1AGgANNBKmJqGh6g9QyKDgh7KRfKnlLYiH3BWh+Se77WpIy1GQqGFNWw7AESeQGBAcl8XckU4UJCkUzUu"
    ),
    (
      "application/zstd",
      "KLUv/SBR9QEAFANbWzIsIDNdLCB7fSwgeyJjYWxsYmFja3MiOiBudWxsLCAiZXJyY2hhaW5jaG9yZH1dAwAysyZq061uPgE="
    ),
  ]

  private func message(
    _ body: String, _ type: String = "application/json", compression: String? = nil, isBase64: Bool = false,
    maximumBytes: Int = 16 << 20
  ) throws -> TaskMessage {
    var headers = [("task", RawJSON.string("t")), ("id", .string("i"))]
    if let compression { headers.append(("compression", .string(compression))) }
    let envelope = RawJSON.object([
      ("body", .string(body)), ("content-type", .string(type)), ("content-encoding", .string("utf-8")),
      ("headers", .object(headers)),
      ("properties", isBase64 ? .object([("body_encoding", .string("base64"))]) : .emptyObject),
    ])
    return try MessageReader(maximumBodyBytes: maximumBytes).message(try Envelope(envelope.bytes), queue: "q")
  }

  @Test("compressed bodies are read", arguments: packed) func compressed(_ name: String, _ body: String) throws {
    #expect(try message(body, compression: name, isBase64: true).args.description == "[2, 3]")
  }

  @Test("a compressed body that is cut or damaged is refused", arguments: packed)
  func damaged(_ name: String, _ body: String) throws {
    let bytes = try #require(Base64.bytes(Array(body.utf8)[...]))
    for count in [0, 1, 5, bytes.count / 2, bytes.count - 12] {
      let cut = Base64.text(Array(bytes[..<count]))
      #expect(throws: WireFault.self, "\(count)") { try message(cut, compression: name, isBase64: true) }
    }
    for place in stride(from: 0, to: bytes.count, by: 3) {
      var wrong = bytes
      wrong[place] ^= 0x55
      // Not every bit is covered by a checksum; what matters is that nothing else than a fault comes of it.
      do { _ = try message(Base64.text(wrong), compression: name, isBase64: true) } catch is WireFault {}
    }
  }

  /// A mebibyte of zeros.
  static let bombs: [(String, String)] = [
    ("bzip2", "QlpoOTFBWSZTWThXHOUACAhAAMAEAAggADDMBSmmCAbEIB4u5IpwoSBwrjnK"),
    ("zstd", "KLUv/aAAABAAVAAAEAAAAQD7/znAAgIAEAACABAAAgAQAAIAEAACABAAAgAQAAMAEAA="),
    (
      "gzip",
      "eJztwTEBAAAAwqD1T20ND6AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA4N8A//8AAQ=="
    ),
  ]

  @Test("a small body that becomes more than is taken is refused", arguments: bombs)
  func bomb(_ name: String, _ body: String) throws {
    let fault = #expect(throws: WireFault.self) {
      try message(body, compression: name, isBase64: true, maximumBytes: 1024)
    }
    #expect(fault?.kind == .tooLarge)
    #expect(fault?.id == "i")
  }

  @Test("compressions that are not read are refused by name", arguments: ["application/x-brotli", "lzma", "xz", "rar"])
  func unknown(_ name: String) throws {
    let fault = #expect(throws: WireFault.self) { try message("x", compression: name) }
    #expect(fault?.kind == .compressionUnknown)
    #expect(fault?.detail.contains(name) == true)
  }

  @Test(
    "content without arguments, or that could run code, is refused with its reason",
    arguments: [
      "application/x-python-serialize", "text/plain", "application/data", "application/x-msgpack", "image/png", "",
    ])
  func refused(_ type: String) throws {
    let fault = #expect(throws: WireFault.self) { try message("[[], {}, {}]", type) }
    #expect(fault?.kind == .contentDisallowed)
    #expect(fault?.taskFailure.type == "ContentDisallowed")
  }

  @Test(
    "what Python writes beyond JSON is read",
    arguments: [
      ("[NaN, Infinity, -Infinity, -1]", "[null, null, null, -1]"),
      (#"["NaN", NaN, "\"NaN"]"#, #"["NaN", null, "\"NaN"]"#),
      (#"["a\udcffb", "\ud83d\ude00", "\\ud800"]"#, "[\"a\u{FFFD}b\", \"\\ud83d\\ude00\", \"\\\\ud800\"]"),
      (#"["\udc00\ud800"]"#, "[\"\u{FFFD}\u{FFFD}\"]"), ("[1e999]", "[1e999]"),
      (#"[{"__type__": "decimal", "__value__": "1.10"}]"#, #"[{"__type__": "decimal", "__value__": "1.10"}]"#),
      ("[\(String(repeating: "7", count: 4000))]", "[\(String(repeating: "7", count: 4000))]"),
    ])
  func python(_ written: String, _ read: String) throws {
    #expect(try message("[\(written), {}, {}]").args.description == read)
  }

  @Test("nonsense near Python's words stays nonsense", arguments: ["[NaNa]", "[-NaN]", "[Inf]", #"["\ud8"]"#, "[NaN"])
  func nonsense(_ written: String) throws {
    #expect(throws: WireFault.self) { try message("[\(written), {}, {}]") }
  }

  @Test("NaN in an envelope's headers costs no task") func headerNaN() throws {
    let text =
      #"{"body": "[[],{},{}]", "content-type": "application/json", "headers": {"task": "t", "id": "i", "mine": NaN, "argsrepr": "\udcff"}}"#
    let message = try MessageReader().message(try Envelope(Array(text.utf8)), queue: "q")
    #expect(message.extras.headers == ["mine": .null])
  }
}

@Suite("Bodies in YAML") struct YAMLTests {
  private func json(_ yaml: String) throws -> String {
    try YAMLBody.json(Array(yaml.utf8), maximumBytes: 1 << 20).description
  }

  @Test("a message as PyYAML writes it is read") func message() throws {
    let yaml = """
      - - 2
        - ü
      - z: 3
        'on': null
      - callbacks: null
        chain:
        - {args: [], immutable: false, kwargs: {}, options: {task_id: a}, subtask_type: null, task: t}
        chord: null
        errbacks: null

      """
    let envelope = Envelope(
      headers: [JSONMember(name: "task", value: .string("t")), JSONMember(name: "id", value: .string("i"))],
      properties: [], contentType: "application/x-yaml", contentEncoding: "utf-8", body: Array(yaml.utf8))
    let message = try MessageReader().message(envelope, queue: "q")
    #expect(message.args.description == #"[2,"ü"]"#)
    #expect(message.kwargs.description == #"{"z":3,"on":null}"#)
    #expect(message.extras.chain?.map(\.task) == ["t"])
  }

  /// Checked against PyYAML 6.0.
  static let scalars: [(String, String)] = [
    ("1", "1"), ("-0", "0"), ("+5", "5"), ("1_000", "1000"), ("0x1F", "31"), ("0b101", "5"), ("017", "15"),
    ("1:30", "90"),
    ("190:20:30", "685230"), ("123456789012345678901234567890", "123456789012345678901234567890"), ("1.5", "1.5"),
    ("-1.50", "-1.50"), ("1e5", #""1e5""#), ("1.0e+5", "1.0e+5"), ("1.0e5", #""1.0e5""#), (".5", "0.5"), ("5.", "5.0"),
    (".inf", "null"), (".nan", "null"), ("~", "null"), ("", "null"), ("Null", "null"), ("yes", "true"),
    ("OFF", "false"),
    ("y", #""y""#), ("'1'", #""1""#), ("\"a\\nb\"", #""a\nb""#), ("2026-11-21", #""2026-11-21""#), ("!!str 5", #""5""#),
    ("!!int '5'", "5"), ("09", #""09""#), ("1.2.3", #""1.2.3""#), ("-", #"[null]"#), ("--1", #""--1""#),
    ("0o7", #""0o7""#),
    ("! 5", "5"), ("! '5'", #""5""#), ("1:99", #""1:99""#),
  ]

  @Test("scalars mean what they mean to PyYAML", arguments: scalars) func scalar(_ yaml: String, _ expected: String)
    throws
  {
    #expect(try json(yaml.isEmpty ? "--- \n" : yaml) == expected)
  }

  @Test("keys become names as Python's json makes them") func keys() throws {
    #expect(
      try json("1: a\nyes: b\nnull: c\n'x y': d\n1.5: e") == #"{"1":"a","true":"b","null":"c","x y":"d","1.5":"e"}"#)
  }

  @Test("a part that is referred to is read again") func references() throws {
    #expect(try json("- &id001 [1]\n- *id001") == "[[1],[1]]")
  }

  static let refused: [(String, WireFault.Kind)] = [
    ("!!python/object/apply:os.system ['true']", .contentDisallowed), ("!!python/name:os.system", .contentDisallowed),
    ("!!binary aGk=", .contentDisallowed), ("!!set {a}", .contentDisallowed), ("!own {a: 1}", .contentDisallowed),
    ("<<: {a: 1}\nb: 2", .contentDisallowed), ("[1", .malformed), ("a: b: c", .malformed), ("", .malformed),
    ("a: 1\na: 2", .malformed), ("yes: 1\ntrue: 2", .malformed), ("? [1]\n: 2", .malformed), ("*nobody", .malformed),
    ("--- 1\n--- 2", .malformed), (String(repeating: "[", count: 900), .malformed),
    (String(repeating: "[", count: 200) + String(repeating: "]", count: 200), .malformed),
    (String(repeating: "- ", count: 700), .malformed), (String(repeating: "[", count: 100_000), .malformed),
    (String(repeating: "- ", count: 100_000), .malformed),
    (
      (1..<30).reduce("a0: &a0 [x, x]\n") { $0 + "a\($1): &a\($1) [*a\($1 - 1), *a\($1 - 1)]\n" }
        + "? *a29\n: 1", .tooLarge
    ),
    (String(repeating: "x", count: (1 << 20) + 1), .tooLarge),
  ]

  @Test("what is no plain value, or grows while it is read, is refused", arguments: refused.indices)
  func refuses(_ index: Int) throws {
    let (yaml, kind) = Self.refused[index]
    let fault = #expect(throws: WireFault.self, "\(yaml.prefix(60))") { try json(yaml) }
    #expect(fault?.kind == kind, "\(yaml.prefix(60)): \(fault?.detail ?? "")")
  }

  @Test("bytes that are no UTF-8 are refused") func encoding() {
    #expect(throws: WireFault.self) { try YAMLBody.json([0x61, 0xFF], maximumBytes: 100) }
  }
}
