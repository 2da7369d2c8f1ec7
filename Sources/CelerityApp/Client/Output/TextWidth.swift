/// How many columns of a terminal a text takes.
enum TextWidth {
  /// The columns of a text that holds no control characters.
  static func of(_ text: some StringProtocol) -> Int { text.reduce(0) { $0 + of($1) } }

  /// The columns of one character: what its scalars combine to is drawn in the place of the widest.
  static func of(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    if scalars.count == 1, first.isASCII { return 1 }
    // The emoji variation selector asks for the wide drawing (Unicode Technical Standard 51, 2.2).
    if scalars.contains("\u{FE0F}"), first.properties.isEmoji { return 2 }
    return scalars.reduce(0) { max($0, of($1)) }
  }

  /// The beginning of a text that fits into so many columns, with `…` where something was left out.
  static func fit(_ text: String, columns: Int) -> String {
    guard of(text) > columns else { return text }
    guard columns > 0 else { return "" }
    var kept = ""
    var left = columns - 1
    for character in text {
      left -= of(character)
      if left < 0 { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// The text with `…` in place of its middle, so that it fits into so many columns and its last four characters stay.
  static func fitMiddle(_ text: String, columns: Int) -> String {
    let end = String(text.suffix(4))
    guard of(text) > columns, columns >= 12 else { return fit(text, columns: columns) }
    return fit(text, columns: columns - of(end)) + end
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .surrogate: return 0
    default: break
    }
    return scalar.properties.isEmojiPresentation || isWide(scalar.value) ? 2 : 1
  }

  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    return wide.contains { $0.contains(value) }
  }

  /// Wide and fullwidth scalars of Unicode Standard Annex 11, without the emoji, which have a property of their own.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]
}
