/// Reads `Decodable` types from raw JSON without loss.
///
/// - An integer type accepts an integer literal that fits; `1.0` and `1e3` are not integer literals.
/// - `Double` and `Float` accept every number whose nearest value is finite.
/// - `Bool` accepts booleans only and `String` strings only.
/// - ``RawJSON`` takes the text of any value unchanged.
///
/// Names match code point by code point. Errors are `DecodingError`s whose coding path ends at the value at fault.
public struct RawJSONDecoder: Sendable {
  /// Passed to the types as their decoder's `userInfo`.
  public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

  /// A decoder without user info.
  public init() {}

  /// Reads a value of `type` from `json`.
  public func decode<Value: Decodable>(_ type: Value.Type, from json: RawJSON) throws -> Value {
    let slice = JSONSlice(text: json.bytes, range: json.bytes.indices)
    return try slice.decode(type, at: [], userInfo: userInfo)
  }
}
