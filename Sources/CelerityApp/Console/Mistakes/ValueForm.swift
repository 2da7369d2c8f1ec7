import CelerityCore

/// What the value of an option or argument looks like, for those whose type says more than the parser tells: what it
/// takes in words, and the closest value to one that it does not take.
enum ValueForm {
  /// A whole number, and one to name when a word gives no clue.
  case number(ClosedRange<Int>, usual: Int)
  case seconds(usual: String)
  case span
  case moment
  case setting(any AnySetting)

  /// `nil` for values that are any text, or one of a list.
  init?(of argument: VerbArgument, in verb: Verb) {
    if argument.kind == .positional {
      guard verb.title == "celerity workers scale", argument.valueName == "count" else { return nil }
      self = .number(1...1024, usual: 4)
      return
    }
    switch argument.longName {
    case "--priority": self = .number(0...9, usual: 5)
    case "--retries": self = .number(0...10_000, usual: 3)
    case "--limit": self = .number(1...Int.max, usual: 20)
    case "--count": self = .number(1...Int.max, usual: 10)
    case "--attempt": self = .number(1...Int.max, usual: 1)
    case "--timeout": self = .seconds(usual: "30")
    case "--interval": self = .seconds(usual: "2")
    case "--countdown", "--time-limit": self = .span
    case "--eta", "--expires", "--after": self = .moment
    case "--port": self = .setting(Settings.port)
    case "--health-port": self = .setting(Settings.healthPort)
    case "--concurrency": self = .setting(Settings.concurrency)
    default: return nil
    }
  }

  var expectation: String {
    switch self {
    case .number(let range, _):
      range.upperBound == Int.max
        ? "a whole number, at least \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .seconds: "a number of seconds above 0"
    case .span: "a length of time: seconds, or with units as 500ms, 90s, 5m, 1h30m, 2d"
    case .moment:
      "a time such as 2030-01-31T12:00:00Z, a date such as 2030-01-31 (midnight UTC), or a length of time such as 5m"
    case .setting(let setting): setting.expectation
    }
  }

  func accepts(_ text: String) -> Bool {
    switch self {
    case .number(let range, _): Int(text).map(range.contains) ?? false
    case .seconds: Double(text).map { $0 > 0 && $0.isFinite } ?? false
    case .span: TimeSpan(argument: text) != nil
    case .moment: Moment(argument: text) != nil
    case .setting(let setting): setting.accepts(text)
    }
  }

  /// A value that is taken: what the text most likely means, or a usual one.
  func mended(_ text: String, now: Timestamp = SystemTime().now) -> String {
    let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? String(text.dropFirst()) : text
    if accepts(unsigned) { return unsigned }
    switch self {
    case .number(let range, let usual):
      let digits = unsigned.prefix { $0.isASCII && $0.isNumber }
      return Int(digits).map { String(min(max($0, range.lowerBound), range.upperBound)) } ?? String(usual)
    case .seconds(let usual):
      let number = unsigned.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      if accepts(String(number)) { return String(number) }
      return TimeSpan(argument: Self.compact(unsigned)).map { String(Int($0.duration.inSeconds)) } ?? usual
    case .span: return Self.span(unsigned) ?? "5m"
    case .moment: return Self.span(unsigned) ?? Self.day(text, now)
    case .setting(let setting): return setting.defaultText
    }
  }

  private static func span(_ text: String) -> String? {
    let compact = compact(text)
    return TimeSpan(argument: compact) == nil ? nil : compact
  }

  /// `5 minutes` as `5m`, `in 2 hours and 30 min` as `2h30m`.
  private static func compact(_ text: String) -> String {
    let words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "_" }
    return words.filter { $0 != "in" && $0 != "and" }.map { word in
      let number = word.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      let unit = word.dropFirst(number.count)
      return number + (units.first { $0.words.contains(String(unit)) }?.unit ?? String(unit))
    }.joined()
  }

  private static let units: [(unit: String, words: Set<String>)] = [
    ("ms", ["millisecond", "milliseconds", "msec"]), ("s", ["second", "seconds", "sec", "secs"]),
    ("m", ["minute", "minutes", "mins"]), ("h", ["hour", "hours", "hr", "hrs"]), ("d", ["day", "days"]),
    ("w", ["week", "weeks"]),
  ]

  /// `today` and `tomorrow` as dates; tomorrow for everything else, since what has passed is of no use.
  private static func day(_ text: String, _ now: Timestamp) -> String {
    let days = text.lowercased() == "today" ? 0 : 1
    return String((now + .seconds(86_400 * days)).rfc3339.prefix(10))
  }
}
