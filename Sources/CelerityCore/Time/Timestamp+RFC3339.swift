extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC with `Z` and microseconds: `2026-11-21T05:28:07.123456Z`.
  public var description: String { rfc3339 }

  /// RFC 3339 in UTC with `Z` and microseconds.
  public var rfc3339: String {
    let seconds = wholeSeconds
    let fraction = microseconds - seconds &* 1_000_000
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let second = seconds - day * 86_400
    let (year, month, dayOfMonth) = Self.civil(fromDay: day)
    var text = [UInt8]()
    text.reserveCapacity(27)
    func append(_ number: Int64, _ width: Int) {
      let digits = String(number).utf8
      for _ in 0..<max(0, width - digits.count) { text.append(0x30) }
      text.append(contentsOf: digits)
    }
    append(year, 4); text.append(0x2D); append(month, 2); text.append(0x2D); append(dayOfMonth, 2)
    text.append(0x54)
    append(second / 3600, 2); text.append(0x3A); append(second / 60 % 60, 2); text.append(0x3A); append(second % 60, 2)
    text.append(0x2E); append(fraction, 6); text.append(0x5A)
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads RFC 3339 and the ISO 8601 forms that Python writes: `T` or a space, `Z`, an offset, or no zone at all
  /// (taken as UTC, Celery's default), with up to nine digits of fraction.
  public init?(_ text: String) {
    var reader = DigitReader(bytes: Array(text.utf8))
    guard let year = reader.number(4), reader.skip(0x2D), let month = reader.number(2), reader.skip(0x2D),
      let day = reader.number(2), reader.skip(0x54) || reader.skip(0x74) || reader.skip(0x20),
      let hour = reader.number(2), reader.skip(0x3A), let minute = reader.number(2),
      (1...12).contains(month), (1...Self.days(inMonth: month, of: year)).contains(day), hour < 24, minute < 60
    else { return nil }
    var second: Int64 = 0
    var fraction: Int64 = 0
    if reader.skip(0x3A) {
      guard let value = reader.number(2), value <= 60 else { return nil }
      second = min(value, 59)  // a leap second is the second before it
      if reader.skip(0x2E) {
        guard let micro = reader.fraction() else { return nil }
        fraction = micro
      }
    }
    guard let offset = reader.offset(), reader.atEnd else { return nil }
    let seconds = Self.day(fromCivil: year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    // An offset may lead out of the years that have four digits.
    guard Self.printable.contains(seconds) else { return nil }
    microseconds = seconds * 1_000_000 + fraction
  }

  /// The seconds of the years 0 to 9999, which RFC 3339 can tell.
  private static let printable: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

  /// Year, month and day of a day number, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  static func civil(fromDay day: Int64) -> (Int64, Int64, Int64) {
    let z = day + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let doe = z - era * 146_097
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100)
    let mp = (5 * doy + 2) / 153
    let month = mp < 10 ? mp + 3 : mp - 9
    return (yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - (153 * mp + 2) / 5 + 1)
  }

  /// The day number of a date, from the same source.
  static func day(fromCivil year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yoe = y - era * 400
    let doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
  }

  static func days(inMonth month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// Reads fixed-width digits from bytes.
private struct DigitReader {
  let bytes: [UInt8]
  var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var atEnd: Bool { index == bytes.count }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  mutating func number(_ width: Int) -> Int64? {
    guard index + width <= bytes.count else { return nil }
    var value: Int64 = 0
    for byte in bytes[index..<index + width] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    index += width
    return value
  }

  /// Microseconds from one to nine digits; finer ones are cut.
  mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var count = 0
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
      if count < 6 { value = value * 10 + Int64(bytes[index] - 0x30) }
      count += 1
      index += 1
    }
    guard (1...9).contains(count) else { return nil }
    for _ in count..<max(6, count) { value *= 10 }
    return value
  }

  /// Seconds east of UTC; nothing at all counts as UTC.
  mutating func offset() -> Int64? {
    if atEnd || skip(0x5A) || skip(0x7A) { return 0 }
    let sign: Int64
    if skip(0x2B) { sign = 1 } else if skip(0x2D) { sign = -1 } else { return nil }
    guard let hours = number(2), hours < 24 else { return nil }
    _ = skip(0x3A)
    guard let minutes = atEnd ? 0 : number(2), minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
