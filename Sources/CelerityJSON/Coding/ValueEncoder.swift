/// The encoder of one value; it is its own single value container.
struct ValueEncoder: Encoder, SingleValueEncodingContainer {
  let slot: EncodedValue.EncodedSlot
  let codingPath: [any CodingKey]
  let jsonUserInfo: [CodingUserInfoKey: any Sendable]

  var userInfo: [CodingUserInfoKey: Any] { jsonUserInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    let object: EncodedValue.EncodedObject
    if case .object(let known)? = slot.value {
      object = known
    } else {
      object = EncodedValue.EncodedObject()
      slot.set(.object(object))
    }
    return KeyedEncodingContainer(KeyedSink<Key>(object: object, codingPath: codingPath, userInfo: jsonUserInfo))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    let array: EncodedValue.EncodedArray
    if case .array(let known)? = slot.value {
      array = known
    } else {
      array = EncodedValue.EncodedArray()
      slot.set(.array(array))
    }
    return UnkeyedSink(array: array, codingPath: codingPath, userInfo: jsonUserInfo)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func encodeNil() { slot.set(.null) }

  func encode(_ value: Bool) { slot.set(.bool(value)) }

  func encode(_ value: String) { slot.set(.string(value)) }

  func encode(_ value: Double) throws { slot.set(try EncodedValue(float: value, at: codingPath)) }

  func encode(_ value: Float) throws { slot.set(try EncodedValue(float: value, at: codingPath)) }

  func encode<Value: FixedWidthInteger & Encodable>(_ value: Value) { slot.set(EncodedValue(integer: value)) }

  // The protocols' refusing defaults for the widest types would win over the generic method above.
  func encode(_ value: Int128) { slot.set(EncodedValue(integer: value)) }

  func encode(_ value: UInt128) { slot.set(EncodedValue(integer: value)) }

  func encode<Value: Encodable>(_ value: Value) throws {
    slot.set(try EncodedValue(value, at: codingPath, userInfo: jsonUserInfo))
  }
}
