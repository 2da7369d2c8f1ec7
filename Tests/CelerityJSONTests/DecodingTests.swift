import CelerityJSON
import Testing

@Suite("The decoder is exact")
struct DecodingTests {
  private func decode<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
    try RawJSONDecoder().decode(type, from: RawJSON(validating: text, limits: .trusted))
  }

  @Test("Integer types accept integers that fit and nothing else")
  func integerBounds() throws {
    try expectBounds(Int.self)
    try expectBounds(Int8.self)
    try expectBounds(Int16.self)
    try expectBounds(Int32.self)
    try expectBounds(Int64.self)
    try expectBounds(Int128.self)
    try expectBounds(UInt.self)
    try expectBounds(UInt8.self)
    try expectBounds(UInt16.self)
    try expectBounds(UInt32.self)
    try expectBounds(UInt64.self)
    try expectBounds(UInt128.self)
  }

  /// Checks a type at its bounds: on its own, as element and as member.
  private func expectBounds<Value: FixedWidthInteger & Decodable>(_ type: Value.Type) throws {
    for value in [Value.min, .max, 0, 1] {
      #expect(try decode("\(value)", as: type) == value)
      #expect(try decode("[\(value)]", as: [Value].self) == [value])
      #expect(try decode(#"{"k":\#(value)}"#, as: [String: Value].self) == ["k": value])
    }
    let below = Value.isSigned ? decrement("\(Value.min)") : "-1"
    for text in [increment("\(Value.max)"), below, "1.0", "1e0", "0.5", "true", #""1""#, "null", "[]", "{}"] {
      #expect(throws: DecodingError.self) { try decode(text, as: type) }
      #expect(throws: DecodingError.self) { try decode("[\(text)]", as: [Value].self) }
      #expect(throws: DecodingError.self) { try decode(#"{"k":\#(text)}"#, as: [String: Value].self) }
    }
    #expect(try decode("-0", as: type) == 0)
  }

  @Test("Every container reads every width")
  func widths() throws {
    let names = ["int", "int8", "int16", "int32", "int64", "int128"]
    let values = IntegerWidths.text.split(separator: ",")
    let members = zip(names + names.map { "u" + $0 }, values).map { "\"\($0)\":\($1)" }.joined(separator: ",")
    #expect(try decode("{\(members)}") == IntegerWidths())
    #expect(try decode("[\(IntegerWidths.text)]") == IntegerWidthList())
    for index in values.indices {
      var changed = values.map(String.init)
      changed[index] = increment(changed[index])
      #expect(throws: DecodingError.self) {
        try decode("[\(changed.joined(separator: ","))]", as: IntegerWidthList.self)
      }
    }
  }

  /// One more in decimal digits; no bound of a type ends with a nine.
  private func increment(_ digits: String) -> String {
    digits.dropLast() + String(Int(String(digits.last ?? "0"))! + 1)
  }

  private func decrement(_ digits: String) -> String { increment(digits) }

  @Test("Doubles accept every number that stays finite")
  func doubles() throws {
    #expect(try decode("1", as: Double.self) == 1)
    #expect(try decode("-0", as: Double.self).sign == .minus)
    #expect(try decode("1e308", as: Double.self) == 1e308)
    #expect(try decode("9007199254740993", as: Double.self) == 9_007_199_254_740_992)
    #expect(try decode("[0.1,1e-400]", as: [Double].self) == [0.1, 0])
    for text in ["1e400", "-1e400", #""1.0""#, "null", "true", #""NaN""#] {
      #expect(throws: DecodingError.self) { try decode(text, as: Double.self) }
    }
  }

  @Test("Floats are rounded once, from the text")
  func floats() throws {
    #expect(try decode("0.1", as: Float.self) == 0.1)
    #expect(try decode("3.4028235e38", as: Float.self) == .greatestFiniteMagnitude)
    #expect(throws: DecodingError.self) { try decode("3.5e38", as: Float.self) }
    // Rounding to Double first would land on the tie and then on the even neighbour below.
    #expect(try decode("1.00000005960464477540", as: Float.self) == Float(1).nextUp)
    #expect(try decode(#"{"a":0.1}"#, as: [String: Float].self) == ["a": 0.1])
  }

  @Test("Booleans and strings accept their own kind only")
  func booleansAndStrings() throws {
    #expect(try decode("[true,false]", as: [Bool].self) == [true, false])
    #expect(try decode(#"["a","\u00e9"]"#, as: [String].self) == ["a", "é"])
    for text in ["1", "0", #""true""#, "null", "[]"] {
      #expect(throws: DecodingError.self) { try decode(text, as: Bool.self) }
    }
    for text in ["1", "true", "null", #"["a"]"#] {
      #expect(throws: DecodingError.self) { try decode(text, as: String.self) }
    }
  }

  struct Person: Codable, Equatable {
    enum Role: String, Codable { case admin, user }
    var name: String
    var age: Int?
    var role: Role
    var tags: [String]
    var scores: [String: Double]
    var friend: [Person]?
  }

  @Test("Structures, enumerations, arrays and dictionaries nest")
  func structures() throws {
    let text = #"""
      {"name":"Ada","age":36,"role":"admin","tags":["x","y"],"scores":{"a":1,"b":2.5},
       "friend":[{"name":"Bob","role":"user","tags":[],"scores":{}}],"unknown":[1,{"deep":null}]}
      """#
    let bob = Person(name: "Bob", age: nil, role: .user, tags: [], scores: [:], friend: nil)
    let ada = Person(name: "Ada", age: 36, role: .admin, tags: ["x", "y"], scores: ["a": 1, "b": 2.5], friend: [bob])
    #expect(try decode(text) == ada)
  }

  @Test("An optional is nil for null and for an absent member, not for a wrong kind")
  func optionals() throws {
    struct Row: Decodable { let value: Int? }
    #expect(try decode(#"{"value":1}"#, as: Row.self).value == 1)
    #expect(try decode(#"{"value":null}"#, as: Row.self).value == nil)
    #expect(try decode("{}", as: Row.self).value == nil)
    #expect(throws: DecodingError.self) { try decode(#"{"value":"1"}"#, as: Row.self) }
    #expect(try decode("[1,null,2]", as: [Int?].self) == [1, nil, 2])
    #expect(try decode("null", as: Int?.self) == nil)
    #expect(try decode("5", as: Int?.self) == 5)
  }

  @Test("Raw values are taken as they are")
  func rawValues() throws {
    struct Call: Decodable {
      let args: RawJSON
      let kwargs: RawJSON?
      let none: RawJSON?
    }
    let call = try decode(#"{"args": [ 1.0, 1e2, "\u0061" ] ,"kwargs":{ "a" : 9007199254740993 }}"#, as: Call.self)
    #expect(call.args.description == #"[ 1.0, 1e2, "\u0061" ]"#)
    #expect(call.kwargs?.description == #"{ "a" : 9007199254740993 }"#)
    #expect(call.none == nil)
    #expect(try decode("[ 1 , [ 2 ] ]", as: [RawJSON].self).map(\.description) == ["1", "[ 2 ]"])
    #expect(try decode(#"{"a":-0}"#, as: [String: RawJSON].self)["a"]?.description == "-0")
    #expect(try decode("1E2", as: RawJSON.self).description == "1E2")
    #expect(try decode("[null]", as: [RawJSON].self) == [.null])
  }

  @Test("Dictionaries take integer keys")
  func integerKeys() throws {
    #expect(try decode(#"{"1":"a","-2":"b"}"#, as: [Int: String].self) == [1: "a", -2: "b"])
  }

  @Test("Members are found among many, by the code points of their names")
  func manyMembers() throws {
    let names = (0..<1_000).map { "\"n\($0)\":\($0)" }.joined(separator: ",")
    let values = try decode("{\(names)}", as: [String: Int].self)
    #expect(values == Dictionary(uniqueKeysWithValues: (0..<1_000).map { ("n\($0)", $0) }))

    struct Accents: Decodable {
      enum CodingKeys: String, CodingKey {
        case composed = "\u{E9}"
        case decomposed = "e\u{301}"
      }
      let composed: Int
      let decomposed: Int
    }
    for filler in ["", "," + names] {
      let accents = try decode("{\"e\u{301}\":1,\"\\u00e9\":2\(filler)}", as: Accents.self)
      #expect(accents.composed == 2 && accents.decomposed == 1)
    }
  }

  @Test("User info reaches the types")
  func userInfo() throws {
    struct Asking: Decodable {
      let answer: String?
      init(from decoder: any Decoder) throws { answer = decoder.userInfo[key] as? String }
    }
    var decoder = RawJSONDecoder()
    decoder.userInfo[key] = "yes"
    #expect(
      try decoder.decode([[String: Asking]].self, from: RawJSON(validating: #"[{"a":1}]"#))[0]["a"]?.answer == "yes")
  }
}

private let key = CodingUserInfoKey(rawValue: "question")!
