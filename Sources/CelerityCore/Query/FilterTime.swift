/// A span of time that a moment must lie in.
struct FilterTime: Sendable, Hashable, CustomStringConvertible {
  /// The first moment that fits.
  private var start = Timestamp(microseconds: .min)
  /// The last moment that fits.
  private var last = Timestamp(microseconds: .max)
  /// As it was written.
  let description: String

  /// Reads a date, a moment or an age with its comparison. A date is the whole day in UTC: `>` means after it, no
  /// comparison within it. An age is counted back from now: `<` means younger.
  init(_ value: FilterValue, _ field: FilterTerm.TimeField, now: Timestamp) throws(TaskFilterError) {
    description = value.text
    let (comparison, rest) = FilterComparison.split(value.text)
    if let (first, last) = Self.moments(rest, comparison) {
      narrow(comparison, first, last)
      return
    }
    let examples = "2026-01-31, 2026-01-31T10:00:00Z, <1h for younger or >7d for older"
    guard let age = Self.age(rest) else {
      throw TaskFilterError(
        "'\(rest)' is no time", at: value.valueOffset, hint: "write \(field.rawValue): and one of \(examples)")
    }
    let moment = now + (.zero - age)
    switch comparison {
    case .equal:
      throw TaskFilterError(
        "an age needs a comparison", at: value.valueOffset,
        hint: "write \(field.rawValue):<\(rest) for younger or \(field.rawValue):>\(rest) for older")
    // The younger, the later.
    case .less: narrow(.more, moment, moment)
    case .atMost: narrow(.atLeast, moment, moment)
    case .more: narrow(.less, moment, moment)
    case .atLeast: narrow(.atMost, moment, moment)
    }
  }

  func holds(_ moment: Timestamp) -> Bool { start <= moment && moment <= last }

  private mutating func narrow(_ comparison: FilterComparison, _ first: Timestamp, _ last: Timestamp) {
    switch comparison {
    case .equal: (start, self.last) = (first, last)
    case .less: self.last = first + .microseconds(-1)
    case .atMost: self.last = last
    case .more: start = last + .microseconds(1)
    case .atLeast: start = first
    }
  }

  /// The first and the last microsecond of a day, or of a second or moment.
  private static func moments(_ text: String, _ comparison: FilterComparison) -> (Timestamp, Timestamp)? {
    if text.utf8.count == 10, let day = Timestamp(text + "T00:00:00Z") {
      return (day, day + .microseconds(86_400_000_000 - 1))
    }
    guard let moment = Timestamp(text) else { return nil }
    let isWhole = comparison == .equal && !text.utf8.contains(UInt8(ascii: "."))
    return (moment, moment + .microseconds(isWhole ? 999_999 : 0))
  }

  /// `90s`, `1h30m`, `2w`: numbers with units, at most 100 years together.
  private static func age(_ text: String) -> Duration? {
    var seconds: Int64 = 0
    var number: Int64?
    for byte in text.utf8 {
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        number = (number ?? 0) * 10 + Int64(byte - UInt8(ascii: "0"))
        guard let value = number, value <= longestAge else { return nil }
      } else {
        guard let value = number, let unit = unit(byte) else { return nil }
        seconds += value * unit
        guard seconds <= longestAge else { return nil }
        number = nil
      }
    }
    return number == nil && !text.isEmpty ? .seconds(seconds) : nil
  }

  private static let longestAge: Int64 = 3_155_760_000

  /// The seconds of a unit.
  private static func unit(_ letter: UInt8) -> Int64? {
    switch letter {
    case UInt8(ascii: "s"): 1
    case UInt8(ascii: "m"): 60
    case UInt8(ascii: "h"): 3600
    case UInt8(ascii: "d"): 86_400
    case UInt8(ascii: "w"): 604_800
    default: nil
    }
  }
}
