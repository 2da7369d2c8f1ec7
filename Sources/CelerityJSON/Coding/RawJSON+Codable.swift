/// Through ``RawJSONDecoder`` and ``RawJSONEncoder`` the text passes unchanged. Other coders know no raw text and would
/// alter numbers silently, so through them both directions throw.
extension RawJSON: Codable {
  /// The text of the decoder's value.
  public init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? ValueDecoder else {
      let context = DecodingError.Context(
        codingPath: decoder.codingPath, debugDescription: "RawJSON is decoded by RawJSONDecoder only")
      throw DecodingError.typeMismatch(RawJSON.self, context)
    }
    self = decoder.slice.raw
  }

  /// Makes the text the encoder's value.
  public func encode(to encoder: any Encoder) throws {
    guard let encoder = encoder as? ValueEncoder else {
      let context = EncodingError.Context(
        codingPath: encoder.codingPath, debugDescription: "RawJSON is encoded by RawJSONEncoder only")
      throw EncodingError.invalidValue(self, context)
    }
    encoder.slot.set(.raw(self))
  }
}
