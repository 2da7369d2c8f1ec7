public import CelerityJSON

extension JSONSchema {
  /// The schema of a type, learned by letting it decode itself from a decoder that answers every question with a
  /// placeholder and writes the question down. Properties keep the order of their declaration.
  ///
  /// Types that look at a value before they are content (an enum without `CaseIterable`, a range check in
  /// `init(from:)`) can't be seen through; they throw `SchemaError`, which names the path. Recursive types likewise.
  public static func of<T: Decodable>(_ type: T.Type) throws(SchemaError) -> JSONSchema {
    do {
      return try Probe.schema(of: type, path: [], depth: 0).schema
    } catch let error as SchemaError {
      throw error
    } catch {
      throw SchemaError(path: "", type: "\(type)", detail: "\(error)")
    }
  }
}

/// A type whose schema can't be learned.
public struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
  /// JSON pointer to the property.
  public var path: String
  public var type: String
  public var detail: String

  /// A type at a path, and why it can't be described.
  public init(path: String, type: String, detail: String) {
    self.path = path
    self.type = type
    self.detail = detail
  }

  public var description: String {
    "no schema for \(type) at '\(path)': \(detail). Make the type CaseIterable, or conform it to SchemaDescribing"
  }
}

/// A type that states its own schema and a value to stand for it while a type that holds it is described.
public protocol SchemaDescribing: Decodable {
  static var jsonSchema: JSONSchema { get }
  static var schemaPlaceholder: Self { get }
}

extension RawJSON: SchemaDescribing {
  public static var jsonSchema: JSONSchema { JSONSchema(.any) }
  public static var schemaPlaceholder: RawJSON { .null }
}

/// Where a probe writes down what it was asked.
private final class Notes {
  var properties: [JSONSchema.Property] = []
  var isKeyed = false
  var element: JSONSchema?
  var single: JSONSchema?
}

private enum Probe {
  static func schema<T: Decodable>(
    of type: T.Type, path: [any CodingKey], depth: Int
  ) throws -> (value: T, schema: JSONSchema) {
    if let known = primitive(type) { return known }
    guard depth < 16 else {
      throw SchemaError(path: jsonPointer(path), type: "\(type)", detail: "it is nested too deeply or holds itself")
    }
    if let described = type as? any SchemaDescribing.Type, let value = placeholder(described) as? T {
      return (value, described.jsonSchema)
    }
    if let cases = type as? any (CaseIterable & Decodable).Type, let (value, schema) = try enumeration(cases),
      let value = value as? T
    {
      return (value, schema)
    }
    let notes = Notes()
    let value: T
    do {
      value = try T(from: ProbeDecoder(notes: notes, codingPath: path, depth: depth))
    } catch let error as SchemaError {
      throw error
    } catch {
      throw SchemaError(path: jsonPointer(path), type: "\(type)", detail: "it refused a placeholder")
    }
    if notes.isKeyed { return (value, .object(notes.properties)) }
    if let element = notes.element { return (value, JSONSchema(.array(element))) }
    if let single = notes.single { return (value, single) }
    return (value, isDictionary(type) ? JSONSchema(.object(properties: [], additional: .allowed)) : .object([]))
  }

  private static func placeholder<T: SchemaDescribing>(_ type: T.Type) -> Any { type.schemaPlaceholder }

  private static func isDictionary<T>(_ type: T.Type) -> Bool { "\(type)".hasPrefix("Dictionary<") }

  private static func enumeration(_ type: any (CaseIterable & Decodable).Type) throws -> (Any, JSONSchema)? {
    func open<C: CaseIterable & Decodable>(_ type: C.Type) throws -> (Any, JSONSchema)? {
      guard let first = type.allCases.first else { return nil }
      var values: [RawJSON] = []
      for value in type.allCases {
        guard let raw = (value as? any RawRepresentable)?.rawValue as? String else { return nil }
        values.append(.string(raw))
      }
      return (first, JSONSchema(.string, values: values))
    }
    return try open(type)
  }

