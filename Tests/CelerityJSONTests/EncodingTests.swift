import CelerityJSON
import Testing

@Suite("The encoder is exact")
struct EncodingTests {
  private func text<Value: Encodable>(_ value: Value, sortedKeys: Bool = false) throws -> String {
    let json = try RawJSONEncoder(sortedKeys: sortedKeys).encode(value)
    return try RawJSON(validating: json.bytes).description
  }

  @Test("Scalars have their JSON forms")
  func scalars() throws {
    #expect(try text(true) == "true")
    #expect(try text("a\"b\n") == #""a\"b\n""#)
    #expect(try text(Int64.min) == "-9223372036854775808")
    #expect(try text(UInt64.max) == "18446744073709551615")
    #expect(try text(Int128.min) == "-170141183460469231731687303715884105728")
    #expect(try text([UInt128.max]) == "[340282366920938463463374607431768211455]")
    #expect(try text(["a": Int128.max]) == #"{"a":170141183460469231731687303715884105727}"#)
    #expect(try text([Int8.min, .max]) == "[-128,127]")
    #expect(try text([0.1, 1, -0.0, 1e-5, .leastNonzeroMagnitude, 1e16]) == "[0.1,1.0,-0.0,1e-05,5e-324,1e+16]")
    #expect(try text(Float(0.1)) == "0.1")
    #expect(try text([1, nil, 2]) == "[1,null,2]")
    #expect(try text(nil as Int?) == "null")
    #expect(try text([Int]()) == "[]")
    #expect(try text([String: Int]()) == "{}")
  }

  @Test("Every container writes every width")
  func widths() throws {
    let values = try #require(try RawJSONEncoder().encode(IntegerWidths()).members()).map(\.value.description)
    #expect(values.joined(separator: ",") == IntegerWidths.text)
    #expect(try text(IntegerWidthList()) == "[\(IntegerWidths.text)]")
  }

