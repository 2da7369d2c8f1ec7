/// Makes text that came from tasks fit to be shown: nothing in it can move the cursor, change colours, set a title, or
/// reorder what stands beside it.
enum SafeText {
  /// The text on one line: every control character is written as an escape.
  static func line(_ text: String) -> String { escaped(text) { _ in false } }

  /// The text with its line breaks and tabs; carriage returns before a line break are dropped.
  static func lines(_ text: String) -> String {
    escaped(text.replacing("\r\n", with: "\n")) { $0 == "\n" || $0 == "\t" }
  }

  /// A field of tab-separated values: as `line`, and a backslash is doubled, so that the text can be got back.
  static func field(_ text: String) -> String { line(text.replacing("\\", with: "\\\\")) }

  /// Whether a scalar must not reach a terminal as it is: C0 and C1 controls, separators of lines, controls of the
  /// writing direction (Unicode Standard Annex 9) and the tag characters, which nobody sees.
  static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB,
      0xE0000...0xE007F:
      true
    default: false
    }
  }

  private static func escaped(_ text: String, keeping: (Unicode.Scalar) -> Bool) -> String {
    guard text.unicodeScalars.contains(where: { isDangerous($0) && !keeping($0) }) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isDangerous(scalar), !keeping(scalar) {
        result.append(contentsOf: escape(scalar).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\r": return "\\r"
    default:
      let digits = String(scalar.value, radix: 16)
      return scalar.value < 0x100
        ? "\\x" + String(repeating: "0", count: 2 - digits.count) + digits : "\\u{" + digits + "}"
    }
  }
}