  private static func primitive<T>(_ type: T.Type) -> (T, JSONSchema)? {
    func make(_ value: Any, _ shape: JSONSchema.Shape, minimum: Double? = nil) -> (T, JSONSchema)? {
      (value as? T).map { ($0, JSONSchema(shape, minimum: minimum)) }
    }
    return switch type {
    case is Bool.Type: make(false, .boolean)
    case is String.Type: make("", .string)
    case is Double.Type: make(Double(0), .number)
    case is Float.Type: make(Float(0), .number)
    case is Int.Type: make(Int(0), .integer)
    case is Int8.Type: make(Int8(0), .integer)
    case is Int16.Type: make(Int16(0), .integer)
    case is Int32.Type: make(Int32(0), .integer)
    case is Int64.Type: make(Int64(0), .integer)
    case is UInt.Type: make(UInt(0), .integer, minimum: 0)
    case is UInt8.Type: make(UInt8(0), .integer, minimum: 0)
    case is UInt16.Type: make(UInt16(0), .integer, minimum: 0)
    case is UInt32.Type: make(UInt32(0), .integer, minimum: 0)
    case is UInt64.Type: make(UInt64(0), .integer, minimum: 0)
    default: nil
    }
  }
}

private struct ProbeDecoder: Decoder {
  let notes: Notes
  let codingPath: [any CodingKey]
  let depth: Int
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    // A dictionary asks for its keys with a key type that accepts any text; a struct's keys refuse most.
    notes.isKeyed = Key(stringValue: "\u{1}no property has this name") == nil
    return KeyedDecodingContainer(KeyedProbe<Key>(notes: notes, codingPath: codingPath, depth: depth))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    UnkeyedProbe(notes: notes, codingPath: codingPath, depth: depth)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    SingleProbe(notes: notes, codingPath: codingPath, depth: depth)
  }
}

private struct KeyedProbe<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let notes: Notes
  let codingPath: [any CodingKey]
  let depth: Int
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }

  func decodeNil(forKey key: Key) throws -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try note(type, key, isRequired: true)
  }

  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? { try optional(type, key) }
  // The protocol's own versions for these types ask `contains` and then `decode`, which would make them required.
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try optional(type, key) }
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try optional(type, key) }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try optional(type, key) }
  func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try optional(type, key) }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try optional(type, key) }
  func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try optional(type, key) }
  func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try optional(type, key) }
  func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try optional(type, key) }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try optional(type, key) }
  func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { try optional(type, key) }
  func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { try optional(type, key) }
  func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { try optional(type, key) }
  func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try optional(type, key) }
  func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try optional(type, key) }

  private func optional<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T { try note(type, key, isRequired: false) }

  private func note<T: Decodable>(_ type: T.Type, _ key: Key, isRequired: Bool) throws -> T {
    var (value, schema) = try Probe.schema(of: type, path: codingPath + [key], depth: depth + 1)
    if !isRequired { schema.isNullable = true }
    notes.properties.append(JSONSchema.Property(key.stringValue, schema, isRequired: isRequired))
    return value
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    throw SchemaError(path: jsonPointer(codingPath + [key]), type: "nested container", detail: "it has no type")
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw SchemaError(path: jsonPointer(codingPath + [key]), type: "nested container", detail: "it has no type")
  }

  func superDecoder() throws -> any Decoder { ProbeDecoder(notes: Notes(), codingPath: codingPath, depth: depth + 1) }

  func superDecoder(forKey key: Key) throws -> any Decoder { try superDecoder() }
}

private struct UnkeyedProbe: UnkeyedDecodingContainer {
  let notes: Notes
  let codingPath: [any CodingKey]
  let depth: Int
  var currentIndex = 0
  var count: Int? { 1 }
  var isAtEnd: Bool { currentIndex > 0 }

  init(notes: Notes, codingPath: [any CodingKey], depth: Int) {
    self.notes = notes
    self.codingPath = codingPath
    self.depth = depth
  }

  mutating func decodeNil() throws -> Bool { false }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let (value, schema) = try Probe.schema(of: type, path: codingPath, depth: depth + 1)
    notes.element = schema
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    throw SchemaError(path: jsonPointer(codingPath), type: "nested container", detail: "it has no type")
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    throw SchemaError(path: jsonPointer(codingPath), type: "nested container", detail: "it has no type")
  }

  mutating func superDecoder() throws -> any Decoder {
    ProbeDecoder(notes: Notes(), codingPath: codingPath, depth: depth + 1)
  }
}

private struct SingleProbe: SingleValueDecodingContainer {
  let notes: Notes
  let codingPath: [any CodingKey]
  let depth: Int

  func decodeNil() -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let (value, schema) = try Probe.schema(of: type, path: codingPath, depth: depth + 1)
    notes.single = schema
    return value
  }
}
