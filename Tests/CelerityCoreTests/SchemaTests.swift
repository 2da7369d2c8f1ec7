import CelerityCore
import CelerityJSON
import Testing

@Suite struct SchemaTests {
  private func json<T: Decodable>(_ type: T.Type) throws -> String { try JSONSchema.of(type).json.description }

  struct Plain: Decodable {
    var name: String
    var count: Int
    var ratio: Double
    var isOn: Bool
    var small: UInt8
  }

  @Test func `A type's properties keep their order, types and names`() throws {
    #expect(
      try json(Plain.self) == """
        {"type":"object","properties":{"name":{"type":"string"},"count":{"type":"integer"},\
        "ratio":{"type":"number"},"isOn":{"type":"boolean"},"small":{"type":"integer","minimum":0.0}},\
        "required":["name","count","ratio","isOn","small"],"additionalProperties":false}
        """)
  }

  struct Optionals: Decodable {
    var text: String?
    var flag: Bool?
    var number: Int?
    var ratio: Double?
    var list: [String]?
    var inner: Inner?
    var always: Int
    struct Inner: Decodable { var x: Int }
  }

  @Test func `Optional properties are nullable and not required, whatever their type`() throws {
    let schema = try JSONSchema.of(Optionals.self)
    guard case .object(let properties, .refused) = schema.shape else {
      Issue.record("\(schema)")
      return
    }
    #expect(properties.map(\.name) == ["text", "flag", "number", "ratio", "list", "inner", "always"])
    #expect(properties.map(\.isRequired) == [false, false, false, false, false, false, true])
    #expect(properties.map(\.schema.isNullable) == [true, true, true, true, true, true, false])
    #expect(schema.json["required"]?.description == #"["always"]"#)
  }

  enum Color: String, Decodable, CaseIterable { case red, green }

  struct Nested: Decodable {
    var colors: [Color]
    var matrix: [[Double]]
    var anything: RawJSON
    var byName: [String: Int]
    var items: [Item]
    struct Item: Decodable {
      var id: Int64
      enum CodingKeys: String, CodingKey { case id = "item_id" }
    }
  }

  @Test func `Enums, arrays, dictionaries, raw values and coding keys are seen through`() throws {
    let schema = try JSONSchema.of(Nested.self).json
    let properties = try #require(schema["properties"])
    #expect(properties["colors"]?.description == #"{"type":"array","items":{"type":"string","enum":["red","green"]}}"#)
    #expect(
      properties["matrix"]?.description == #"{"type":"array","items":{"type":"array","items":{"type":"number"}}}"#)
    #expect(properties["anything"]?.description == "{}")
    #expect(properties["byName"]?.description == #"{"type":"object"}"#)
    let item = try #require(properties["items"]?["items"])
    #expect(item["properties"]?.description == #"{"item_id":{"type":"integer"}}"#)
  }

  @Test func `Types that are no objects have schemas too`() throws {
    #expect(try json(String.self) == #"{"type":"string"}"#)
    #expect(try json([Int].self) == #"{"type":"array","items":{"type":"integer"}}"#)
    #expect(try json(Color.self) == #"{"type":"string","enum":["red","green"]}"#)
    #expect(try json([String: Double].self) == #"{"type":"object"}"#)
    struct Nothing: Decodable {}
    #expect(try json(Nothing.self) == #"{"type":"object","additionalProperties":false}"#)
  }

  struct Wrapped: Decodable {
    var value: Meters
    struct Meters: Decodable {
      var amount: Double
      init(from decoder: any Decoder) throws { amount = try decoder.singleValueContainer().decode(Double.self) }
    }
  }

  struct Described: SchemaDescribing {
    static var jsonSchema: JSONSchema { JSONSchema(.string, format: "date-time", minimumLength: 1) }
    static var schemaPlaceholder: Described { Described() }
    init() {}
    init(from decoder: any Decoder) throws { throw CancellationError() }
  }

  @Test func `A single value is its content, and a type may describe itself`() throws {
    #expect(try JSONSchema.of(Wrapped.self).json["properties"]?.description == #"{"value":{"type":"number"}}"#)
    #expect(try json([Described].self).contains(#"{"type":"string","format":"date-time","minLength":1}"#))
  }

  enum Level: Int, Decodable { case one = 1 }
  struct Picky: Decodable {
    var level: Level
  }
  struct Endless: Decodable {
    var children: [Endless]
  }

  @Test func `Types that can't be seen through are named with their place`() {
    let picky = #expect(throws: SchemaError.self) { try JSONSchema.of(Picky.self) }
    #expect(picky?.path == "/level")
    #expect(picky?.description.contains("Level") == true)
    #expect(throws: SchemaError.self) { try JSONSchema.of(Endless.self) }
  }

  @Test func `Every keyword is written where it belongs`() {
    let schema = JSONSchema(
      .number, isNullable: true, description: "how \"much\"", values: [.integer(1), .null], defaultValue: .integer(1),
      example: .integer(2), format: "double", minimum: 0, maximum: 9.5, isMinimumExclusive: true)
    #expect(
      schema.json.description == """
        {"type":["number","null"],"description":"how \\"much\\"","format":"double","exclusiveMinimum":0.0,\
        "maximum":9.5,"enum":[1,null],"default":1,"examples":[2]}
        """)
    let list = JSONSchema(.array(JSONSchema(.reference("Item"))), minimumLength: 1, maximumLength: 3)
    #expect(
      list.json.description
        == ##"{"type":"array","items":{"$ref":"#/components/schemas/Item"},"minItems":1,"maxItems":3}"##)
    let open = JSONSchema(.object(properties: [], additional: .of(JSONSchema(.boolean))))
    #expect(open.json.description == #"{"type":"object","additionalProperties":{"type":"boolean"}}"#)
    let either = JSONSchema(.oneOf([JSONSchema(.string), JSONSchema(.any)]))
    #expect(either.json.description == #"{"oneOf":[{"type":"string"},{}]}"#)
  }
}
