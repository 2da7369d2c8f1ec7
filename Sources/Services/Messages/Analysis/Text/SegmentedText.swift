/// A text cut into what the analysis looks at. Offsets count Unicode scalars from 0, as Python and PostgreSQL count.
struct SegmentedText: Sendable {
  /// A word: letters and digits that belong together.
  struct Word: Sendable, Hashable {
    /// In lower case, every apostrophe written as `'`.
    var text: String
    var range: Range<Int>
    /// Number of the sentence it stands in, from 0.
    var sentence: Int
  }

  let scalars: [Unicode.Scalar]
  /// What people see as characters: extended grapheme clusters (Unicode Standard Annex 29, section 3).
  let characters: Int
  let words: [Word]
  let sentences: Int
  let emoji: [Unicode.Scalar]

  /// Cuts a text. The time grows with its length only, whatever it holds.
  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    characters = text.count
    let ends = SentenceRule.ends(of: scalars)
    sentences = ends.count
    words = WordRule.words(of: scalars, sentenceEnds: ends)
    emoji = scalars.filter { $0.properties.isEmoji && $0.value > 0xFF }
  }

  /// The text of a range of scalars.
  func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }

  /// The scalar at an offset; `nil` outside.
  func scalar(_ offset: Int) -> Unicode.Scalar? { scalars.indices.contains(offset) ? scalars[offset] : nil }
}

extension Unicode.Scalar {
  /// Whether it is a letter or a mark that belongs to one.
  var isLetter: Bool { value < 0x80 ? isASCIILetter : properties.isAlphabetic }

  var isASCIILetter: Bool { (0x41...0x5A).contains(value) || (0x61...0x7A).contains(value) }

  /// The value of a decimal digit of any script: people who want to hide a number write it in another one.
  var digit: Int? {
    if value < 0x80 { return (0x30...0x39).contains(value) ? Int(value - 0x30) : nil }
    guard properties.numericType == .decimal, let number = properties.numericValue else { return nil }
    return Int(number)
  }

  /// Whether a number or name that ends here would go on with it.
  var isWordPart: Bool { isLetter || digit != nil || self == "_" }

  var isSpace: Bool { properties.isWhitespace }

  var isApostrophe: Bool { self == "'" || self == "\u{2019}" || self == "\u{2BC}" || self == "\u{FF07}" }
}
