/// Where a type puts the members of its object.
struct KeyedSink<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let object: EncodedValue.EncodedObject
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: any Sendable]

  func encodeNil(forKey key: Key) { put(.null, key) }

  func encode(_ value: Bool, forKey key: Key) { put(.bool(value), key) }

  func encode(_ value: String, forKey key: Key) { put(.string(value), key) }

  func encode(_ value: Double, forKey key: Key) throws {
    put(try EncodedValue(float: value, at: codingPath + [key]), key)
  }

  func encode(_ value: Float, forKey key: Key) throws {
    put(try EncodedValue(float: value, at: codingPath + [key]), key)
  }

  func encode<Value: FixedWidthInteger & Encodable>(_ value: Value, forKey key: Key) {
    put(EncodedValue(integer: value), key)
  }

  func encode(_ value: Int128, forKey key: Key) { put(EncodedValue(integer: value), key) }

  func encode(_ value: UInt128, forKey key: Key) { put(EncodedValue(integer: value), key) }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    put(try EncodedValue(value, at: codingPath + [key], userInfo: userInfo), key)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    encoder(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { encoder(PathKey.super) }

  func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

  private func put(_ value: EncodedValue, _ key: any CodingKey) {
    object.set(value, for: key.stringValue)
  }

  /// The encoder of a member; asked for twice it is the same place, so a nested container can be taken up again.
  private func encoder(_ key: any CodingKey) -> ValueEncoder {
    let slot: EncodedValue.EncodedSlot
    if case .slot(let known)? = object[key.stringValue] {
      slot = known
    } else {
      slot = EncodedValue.EncodedSlot()
      put(.slot(slot), key)
    }
    return ValueEncoder(slot: slot, codingPath: codingPath + [key], jsonUserInfo: userInfo)
  }
}
