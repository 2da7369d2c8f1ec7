import NIOCore
import Testing

@testable import RESPClient

@Suite struct ParserTests {
  /// Each reply as it is on the wire and what it means.
  static let replies: [(String, RESPValue)] = [
    ("+OK\r\n", .simpleString("OK")),
    ("+\r\n", .simpleString("")),
    ("-ERR no such key\r\n", .error(RESPError("ERR no such key"))),
    (":0\r\n", .integer(0)), (":-1\r\n", .integer(-1)), (":+7\r\n", .integer(7)),
    (":9223372036854775807\r\n", .integer(.max)), (":-9223372036854775808\r\n", .integer(.min)),
    ("$5\r\nhe\r\no\r\n", .bulkString(ByteBuffer(string: "he\r\no"))),
    ("$0\r\n\r\n", .bulkString(ByteBuffer())), ("$-1\r\n", .null), ("*-1\r\n", .null), ("_\r\n", .null),
    ("*0\r\n", .array([])), ("%0\r\n", .map([])), ("~0\r\n", .set([])),
    ("*2\r\n:1\r\n*1\r\n$1\r\na\r\n", .array([.integer(1), .array([.bulkString(ByteBuffer(string: "a"))])])),
    ("*3\r\n$-1\r\n*0\r\n+x\r\n", .array([.null, .array([]), .simpleString("x")])),
    (
      "%2\r\n+a\r\n:1\r\n+b\r\n*0\r\n",
      .map([.init(.simpleString("a"), .integer(1)), .init(.simpleString("b"), .array([]))])
    ),
    ("~2\r\n:1\r\n:2\r\n", .set([.integer(1), .integer(2)])),
    (">3\r\n+message\r\n+c\r\n+m\r\n", .push([.simpleString("message"), .simpleString("c"), .simpleString("m")])),
    (",1.5\r\n", .double(1.5)), (",inf\r\n", .double(.infinity)), (",-inf\r\n", .double(-.infinity)),
    (",1e3\r\n", .double(1000)), ("#t\r\n", .boolean(true)), ("#f\r\n", .boolean(false)),
    ("(3492890328409238509324850943850943825024385\r\n", .bigNumber("3492890328409238509324850943850943825024385")),
    ("=7\r\ntxt:abc\r\n", .verbatim(format: "txt", ByteBuffer(string: "abc"))),
    ("!8\r\nERR a\r\nb\r\n", .error(RESPError("ERR a\r\nb"))),
    // An attribute is no reply of its own, wherever it stands.
    ("|1\r\n+ttl\r\n:3\r\n:5\r\n", .integer(5)),
    ("*2\r\n|1\r\n+ttl\r\n:3\r\n:5\r\n:6\r\n", .array([.integer(5), .integer(6)])),
  ]

  @Test("every kind of reply is read", arguments: replies) func reads(_ text: String, _ expected: RESPValue) throws {
    var parser = RESPParser()
    var buffer = ByteBuffer(string: text)
    #expect(try parser.next(&buffer) == expected)
    #expect(buffer.readableBytes == 0)
    #expect(parser.isIdle)
  }

  @Test("a reply is read the same in whatever pieces it comes") func everySplit() throws {
    let text = Self.replies.map(\.0).joined()
    for size in 1...17 {
      var parser = RESPParser()
      var buffer = ByteBuffer()
      var values: [RESPValue] = []
      for start in stride(from: 0, to: text.utf8.count, by: size) {
        buffer.writeBytes(Array(text.utf8)[start..<min(start + size, text.utf8.count)])
        while let value = try parser.next(&buffer) { values.append(value) }
      }
      #expect(values == Self.replies.map(\.1))
    }
  }

  @Test(
    "what is not the protocol is refused",
    arguments: [
      "\r\n", "\n", "hello\r\n", "+a\n\n", ":\r\n", ":-\r\n", ":1x\r\n", ":9223372036854775808\r\n",
      ":-9223372036854775809\r\n", "$-2\r\n", "$x\r\n", "$2\r\nabcd\r\n", "*-7\r\n", "#x\r\n", ",abc\r\n",
      "=2\r\nab\r\n",
      "$999999999999\r\n", "*99999999999\r\n",
    ])
  func refuses(_ text: String) {
    var parser = RESPParser()
    var buffer = ByteBuffer(string: text)
    #expect(throws: RESPProtocolError.self) { while try parser.next(&buffer) != nil {} }
  }

  @Test("a reply that nests too deep, or a line without end, is refused before it costs memory") func limits() {
    var parser = RESPParser(limits: RESPLimits(maximumDepth: 4, maximumLineBytes: 16))
    var deep = ByteBuffer(string: String(repeating: "*1\r\n", count: 5))
    #expect(throws: RESPProtocolError.self) { try parser.next(&deep) }
    parser = RESPParser(limits: RESPLimits(maximumDepth: 4, maximumLineBytes: 16))
    var long = ByteBuffer(string: "+" + String(repeating: "a", count: 17))
    #expect(throws: RESPProtocolError.self) { try parser.next(&long) }
  }

  @Test("an announced length alone allocates nothing") func announced() throws {
    var parser = RESPParser()
    var buffer = ByteBuffer(string: "*4000000\r\n$500000000\r\nab")
    #expect(try parser.next(&buffer) == nil)
    #expect(buffer.readableBytes == 2)
  }

  @Test(
    "commands are written as arrays of strings",
    arguments: [
      (RESPCommand("GET", "k"), "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"),
      (RESPCommand("SET", .text("ключ"), .number(-10)), "*3\r\n$3\r\nSET\r\n$8\r\nключ\r\n$3\r\n-10\r\n"),
      (RESPCommand("X", 0, .number(Int64.min)), "*3\r\n$1\r\nX\r\n$1\r\n0\r\n$20\r\n-9223372036854775808\r\n"),
      (RESPCommand("X", .bytes(ByteBuffer(string: "a\r\nb"))), "*2\r\n$1\r\nX\r\n$4\r\na\r\nb\r\n"),
    ])
  func writes(_ command: RESPCommand, _ text: String) {
    var buffer = ByteBuffer()
    command.write(to: &buffer)
    #expect(String(buffer: buffer) == text)
  }
}
