import CelerityJSON
import Testing

@Suite("Raw values are read without losing anything")
struct ReadingTests {
  @Test("Members keep their order, their text and their unescaped names")
  func members() throws {
    let json = try RawJSON(validating: #"{ "b" : 1.0 , "\u0061\n" : [ 1 , {"x":"}"} ] , "":"a,b" , "c":{} }"#)
    let members = try #require(json.members())
    #expect(members.map(\.name) == ["b", "a\n", "", "c"])
    #expect(members.map(\.value.description) == ["1.0", #"[ 1 , {"x":"}"} ]"#, #""a,b""#, "{}"])
    #expect(try RawJSON(validating: "{ }").members() == [])
  }

  @Test("Elements keep their order and their text")
  func elements() throws {
    let json = try RawJSON(validating: #"[ 1 , "]\"," , [ 2, 3 ] ,{"a":[]}, null ,-0]"#)
    let elements = try #require(json.elements())
    #expect(elements.map(\.description) == ["1", #""]\",""#, "[ 2, 3 ]", #"{"a":[]}"#, "null", "-0"])
    #expect(try RawJSON(validating: "[ ]").elements() == [])
  }

  @Test("Members are found by the code points of their names")
  func lookUp() throws {
    let json = try RawJSON(
      validating: "{\"a\":1,\"ab\":2,\"\\u0062\":3,\"\u{E9}\":4,\"e\u{301}\":5,\"\":6,\"n\":{\"a\":7}}")
    let found = ["a", "ab", "b", "\u{E9}", "e\u{301}", ""].map { json[$0]?.int64Value }
    #expect(found == [1, 2, 3, 4, 5, 6])
    #expect(json["n"]?["a"]?.int64Value == 7)
    #expect(json["abc"] == nil)
    #expect(json["x"] == nil)
    #expect(RawJSON.emptyArray["a"] == nil)
  }

  @Test("Only arrays have elements and only objects have members")
  func containersOnly() throws {
    for text in ["null", "true", "1", #""[]""#, "{}"] {
      #expect(try RawJSON(validating: text).elements() == nil)
    }
    for text in ["null", "false", "-1", #""{}""#, "[]"] {
      #expect(try RawJSON(validating: text).members() == nil)
    }
  }

  @Test("The kind shows in the first character")
  func kinds() throws {
    let kinds = try ["null", "true", "false", "0", "-1", #""""#, "[]", "{}"].map { try RawJSON(validating: $0).kind }
    #expect(kinds == [.null, .boolean, .boolean, .number, .number, .string, .array, .object])
    #expect(RawJSON.null.isNull && !RawJSON.false.isNull)
  }

  @Test(
    "Strings are unescaped",
    arguments: [
      (#""""#, ""),
      (#""plain text, longer than sixteen bytes""#, "plain text, longer than sixteen bytes"),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u0000\u001f\u007F""#, "\u{0}\u{1F}\u{7F}"),
      (#""\u00e9\u20AC""#, "\u{E9}\u{20AC}"),
      (#""\ud83d\ude00\uD800\uDC00\uDBFF\uDFFF""#, "\u{1F600}\u{10000}\u{10FFFF}"),
      ("\"\u{E9}\\n\u{1F600}\\t\u{20AC}\"", "\u{E9}\n\u{1F600}\t\u{20AC}"),
      (#""a\\u0041""#, #"a\u0041"#),
    ])
  func strings(_ text: String, _ value: String) throws {
    let string = try #require(try RawJSON(validating: text).stringValue)
    #expect(Array(string.unicodeScalars) == Array(value.unicodeScalars))
  }

  @Test(
    "Integers are read exactly or not at all",
    arguments: [
      ("0", 0), ("-0", 0), ("7", 7), ("-12", -12), ("9007199254740993", 9_007_199_254_740_993),
      ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
      ("-9223372036854775809", nil), ("18446744073709551616", nil), ("1.0", nil), ("1e3", nil), ("-0.0", nil),
      (#""1""#, nil), ("true", nil), ("null", nil), ("[1]", nil),
    ] as [(String, Int64?)])
  func integers(_ text: String, _ value: Int64?) throws {
    #expect(try RawJSON(validating: text).int64Value == value)
  }

  @Test(
    "Doubles are the nearest ones",
    arguments: [
      ("0", 0), ("1", 1), ("1.0", 1), ("1e3", 1_000), ("0.1", 0.1), ("5e-324", .leastNonzeroMagnitude),
      ("2e-324", 0), ("1.7976931348623157e308", .greatestFiniteMagnitude), ("9007199254740993", 9_007_199_254_740_992),
      ("9007199254740993.000000000000000000001", 9_007_199_254_740_994),
      ("2.2250738585072011e-308", Double.leastNormalMagnitude.nextDown),
      ("1e400", nil), ("-1e400", nil), (#""1""#, nil), ("true", nil), ("null", nil),
    ] as [(String, Double?)])
  func doubles(_ text: String, _ value: Double?) throws {
    #expect(try RawJSON(validating: text, limits: .trusted).doubleValue == value)
  }

  @Test("Minus zero keeps its sign")
  func minusZero() throws {
    #expect(try RawJSON(validating: "-0").doubleValue?.sign == .minus)
    #expect(try RawJSON(validating: "-0.0").doubleValue?.sign == .minus)
  }

  @Test("Booleans are booleans only")
  func booleans() throws {
    #expect(RawJSON.true.boolValue == true)
    #expect(RawJSON.false.boolValue == false)
    for text in ["null", "0", "1", #""true""#, "[]"] {
      #expect(try RawJSON(validating: text).boolValue == nil)
    }
  }

  @Test("Equality and hashing are those of the text")
  func equality() throws {
    #expect(try RawJSON(validating: " 1 ") == RawJSON(validating: "1"))
    #expect(try RawJSON(validating: "1") != RawJSON(validating: "1.0"))
    #expect(try Set([RawJSON(validating: "[]"), .emptyArray, .emptyObject]).count == 2)
  }

  @Test(
    "Bytes that are no JSON are read as far as they go, without a trap",
    arguments: [
      "", " ", "{", "[", "\"", "\"\\", "\"\\u", "\"\\u12", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "[1",
      "[1,", "[[]",
      "{\"a\":}", "[,]", "-", "t", "nul", "\"\\ud800\"", "\"\\q\"", "]", ":", "{]", "[}", "{\"a\":[}", "\"abc\\",
    ])
  func damagedText(_ text: String) {
    let json = RawJSON(unchecked: Array(text.utf8))
    _ = json.members()
    _ = json.elements()
    _ = json["a"]
    _ = (json.boolValue, json.int64Value, json.doubleValue, json.stringValue)
    #expect(throws: (any Error).self) { try RawJSONDecoder().decode([String: [Int]].self, from: json) }
    #expect(json.bytes == Array(text.utf8))
  }

  @Test("A damaged escape becomes the replacement character")
  func damagedEscapes() {
    #expect(RawJSON(unchecked: Array(#""a\ud800b""#.utf8)).stringValue == "a\u{FFFD}b")
    #expect(RawJSON(unchecked: Array(#""a\qb""#.utf8)).stringValue == "a\u{FFFD}b")
  }
}
