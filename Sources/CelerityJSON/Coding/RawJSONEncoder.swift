/// Writes `Encodable` types as raw JSON without loss.
///
/// Integers of every width keep all digits, floating-point numbers get the shortest form that reads back as the same
/// number, and ``RawJSON`` keeps its text. Infinities and not-a-number are refused with an `EncodingError`.
public struct RawJSONEncoder: Sendable {
  /// Passed to the types as their encoder's `userInfo`.
  public var userInfo: [CodingUserInfoKey: any Sendable] = [:]
  /// Whether members are ordered by the UTF-8 of their names instead of by their encoding; the text inside a
  /// ``RawJSON`` is never reordered.
  public var sortedKeys: Bool

  /// An encoder without user info.
  public init(sortedKeys: Bool = false) {
    self.sortedKeys = sortedKeys
  }

  /// The JSON text of `value`.
  public func encode<Value: Encodable>(_ value: Value) throws -> RawJSON {
    let encoded = try EncodedValue(value, at: [], userInfo: userInfo)
    if case .slot(let slot) = encoded, slot.value == nil {
      let context = EncodingError.Context(codingPath: [], debugDescription: "\(Value.self) encoded no value")
      throw EncodingError.invalidValue(value, context)
    }
    var writer = JSONWriter(reservingCapacity: 256)
    try encoded.write(to: &writer, sortedKeys: sortedKeys, depth: 0)
    return writer.finish()
  }
}
