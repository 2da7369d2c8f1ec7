/// Periods in text: `30s`, `5m`, `1h30m`, `2 hours`, `day`.
enum Period {
  /// Units from small to large, with the spellings that are read; the first one is written.
  private static let units: [(names: [String], seconds: Int64)] = [
    (["s", "second", "seconds", "sec", "secs"], 1),
    (["m", "minute", "minutes", "min", "mins"], 60),
    (["h", "hour", "hours", "hr", "hrs"], 3600),
    (["d", "day", "days"], 86_400),
    (["w", "week", "weeks"], 604_800),
  ]

  /// A thousand years: far beyond any use, and small enough that sums cannot overflow.
  static let longest: Int64 = 1000 * 366 * 86_400

  /// Reads the rest of a text as one period of at least a second.
  static func parse(_ bytes: [UInt8], from start: Int) throws(CronError) -> Int64 {
    var cursor = start
    var total: Int64 = 0
    var parts = 0
    while true {
      skipBlanks(bytes, &cursor)
      guard cursor < bytes.count else { break }
      let place = cursor
      let digits = take(bytes, &cursor) { $0.isDigit }
      skipBlanks(bytes, &cursor)
      // "every day" is one day, but "every 1h day" is a slip.
      guard !digits.isEmpty || (parts == 0 && bytes[place].isLetter) else {
        throw CronError(position: place, message: "a number is missing", hint: example)
      }
      let unit = try unit(bytes, &cursor)
      guard digits.count <= 12, let amount = digits.isEmpty ? 1 : Int64(digits), amount * unit <= longest else {
        throw CronError(position: place, message: "the period is too long", hint: "the limit is a thousand years")
      }
      total += amount * unit
      parts += 1
    }
    guard total > 0, total <= longest else {
      let message = parts == 0 ? "a period is missing" : "the period must be from a second to a thousand years"
      throw CronError(position: start, message: message, hint: example)
    }
    return total
  }

  /// The shortest single-unit form, such as `90m`.
  static func format(_ seconds: Int64) -> String {
    let (amount, unit) = largestUnit(seconds)
    return "\(amount)\(unit.names[0])"
  }

  /// Plain English, such as "every 90 minutes".
  static func words(_ seconds: Int64) -> String {
    guard seconds > 0 else { return "never" }
    let (amount, unit) = largestUnit(seconds)
    return amount == 1 ? "every \(unit.names[1])" : "every \(amount) \(unit.names[2])"
  }

  private static let example = "write a number and a unit, for example 'every 30s' or 'every 5 minutes'"

  private static func largestUnit(_ seconds: Int64) -> (amount: Int64, unit: (names: [String], seconds: Int64)) {
    let unit = units.last { seconds != 0 && seconds % $0.seconds == 0 } ?? units[0]
    return (seconds / unit.seconds, unit)
  }

  private static func unit(_ bytes: [UInt8], _ cursor: inout Int) throws(CronError) -> Int64 {
    let place = cursor
    let word = take(bytes, &cursor) { $0.isLetter }.lowercased()
    if let unit = units.first(where: { $0.names.contains(word) }) { return unit.seconds }
    let hint =
      cursor < bytes.count && bytes[cursor] == UInt8(ascii: ".") ? "write whole numbers, for example 1h30m" : example
    throw CronError(
      position: place, message: word.isEmpty ? "a unit is missing" : "\(quoted(word)) is not a unit of time", hint: hint
    )
  }

  private static func take(_ bytes: [UInt8], _ cursor: inout Int, while test: (UInt8) -> Bool) -> String {
    let start = cursor
    while cursor < bytes.count, test(bytes[cursor]) { cursor += 1 }
    return String(decoding: bytes[start..<cursor], as: UTF8.self)
  }

  private static func skipBlanks(_ bytes: [UInt8], _ cursor: inout Int) {
    while cursor < bytes.count, bytes[cursor].isBlank { cursor += 1 }
  }
}
