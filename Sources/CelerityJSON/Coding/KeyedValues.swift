/// The members of an object for a type that knows their names.
struct KeyedValues<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let members: MemberTable
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: any Sendable]

  var allKeys: [Key] { members.names.compactMap(Key.init(stringValue:)) }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try slice(key).kind == .null }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
    try slice(key).bool(at: codingPath + [key])
  }

  func decode(_ type: String.Type, forKey key: Key) throws -> String {
    try slice(key).string(at: codingPath + [key])
  }

  func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
    try slice(key).float(type, at: codingPath + [key])
  }

  func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
    try slice(key).float(type, at: codingPath + [key])
  }

  func decode<Value: FixedWidthInteger & Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try slice(key).integer(type, at: codingPath + [key])
  }

  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 {
    try slice(key).integer(type, at: codingPath + [key])
  }

  func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 {
    try slice(key).integer(type, at: codingPath + [key])
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try slice(key).decode(type, at: codingPath + [key], userInfo: userInfo)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try decoder(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try decoder(PathKey.super) }

  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

  private func slice(_ key: any CodingKey) throws -> JSONSlice {
    guard let slice = members[key.stringValue] else {
      let context = DecodingError.Context(codingPath: codingPath, debugDescription: "the member is missing")
      throw DecodingError.keyNotFound(key, context)
    }
    return slice
  }

  private func decoder(_ key: any CodingKey) throws -> ValueDecoder {
    ValueDecoder(slice: try slice(key), codingPath: codingPath + [key], jsonUserInfo: userInfo)
  }
}
