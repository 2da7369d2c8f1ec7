/// Where a type puts the elements of its array.
struct UnkeyedSink: UnkeyedEncodingContainer {
  let array: EncodedValue.EncodedArray
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: any Sendable]

  var count: Int { array.elements.count }

  func encodeNil() { array.elements.append(.null) }

  func encode(_ value: Bool) { array.elements.append(.bool(value)) }

  func encode(_ value: String) { array.elements.append(.string(value)) }

  func encode(_ value: Double) throws { array.elements.append(try EncodedValue(float: value, at: path)) }

  func encode(_ value: Float) throws { array.elements.append(try EncodedValue(float: value, at: path)) }

  func encode<Value: FixedWidthInteger & Encodable>(_ value: Value) {
    array.elements.append(EncodedValue(integer: value))
  }

  func encode(_ value: Int128) { array.elements.append(EncodedValue(integer: value)) }

  func encode(_ value: UInt128) { array.elements.append(EncodedValue(integer: value)) }

  func encode<Value: Encodable>(_ value: Value) throws {
    array.elements.append(try EncodedValue(value, at: path, userInfo: userInfo))
  }

  func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
    encoder().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    encoder().unkeyedContainer()
  }

  func superEncoder() -> any Encoder { encoder() }

  private var path: [any CodingKey] { codingPath + [PathKey(index: count)] }

  private func encoder() -> ValueEncoder {
    let place = path
    let slot = EncodedValue.EncodedSlot()
    array.elements.append(.slot(slot))
    return ValueEncoder(slot: slot, codingPath: place, jsonUserInfo: userInfo)
  }
}
