extension KeyedDecodingContainer {
  /// Decodes one of a fixed set of words and lists them all when another one is there.
  func decodeChoiceIfPresent<Choice>(_ type: Choice.Type, forKey key: Key) throws -> Choice?
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    guard let word = try decodeIfPresent(String.self, forKey: key) else { return nil }
    guard let choice = Choice(rawValue: word) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "must be one of \(words)")
    }
    return choice
  }
}
