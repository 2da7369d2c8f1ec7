import CelerityJSON
import Testing

@Suite("Decoding errors name their place")
struct DecodingErrorTests {
  struct Outer: Decodable {
    struct Inner: Decodable {
      let count: Int8
      let name: String
      let ratio: Double?
    }
    let items: [Inner]
    let table: [String: [Int]]?
  }

  struct Fault: Sendable {
    let text: String
    let kind: String
    let pointer: String
  }

  @Test(
    "The coding path leads to the value at fault",
    arguments: [
      Fault(text: "[]", kind: "typeMismatch", pointer: ""),
      Fault(text: "null", kind: "valueNotFound", pointer: ""),
      Fault(text: "{}", kind: "keyNotFound", pointer: "/items"),
      Fault(text: #"{"items":{}}"#, kind: "typeMismatch", pointer: "/items"),
      Fault(text: #"{"items":[1]}"#, kind: "typeMismatch", pointer: "/items/0"),
      Fault(text: #"{"items":[{"count":1}]}"#, kind: "keyNotFound", pointer: "/items/0/name"),
      Fault(text: #"{"items":[{"count":128,"name":""}]}"#, kind: "dataCorrupted", pointer: "/items/0/count"),
      Fault(text: #"{"items":[{"count":1.0,"name":""}]}"#, kind: "dataCorrupted", pointer: "/items/0/count"),
      Fault(text: #"{"items":[{"count":null,"name":""}]}"#, kind: "valueNotFound", pointer: "/items/0/count"),
      Fault(text: #"{"items":[{"count":1,"name":2}]}"#, kind: "typeMismatch", pointer: "/items/0/name"),
      Fault(text: #"{"items":[{"count":1,"name":"","ratio":"x"}]}"#, kind: "typeMismatch", pointer: "/items/0/ratio"),
      Fault(
        text: #"{"items":[{"count":1,"name":"","ratio":1e400}]}"#, kind: "dataCorrupted", pointer: "/items/0/ratio"),
      Fault(text: #"{"items":[{"count":1,"name":""},7]}"#, kind: "typeMismatch", pointer: "/items/1"),
      Fault(text: #"{"items":[],"table":{"a/b":[1,2,"3"]}}"#, kind: "typeMismatch", pointer: "/table/a~1b/2"),
      Fault(
        text: #"{"items":[],"table":{"k":[1,99999999999999999999]}}"#, kind: "dataCorrupted", pointer: "/table/k/1"),
    ])
  func codingPath(_ fault: Fault) throws {
    let json = try RawJSON(validating: fault.text, limits: .trusted)
    let error = try #require(throws: DecodingError.self) { try RawJSONDecoder().decode(Outer.self, from: json) }
    let (kind, path) = describe(error)
    #expect(kind == fault.kind)
    #expect(jsonPointer(path) == fault.pointer)
  }

  /// The name of the error's case and the path to its place; a missing key belongs to the path.
  private func describe(_ error: DecodingError) -> (kind: String, path: [any CodingKey]) {
    switch error {
    case .typeMismatch(_, let context): ("typeMismatch", context.codingPath)
    case .valueNotFound(_, let context): ("valueNotFound", context.codingPath)
    case .keyNotFound(let key, let context): ("keyNotFound", context.codingPath + [key])
    case .dataCorrupted(let context): ("dataCorrupted", context.codingPath)
    @unknown default: ("unknown", [])
    }
  }

  @Test("The message says what is expected and what is there")
  func message() throws {
    let json = try RawJSON(validating: #"{"items":"x"}"#)
    let error = #expect(throws: DecodingError.self) { try RawJSONDecoder().decode(Outer.self, from: json) }
    guard case .typeMismatch(_, let context) = error else {
      Issue.record("not a type mismatch")
      return
    }
    #expect(context.debugDescription == "must be an array, not a string")
  }

  /// Reads by hand what the compiler's own conformances do not use.
  struct Manual: Decodable {
    enum Key: String, CodingKey { case list, inner, parent }
    var numbers: [Int] = []
    var isListed = false
    var innerName = ""
    var parentPath = ""
    var superPath = ""
    var elementPaths: [String] = []

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      isListed = container.allKeys.contains(.list) && container.contains(.list)
      var list = try container.nestedUnkeyedContainer(forKey: .list)
      numbers.append(try list.decode(Int.self))
      #expect(try list.decodeNil())
      #expect(try !list.decodeNil())
      var nested = try list.nestedUnkeyedContainer()
      #expect(nested.count == 2 && list.currentIndex == 3)
      while !nested.isAtEnd { numbers.append(try nested.decode(Int.self)) }
      #expect(throws: DecodingError.self) { try nested.decode(Int.self) }
      #expect(throws: DecodingError.self) { try nested.decodeNil() }
      #expect(try nested.decodeIfPresent(Int.self) == nil)
      let object = try list.nestedContainer(keyedBy: Key.self)
      elementPaths.append(jsonPointer(object.codingPath))
      elementPaths.append(jsonPointer(try list.superDecoder().codingPath))
      #expect(list.isAtEnd)
      innerName = try container.nestedContainer(keyedBy: Key.self, forKey: .inner).decode(String.self, forKey: .list)
      parentPath = jsonPointer(try container.superDecoder(forKey: .parent).codingPath)
      superPath = jsonPointer(try container.superDecoder().codingPath)
    }
  }

  @Test("Nested containers and super decoders are supported")
  func manualContainers() throws {
    let json = try RawJSON(
      validating: #"[{"list":[1,null,[2,3],{},4],"inner":{"list":"x"},"parent":1,"super":{}}]"#)
    let value = try #require(try RawJSONDecoder().decode([Manual].self, from: json).first)
    #expect(value.numbers == [1, 2, 3])
    #expect(value.isListed)
    #expect(value.innerName == "x")
    #expect(value.parentPath == "/0/parent")
    #expect(value.superPath == "/0/super")
    #expect(value.elementPaths == ["/0/list/3", "/0/list/4"])
  }

  class Animal: Codable {
    var legs: Int
    init(legs: Int) { self.legs = legs }
  }

  final class Dog: Animal {
    enum CodingKeys: CodingKey { case name }
    var name: String
    init(name: String, legs: Int) {
      self.name = name
      super.init(legs: legs)
    }
    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      name = try container.decode(String.self, forKey: .name)
      try super.init(from: container.superDecoder())
    }
    override func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try super.encode(to: container.superEncoder())
    }
  }

  @Test("A subclass keeps its superclass under its own member")
  func inheritance() throws {
    let json = try RawJSONEncoder().encode(Dog(name: "Rex", legs: 4))
    #expect(json.description == #"{"name":"Rex","super":{"legs":4}}"#)
    let dog = try RawJSONDecoder().decode(Dog.self, from: json)
    #expect(dog.name == "Rex" && dog.legs == 4)
    let without = try RawJSON(validating: #"{"name":"Rex"}"#)
    #expect(throws: DecodingError.self) { try RawJSONDecoder().decode(Dog.self, from: without) }
  }

  indirect enum Chain: Codable {
    case end
    case link(Chain)
    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      self = container.isAtEnd ? .end : .link(try container.decode(Chain.self))
    }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.unkeyedContainer()
      if case .link(let next) = self { try container.encode(next) }
    }
  }

  @Test("Recursive types are followed to a bounded depth in both directions")
  func recursion() throws {
    func nested(_ depth: Int) -> RawJSON {
      RawJSON(unchecked: Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8))
    }
    let chain = try RawJSONDecoder().decode(Chain.self, from: nested(512))
    #expect(try RawJSONEncoder().encode(chain) == nested(512))
    #expect(throws: DecodingError.self) { try RawJSONDecoder().decode(Chain.self, from: nested(514)) }
    var endless = Chain.end
    for _ in 0..<600 { endless = .link(endless) }
    #expect(throws: EncodingError.self) { try RawJSONEncoder().encode(endless) }
  }
}