  @Test("Members keep the order of encoding, or are sorted by their UTF-8")
  func order() throws {
    struct Row: Encodable {
      enum CodingKeys: String, CodingKey { case z, a, upper = "B", wide = "\u{FF5E}", wider = "\u{10000}" }
      var z = 1
      var a = [2]
      var upper = ["y": 1]
      var wide: Int? = nil
      var wider = 5
    }
    #expect(try text(Row()) == "{\"z\":1,\"a\":[2],\"B\":{\"y\":1},\"\u{10000}\":5}")
    #expect(
      try text(Row(wide: 4), sortedKeys: true) == "{\"B\":{\"y\":1},\"a\":[2],\"z\":1,\"\u{FF5E}\":4,\"\u{10000}\":5}")
    let many = Dictionary(uniqueKeysWithValues: (0..<100).map { (String($0), $0) })
    #expect(try RawJSONEncoder(sortedKeys: true).encode(many).members()?.map(\.name) == many.keys.sorted())
  }

  @Test("What is not finite is refused with its place", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(_ value: Double) throws {
    let error = #expect(throws: EncodingError.self) { try RawJSONEncoder().encode(["a": [1, value]]) }
    guard case .invalidValue(_, let context) = error else {
      Issue.record("another error")
      return
    }
    #expect(jsonPointer(context.codingPath) == "/a/1")
    #expect(throws: EncodingError.self) { try RawJSONEncoder().encode(value) }
    #expect(throws: EncodingError.self) { try RawJSONEncoder().encode(Float(value)) }
    #expect(throws: EncodingError.self) { try RawJSONEncoder().encode(["a": Float(value)]) }
  }

  @Test("Raw values keep their text, sorted or not")
  func rawValues() throws {
    struct Call: Encodable {
      var kwargs: RawJSON?
      var args: RawJSON
      var list: [RawJSON?]
    }
    let raw = try RawJSON(validating: #"{ "b": 1.00, "a": [ 1E2, "\u0061" ] }"#)
    let call = Call(kwargs: nil, args: raw, list: [raw, nil])
    #expect(try text(call) == #"{"args":\#(raw),"list":[\#(raw),null]}"#)
    #expect(try text(["k": raw], sortedKeys: true) == #"{"k":\#(raw)}"#)
    #expect(try text(raw) == raw.description)
  }

  /// Fills containers out of order and asks for some of them twice.
  private struct Manual: Encodable {
    enum Key: String, CodingKey { case a, b, c, list, inner, parent }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      var inner = container.nestedContainer(keyedBy: Key.self, forKey: .inner)
      var list = container.nestedUnkeyedContainer(forKey: .list)
      try container.encode(1, forKey: .a)
      try inner.encode(2, forKey: .b)
      try list.encode("x")
      var row = list.nestedContainer(keyedBy: Key.self)
      var column = list.nestedUnkeyedContainer()
      try list.encodeNil()
      try row.encodeNil(forKey: .c)
      try column.encode(contentsOf: [true, false])
      #expect(list.count == 4)
      try 9.encode(to: list.superEncoder())
      var again = container.nestedContainer(keyedBy: Key.self, forKey: .inner)
      try again.encode(3, forKey: .c)
      try container.encode(4, forKey: .a)
      try "p".encode(to: container.superEncoder(forKey: .parent))
      try "s".encode(to: container.superEncoder())
      #expect(jsonPointer(column.codingPath) == "/list/2")
      var root = encoder.container(keyedBy: Key.self)
      try root.encode(5, forKey: .b)
    }
  }

  @Test("Containers may be filled in any order; a name encoded again replaces its value")
  func manualContainers() throws {
    let expected = #"{"inner":{"b":2,"c":3},"list":["x",{"c":null},[true,false],null,9],"a":4,"#
    #expect(try text(Manual()) == expected + #""parent":"p","super":"s","b":5}"#)
  }

  @Test("A type that encodes nothing is refused alone and an empty object inside another")
  func nothing() throws {
    struct Nothing: Encodable { func encode(to encoder: any Encoder) {} }
    #expect(throws: EncodingError.self) { try RawJSONEncoder().encode(Nothing()) }
    #expect(try text([Nothing()]) == "[{}]")
    #expect(try text(["a": Nothing()]) == #"{"a":{}}"#)
  }

  @Test("A type that encodes two values in one place is refused")
  func twoValues() {
    struct Twice: Encodable {
      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(1)
        try container.encode(2)
      }
    }
    struct Mixed: Encodable {
      func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try list.encode(1)
        var object = encoder.container(keyedBy: DecodingErrorTests.Manual.Key.self)
        try object.encode(2, forKey: .list)
      }
    }
    #expect(throws: EncodingError.self) { try RawJSONEncoder().encode(Twice()) }
    #expect(throws: EncodingError.self) { try RawJSONEncoder().encode([Twice()]) }
    #expect(throws: EncodingError.self) { try RawJSONEncoder().encode(["a": Mixed()]) }
  }

  @Test("Both coders together return an equal value")
  func roundTrip() throws {
    let person = DecodingTests.Person(
      name: "Zoë \u{0} \"q\"", age: .min, role: .user, tags: ["", "\\"], scores: ["π": .pi, "": -0.0],
      friend: [.init(name: "", age: nil, role: .admin, tags: [], scores: [:], friend: [])])
    let json = try RawJSONEncoder().encode(person)
    #expect(try RawJSONDecoder().decode(DecodingTests.Person.self, from: json) == person)
  }

  @Test("User info reaches the types")
  func userInfo() throws {
    struct Asking: Encodable {
      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(encoder.userInfo[key] as? String)
      }
    }
    var encoder = RawJSONEncoder()
    encoder.userInfo[key] = "yes"
    #expect(try encoder.encode(["a": [Asking()]]).description == #"{"a":["yes"]}"#)
  }
}

private let key = CodingUserInfoKey(rawValue: "question")!
