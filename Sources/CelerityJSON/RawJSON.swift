/// One JSON value as text, kept byte for byte.
///
/// The text is what came in, without the whitespace around it: numbers keep their digits, strings their escapes and
/// objects their order, so a value passes through every process unchanged. Two values are equal when their texts are:
/// `1` is not `1.0`.
public struct RawJSON: Sendable, Hashable, CustomStringConvertible {
  /// The text, UTF-8.
  public let bytes: [UInt8]

  /// Accepts exactly the texts of RFC 8259 that stay within `limits`, have no duplicate member names and no lone
  /// surrogates (the subset of RFC 7493, section 2, in these respects); whitespace around the value is dropped.
  public init(validating bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
    let range = try JSONValidator.valueRange(in: bytes, limits: limits)
    self.bytes = range.count == bytes.count ? bytes : Array(bytes[range])
  }

  /// Accepts what the initialiser from bytes accepts, as a string.
  public init(validating text: String, limits: JSONLimits = .standard) throws(JSONError) {
    try self.init(validating: Array(text.utf8), limits: limits)
  }

  /// Takes over bytes that were validated before, as when they come back from our own store.
  ///
  /// Bytes that are no JSON text make the readers return nil or partial values; nothing traps.
  public init(unchecked bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The six kinds of JSON values.
  public enum Kind: Sendable, Hashable {
    /// `null`
    case null
    /// `true` or `false`
    case boolean
    /// A number of any form.
    case number
    /// A string.
    case string
    /// An array.
    case array
    /// An object.
    case object
  }

  /// The kind of the value, read from its first byte.
  public var kind: Kind {
    Kind(firstByte: bytes.first)
  }

  /// The text.
  public var description: String {
    String(decoding: bytes, as: UTF8.self)
  }
}

extension RawJSON.Kind {
  init(firstByte: UInt8?) {
    switch firstByte ?? UInt8(ascii: "n") {
    case UInt8(ascii: "{"): self = .object
    case UInt8(ascii: "["): self = .array
    case UInt8(ascii: "\""): self = .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .boolean
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): self = .number
    default: self = .null
    }
  }
}
