/// Moments in text: RFC 3339 without fractions, and plain seconds for what that form cannot write.
enum Timestamp {
  /// Reads the rest of a text as `YYYY-MM-DDThh:mm:ss` with `Z` or `±hh:mm`, or as a count of seconds since 1970.
  static func parse(_ bytes: [UInt8], from start: Int) throws(CronError) -> Int64 {
    let words = blankSeparated(bytes).filter { $0.lowerBound >= start }
    guard words.count == 1, let word = words.first else {
      let place = words.count > 1 ? words[1].lowerBound : start
      throw CronError(position: place, message: "one moment is expected", hint: example)
    }
    let text = String(decoding: bytes[word], as: UTF8.self)
    if let seconds = Int64(text) { return seconds }
    guard let moment = Self.moment(Array(bytes[word])) else {
      throw CronError(position: word.lowerBound, message: "\(quoted(text)) is not a moment", hint: example)
    }
    return moment
  }

  /// RFC 3339 in UTC from the year 1 to 9999, else the seconds themselves.
  static func format(_ moment: Int64) -> String {
    guard moment >= Instant.earliest, moment <= Instant.latest else { return "\(moment)" }
    let (day, second) = floorDivide(moment, 86_400)
    let date = CivilDate(dayNumber: day)
    let time = [second / 3600, second / 60 % 60, second % 60].map { padded(Int($0), 2) }.joined(separator: ":")
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T\(time)Z"
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static let example = "write it like 2030-01-31T12:00:00Z"

  private static func moment(_ text: [UInt8]) -> Int64? {
    func number(_ range: Range<Int>, in values: ClosedRange<Int>) -> Int? {
      guard text[range].allSatisfy(\.isDigit) else { return nil }
      let value = text[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
      return values.contains(value) ? value : nil
    }
    guard text.count == 20 || text.count == 25, matches(text, "dddd-dd-ddTdd:dd:dd"),
      let year = number(0..<4, in: 1...9999), let month = number(5..<7, in: 1...12),
      let day = number(8..<10, in: 1...CivilDate.length(ofMonth: month, year: year)),
      let hour = number(11..<13, in: 0...23), let minute = number(14..<16, in: 0...59),
      let second = number(17..<19, in: 0...59)
    else { return nil }
    let local = CivilDate(year: year, month: month, day: day).dayNumber * 86_400
    let moment = local + Int64(hour * 3600 + minute * 60 + second)
    if text.count == 20 { return text[19] | 0x20 == UInt8(ascii: "z") ? moment : nil }
    guard matches(Array(text[20...]), "dd:dd"), let hours = number(20..<22, in: 0...23),
      let minutes = number(23..<25, in: 0...59)
    else { return nil }
    let offset = Int64(hours * 3600 + minutes * 60)
    switch text[19] {
    case UInt8(ascii: "+"): return moment - offset
    case UInt8(ascii: "-"): return moment + offset
    default: return nil
    }
  }

  /// Whether a text starts with a pattern, in which `d` stands for a digit; letters match in either case.
  private static func matches(_ text: [UInt8], _ pattern: String) -> Bool {
    text.count >= pattern.utf8.count
      && zip(text, pattern.utf8).allSatisfy { byte, expected in
        expected == UInt8(ascii: "d")
          ? byte.isDigit : byte == expected || (expected.isLetter && byte == expected | 0x20)
      }
  }
}
