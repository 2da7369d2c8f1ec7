/// Finds payment card numbers: 13 to 19 digits, written together or parted by spaces or hyphens, with a beginning and a
/// length that a scheme gives out and a right check digit (ISO/IEC 7812-1, annex B: the formula of H. P. Luhn).
enum CardNumberScan {
  static func findings(in groups: [DigitGroup]) -> [PersonalDataFinding] {
    var findings: [PersonalDataFinding] = []
    var start = 0
    while start < groups.count {
      if let end = end(of: groups, from: start) {
        let number = groups[start..<end]
        let text = number.digits.map(String.init).joined()
        findings.append(.init(.cardNumber, number.range, masked: PersonalDataFinding.lastFour(text)))
        start = end
      } else {
        start += 1
      }
    }
    return findings
  }

  /// Behind the groups that are a card number from this one on; the shortest reading counts.
  private static func end(of groups: [DigitGroup], from start: Int) -> Int? {
    var count = 0
    for end in start..<groups.count {
      count += groups[end].digits.count
      if count > 19 { return nil }
      if end > start, !(groups[end].separator.map { $0 == " " || $0 == "-" } ?? false) { return nil }
      let number = groups[start...end]
      guard count >= 13, number.isOneNumber(separators: [" ", "-"]) else { continue }
      if isCard(number.digits) { return end + 1 }
    }
    return nil
  }

  /// Whether digits can be a card's.
  static func isCard(_ digits: [Int]) -> Bool {
    guard let lengths = lengths(of: digits), lengths.contains(digits.count) else { return false }
    return luhn(digits)
  }

  /// Whether the last digit is the check digit of the others: every second digit from the right is doubled, its own digits
  /// are added, and the sum of all is a multiple of ten.
  static func luhn(_ digits: [Int]) -> Bool {
    guard digits.count > 1 else { return false }
    let sum = digits.reversed().enumerated().reduce(0) { sum, place in
      guard !place.offset.isMultiple(of: 2) else { return sum + place.element }
      let double = place.element * 2
      return sum + (double > 9 ? double - 9 : double)
    }
    return sum.isMultiple(of: 10)
  }

  /// The lengths of the scheme whose numbers begin so.
  private static func lengths(of digits: [Int]) -> Set<Int>? {
    let six = digits.prefix(6).reduce(0) { $0 * 10 + $1 }
    switch six {
    case 400_000...499_999: return [13, 16, 19]  // Visa
    case 510_000...559_999, 222_100...272_099: return [16]  // Mastercard
    case 340_000...349_999, 370_000...379_999: return [15]  // American Express
    case 220_000...220_499: return [16, 17, 18, 19]  // Mir
    case 300_000...305_999, 360_000...369_999, 380_000...399_999: return [14, 15, 16, 17, 18, 19]  // Diners Club
    case 352_800...358_999: return [16, 17, 18, 19]  // JCB
    case 601_100...601_199, 644_000...659_999: return [16, 17, 18, 19]  // Discover
    case 620_000...629_999: return [16, 17, 18, 19]  // UnionPay
    case 500_000...509_999, 560_000...589_999, 600_000...699_999: return [13, 14, 15, 16, 17, 18, 19]  // Maestro
    default: return nil
    }
  }
}
