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

  /// A moment as seen from another: `now`, `12 s ago`, `5 d ago`, and what is to come in up to two units, rounded up,
  /// so that what was put off by five minutes is `in 5 m` at first: `in 1 m 30 s`, `in 2 h`.
  static func relative(_ moment: Timestamp, to now: Timestamp) -> String {
    let microseconds = (moment - now).microseconds
    if microseconds > 0 { return "in " + future(microseconds / 1_000_000 + (microseconds % 1_000_000 > 0 ? 1 : 0)) }
    let seconds = microseconds / 1_000_000
    guard seconds != 0 else { return "now" }
    let length: String
    switch seconds.magnitude {
    case ..<60: length = "\(seconds.magnitude) s"
    case ..<3600: length = "\(seconds.magnitude / 60) m"
    case ..<86_400: length = "\(seconds.magnitude / 3600) h"
    default: length = "\(grouped(Int64(clamping: seconds.magnitude / 86_400))) d"
    }
    return length + " ago"
  }

  /// A text for people: its moments without the fractions of seconds.
  static func shortMoments(_ text: String) -> String {
    text.replacing(#/(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z/#) { "\($0.1) \($0.2) UTC" }
  }

  private static func future(_ seconds: Int64) -> String {
    let (large, small, factor, scale): (String, String, Int64, Int64) =
      switch seconds {
      case ..<3600: ("m", "s", 60, 1)
      // Rounded up to minutes, the last one of a day is a day.
      case ...86_340: ("h", "m", 60, 60)
      default: ("d", "h", 24, 3600)
      }
    if seconds < 60 { return "\(seconds) s" }
    let units = seconds / scale + (seconds % scale > 0 ? 1 : 0)
    let rest = units % factor
    return "\(grouped(units / factor)) \(large)" + (rest > 0 ? " \(rest) \(small)" : "")
  }

  /// A moment in UTC as people read it: `2026-01-31 12:00:00 UTC`.
  static func moment(_ moment: Timestamp) -> String {
    moment.rfc3339.prefix(19).replacing("T", with: " ") + " UTC"
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
