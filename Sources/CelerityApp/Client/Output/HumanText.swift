import CelerityCore

/// Times, lengths of time and numbers as people read them.
enum HumanText {
  /// A length of time in at most two units: `340 ms`, `1.2 s`, `3 m 04 s`, `2 h 05 m`, `3 d 04 h`.
  static func duration(_ duration: Duration) -> String {
    let microseconds = duration.microseconds
    if microseconds < 0 { return "-" + Self.duration(.zero - duration) }
    let milliseconds = microseconds / 1000 + (microseconds % 1000 >= 500 ? 1 : 0)
    if microseconds < 1000 { return "\(microseconds) µs" }
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    if milliseconds < 9950 {
      let tenths = (milliseconds + 50) / 100
      return "\(tenths / 10).\(tenths % 10) s"
    }
    let seconds = (milliseconds + 500) / 1000
    switch seconds {
    case ..<60: return "\(seconds) s"
    case ..<3600: return "\(seconds / 60) m \(twoDigits(seconds % 60)) s"
    case ..<86_400: return "\(seconds / 3600) h \(twoDigits(seconds / 60 % 60)) m"
    default: return "\(grouped(seconds / 86_400)) d \(twoDigits(seconds / 3600 % 24)) h"
    }
  }

  /// A moment as seen from another, in one unit: `now`, `12 s ago`, `in 3 m`, `5 d ago`.
  static func relative(_ moment: Timestamp, to now: Timestamp) -> String {
    let seconds = (moment - now).microseconds / 1_000_000
    guard seconds != 0 else { return "now" }
    let length: String
    switch seconds.magnitude {
    case ..<60: length = "\(seconds.magnitude) s"
    case ..<3600: length = "\(seconds.magnitude / 60) m"
    case ..<86_400: length = "\(seconds.magnitude / 3600) h"
    default: length = "\(grouped(Int64(clamping: seconds.magnitude / 86_400))) d"
    }
    return seconds > 0 ? "in " + length : length + " ago"
  }

  /// An integer with its thousands apart: `1,204`.
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = String(number.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return (number < 0 ? "-" : "") + result
  }

  /// A number of things: `1 task`, `1,204 tasks`.
  static func count(_ number: Int, _ noun: String) -> String { "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")" }

  private static func twoDigits(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
}
