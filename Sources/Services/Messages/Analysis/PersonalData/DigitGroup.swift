/// A run of decimal digits in a text, of whatever script.
struct DigitGroup: Sendable, Hashable {
  var digits: [Int]
  /// Where it stands, in scalars.
  var range: Range<Int>
  /// What is between it and the group before, when that is at most two signs that people part numbers with: a space, a
  /// hyphen, a point, brackets. `nil` when it does not go on a number.
  var separator: String?
  /// Whether a letter or an underscore touches it: then it is part of a name or a code.
  var touchesBefore: Bool
  var touchesAfter: Bool

  /// All groups of a text in order.
  static func all(in scalars: [Unicode.Scalar]) -> [DigitGroup] {
    var groups: [DigitGroup] = []
    var index = 0
    while index < scalars.count {
      guard scalars[index].digit != nil else {
        index += 1
        continue
      }
      let start = index
      var digits: [Int] = []
      while index < scalars.count, let digit = scalars[index].digit {
        digits.append(digit)
        index += 1
      }
      let between = groups.last.map { $0.range.upperBound..<start } ?? 0..<start
      groups.append(
        DigitGroup(
          digits: digits, range: start..<index, separator: groups.isEmpty ? nil : separator(scalars[between]),
          touchesBefore: start > 0 && scalars[start - 1].isWordPart,
          touchesAfter: index < scalars.count && scalars[index].isWordPart))
    }
    return groups
  }

  private static func separator(_ scalars: ArraySlice<Unicode.Scalar>) -> String? {
    guard scalars.count <= 2 else { return nil }
    var text = ""
    for scalar in scalars {
      switch scalar {
      case " ", "\u{A0}", "\u{2009}", "\u{202F}": text += " "
      case "-", "\u{2010}", "\u{2011}", "\u{2013}": text += "-"
      case ".", "/", "(", ")": text.unicodeScalars.append(scalar)
      default: return nil
      }
    }
    return text
  }
}

extension ArraySlice<DigitGroup> {
  var digits: [Int] { flatMap(\.digits) }

  /// From the first digit to the last.
  var range: Range<Int> { (first?.range.lowerBound ?? 0)..<(last?.range.upperBound ?? 0) }

  /// Whether the groups stand alone and are parted only by these separators.
  func isOneNumber(separators: Set<String>) -> Bool {
    guard first?.touchesBefore == false, last?.touchesAfter == false else { return false }
    return dropFirst().allSatisfy { $0.separator.map(separators.contains) ?? false }
  }
}
