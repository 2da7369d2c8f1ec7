/// The elements of an array, one after the other; an element that was refused stays the current one.
struct UnkeyedValues: UnkeyedDecodingContainer {
  let elements: [JSONSlice]
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: any Sendable]
  private(set) var currentIndex = 0

  init(elements: [JSONSlice], codingPath: [any CodingKey], userInfo: [CodingUserInfoKey: any Sendable]) {
    self.elements = elements
    self.codingPath = codingPath
    self.userInfo = userInfo
  }

  var count: Int? { elements.count }

  var isAtEnd: Bool { currentIndex == elements.count }

  mutating func decodeNil() throws -> Bool {
    guard try current(Any?.self).kind == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool {
    try take(type) { try $0.bool(at: $1.currentPath) }
  }

  mutating func decode(_ type: String.Type) throws -> String {
    try take(type) { try $0.string(at: $1.currentPath) }
  }

  mutating func decode(_ type: Double.Type) throws -> Double {
    try take(type) { try $0.float(type, at: $1.currentPath) }
  }

  mutating func decode(_ type: Float.Type) throws -> Float {
    try take(type) { try $0.float(type, at: $1.currentPath) }
  }

  mutating func decode<Value: FixedWidthInteger & Decodable>(_ type: Value.Type) throws -> Value {
    try take(type) { try $0.integer(type, at: $1.currentPath) }
  }

  mutating func decode(_ type: Int128.Type) throws -> Int128 {
    try take(type) { try $0.integer(type, at: $1.currentPath) }
  }

  mutating func decode(_ type: UInt128.Type) throws -> UInt128 {
    try take(type) { try $0.integer(type, at: $1.currentPath) }
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try take(type) { try $0.decode(type, at: $1.currentPath, userInfo: $1.userInfo) }
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try take(KeyedDecodingContainer<NestedKey>.self) { try $1.decoder($0).container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try take((any UnkeyedDecodingContainer).self) { try $1.decoder($0).unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder {
    try take((any Decoder).self) { $1.decoder($0) }
  }

  /// Reads the current element and, when that worked, moves on.
  private mutating func take<Value>(
    _ type: Value.Type, _ read: (JSONSlice, Self) throws -> Value
  ) throws -> Value {
    let value = try read(current(type), self)
    currentIndex += 1
    return value
  }

  private func current(_ type: any Any.Type) throws -> JSONSlice {
    guard !isAtEnd else {
      let context = DecodingError.Context(codingPath: currentPath, debugDescription: "the array has no more elements")
      throw DecodingError.valueNotFound(type, context)
    }
    return elements[currentIndex]
  }

  private var currentPath: [any CodingKey] { codingPath + [PathKey(index: currentIndex)] }

  private func decoder(_ slice: JSONSlice) -> ValueDecoder {
    ValueDecoder(slice: slice, codingPath: currentPath, jsonUserInfo: userInfo)
  }
}
