/// Phone numbers as people write them.
enum PhoneNumber {
  /// The number in its usual form, `nil` when it looks like none: ten digits are `(555) 123-4567`, eleven that begin with 1
  /// are `+1 (555) 123-4567`, seven are `123-4567`. A number with its country's prefix and 8 to 15 digits (E.164, 6.2) stays
  /// as it is written.
  static func normalised(_ text: String) -> String? {
    let trimmed = CleanText.cleaned(text)
    let digits = trimmed.filter { $0.isASCII && $0.isNumber }
    let isInternational = trimmed.hasPrefix("+")
    let rest = isInternational ? trimmed.dropFirst() : trimmed[...]
    guard rest.allSatisfy({ $0.isASCII && ($0.isNumber || " ()-./".contains($0)) }) else { return nil }
    switch digits.count {
    case 11 where digits.hasPrefix("1"): return "+1 " + national(digits.dropFirst())
    case 8...15 where isInternational: return trimmed
    case 10 where !isInternational: return national(digits[...])
    case 7 where !isInternational: return "\(digits.prefix(3))-\(digits.suffix(4))"
    default: return nil
    }
  }

  private static func national(_ digits: Substring) -> String {
    "(\(digits.prefix(3))) \(digits.dropFirst(3).prefix(3))-\(digits.suffix(4))"
  }
}
