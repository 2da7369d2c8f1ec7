/// The decoder of one value; it is its own single value container.
struct ValueDecoder: Decoder, SingleValueDecodingContainer {
  let slice: JSONSlice
  let codingPath: [any CodingKey]
  let jsonUserInfo: [CodingUserInfoKey: any Sendable]

  var userInfo: [CodingUserInfoKey: Any] { jsonUserInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard slice.kind == .object else { throw slice.mismatch([String: RawJSON].self, "an object", at: codingPath) }
    guard let members = MemberTable(slice) else { throw slice.corrupted(at: codingPath, "the object is damaged") }
    return KeyedDecodingContainer(
      KeyedValues<Key>(members: members, codingPath: codingPath, userInfo: jsonUserInfo))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard slice.kind == .array else { throw slice.mismatch([RawJSON].self, "an array", at: codingPath) }
    guard let elements = slice.elements() else { throw slice.corrupted(at: codingPath, "the array is damaged") }
    return UnkeyedValues(elements: elements, codingPath: codingPath, userInfo: jsonUserInfo)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { slice.kind == .null }

  func decode(_ type: Bool.Type) throws -> Bool { try slice.bool(at: codingPath) }

  func decode(_ type: String.Type) throws -> String { try slice.string(at: codingPath) }

  func decode(_ type: Double.Type) throws -> Double { try slice.float(type, at: codingPath) }

  func decode(_ type: Float.Type) throws -> Float { try slice.float(type, at: codingPath) }

  func decode<Value: FixedWidthInteger & Decodable>(_ type: Value.Type) throws -> Value {
    try slice.integer(type, at: codingPath)
  }

  // The protocols' refusing defaults for the widest types would win over the generic method above.
  func decode(_ type: Int128.Type) throws -> Int128 { try slice.integer(type, at: codingPath) }

  func decode(_ type: UInt128.Type) throws -> UInt128 { try slice.integer(type, at: codingPath) }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try slice.decode(type, at: codingPath, userInfo: jsonUserInfo)
  }
}
