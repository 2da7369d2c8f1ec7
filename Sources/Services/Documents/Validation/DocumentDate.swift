import CelerityJSON

/// Dates as people write them in a resume.
enum DocumentDate {
  /// What ends a time that goes on.
  static let present = "Present"

  /// Whether a text is `YYYY-MM`, `MM-YYYY`, `YYYY-MM-DD`, `MM-DD-YYYY` or `Present`.
  static func isStandard(_ text: String) -> Bool {
    text.lowercased() == present.lowercased() || numeric(text, separator: "-") != nil
  }

  /// The date as `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `Present`; `nil` when it can't be read. Besides the standard ones this
  /// reads a year, `M/YYYY`, `M/D/YYYY`, `June 2021`, `June 3, 2021`, and the words for what goes on.
  static func normalised(_ text: String) -> String? {
    let text = CleanText.cleaned(text)
    if ["present", "current", "now", "ongoing"].contains(text.lowercased()) { return present }
    if let year = number(text[...], digits: 4...4) { return date(year, nil, nil) }
    return numeric(text, separator: "-") ?? numeric(text, separator: "/") ?? named(text)
  }

  /// The date of an object with `year`, and perhaps `month` and `day`.
  static func normalised(_ value: JSONTree) -> String? {
    func part(_ name: String) -> Int?? {
      guard let part = value[name] else { return .some(nil) }
      if case .scalar(let raw) = part, let number = raw.int64Value { return Int(number) }
      return part.text.flatMap { Int($0) }.map { .some($0) } ?? .none
    }
    guard let year = part("year"), let year, let month = part("month"), let day = part("day") else { return nil }
    return date(year, month, day)
  }

  private static func numeric(_ text: String, separator: Character) -> String? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    // Digits are fixed between dashes; with slashes people leave zeros out.
    let short = separator == "-" ? 2...2 : 1...2
    if parts.count == 2, let year = number(parts[0], digits: 4...4), let month = number(parts[1], digits: short) {
      return date(year, month, nil)
    }
    if parts.count == 2, let month = number(parts[0], digits: short), let year = number(parts[1], digits: 4...4) {
      return date(year, month, nil)
    }
    guard parts.count == 3 else { return nil }
    if let year = number(parts[0], digits: 4...4), let month = number(parts[1], digits: short),
      let day = number(parts[2], digits: short)
    {
      return date(year, month, day)
    }
    guard let month = number(parts[0], digits: short), let day = number(parts[1], digits: short),
      let year = number(parts[2], digits: 4...4)
    else { return nil }
    return date(year, month, day)
  }

  /// `June 2021`, `Jun. 2021`, `June 3, 2021`.
  private static func named(_ text: String) -> String? {
    let words = text.split { $0.isWhitespace || $0 == "," }
    guard (2...3).contains(words.count), let year = number(words[words.count - 1], digits: 4...4) else { return nil }
    let name = words[0].lowercased().filter { $0 != "." }
    let month = monthNames.firstIndex { $0.lowercased() == name || name.count >= 3 && $0.lowercased().hasPrefix(name) }
    guard let month else { return nil }
    if words.count == 2 { return date(year, month + 1, nil) }
    return number(words[1], digits: 1...2).flatMap { date(year, month + 1, $0) }
  }

  private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
    digits.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }

  private static func date(_ year: Int, _ month: Int?, _ day: Int?) -> String? {
    guard (1000...9999).contains(year) else { return nil }
    guard let month else { return day == nil ? "\(year)" : nil }
    guard (1...12).contains(month) else { return nil }
    let yearAndMonth = "\(year)-\(month < 10 ? "0" : "")\(month)"
    guard let day else { return yearAndMonth }
    guard (1...days(inMonth: month, of: year)).contains(day) else { return nil }
    return "\(yearAndMonth)-\(day < 10 ? "0" : "")\(day)"
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  static let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
}
