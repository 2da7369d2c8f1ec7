/// Texts without what nobody can see.
enum CleanText {
  /// The text without control characters, marks of byte order and of writing direction, with line breaks of one kind and no
  /// whitespace around it.
  static func cleaned(_ text: String) -> String {
    if isPlain(text) { return text }
    var scalars = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      defer { previous = scalar }
      switch scalar {
      case "\n": if previous != "\r" { scalars.append("\n") }
      case "\r", "\u{2028}", "\u{2029}", "\u{85}": scalars.append("\n")
      case "\t": scalars.append(scalar)
      default: if !isHidden(scalar) { scalars.append(scalar) }
      }
    }
    let cleaned = String(scalars)
    let start = cleaned.firstIndex { !$0.isWhitespace } ?? cleaned.endIndex
    let end = cleaned.lastIndex { !$0.isWhitespace } ?? cleaned.startIndex
    return start < cleaned.endIndex ? String(cleaned[start...end]) : ""
  }

  /// Whether a text is printable ASCII with single spaces between its words, as most are: nothing is to be done then, and
  /// the bytes tell it faster than the properties of characters.
  static func isPlain(_ text: String) -> Bool {
    var previous = UInt8(ascii: " ")
    for byte in text.utf8 {
      guard byte > 0x20 && byte < 0x7F || byte == 0x20 && previous != 0x20 else { return false }
      previous = byte
    }
    return previous != 0x20
  }

  /// Joiners stay: scripts and emoji need them.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060, 0x2066...0x2069, 0xFEFF: true
    default: scalar.properties.generalCategory == .control
    }
  }
}
