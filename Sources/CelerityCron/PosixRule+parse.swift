extension PosixRule {
  /// Reads a `TZ` text such as `CET-1CEST,M3.5.0,M10.5.0/3`; `nil` when it is not one.
  init?(_ text: some Sequence<UInt8>) {
    var reader = Reader(bytes: Array(text))
    guard reader.bytes.count <= 128, reader.skipName(), let west = reader.offset() else { return nil }
    standard = -west
    guard !reader.atEnd else {
      daylight = nil
      return
    }
    guard reader.skipName() else { return nil }
    var offset = standard + 3600
    if reader.peek != UInt8(ascii: ",") {
      guard let west = reader.offset() else { return nil }
      offset = -west
    }
    guard abs(offset) <= ZoneRules.largestOffset, let start = reader.change(), let end = reader.change(), reader.atEnd
    else { return nil }
    daylight = Daylight(offset: offset, start: start, end: end)
  }

  private struct Reader {
    let bytes: [UInt8]
    var cursor = 0

    var atEnd: Bool { cursor == bytes.count }
    var peek: UInt8? { atEnd ? nil : bytes[cursor] }

    init(bytes: [UInt8]) {
      self.bytes = bytes
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard peek == UInt8(ascii: character) else { return false }
      cursor += 1
      return true
    }

    /// Three letters or more, or letters, digits and signs between angle brackets.
    mutating func skipName() -> Bool {
      let quoted = take("<")
      let start = cursor
      while let byte = peek, byte.isLetter || (quoted && (byte.isDigit || byte == 0x2B || byte == 0x2D)) { cursor += 1 }
      guard cursor - start >= 3 else { return false }
      return quoted ? take(">") : true
    }

    mutating func number(in range: ClosedRange<Int>) -> Int? {
      let start = cursor
      var value = 0
      while let byte = peek, byte.isDigit, cursor - start < 4 {
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
        cursor += 1
      }
      return cursor > start && range.contains(value) ? value : nil
    }

    /// `[+|-]hh[:mm[:ss]]` in seconds.
    mutating func time(hours: ClosedRange<Int>) -> Int64? {
      let sign: Int64 = take("-") ? -1 : 1
      if sign == 1 { _ = take("+") }
      guard var seconds = number(in: hours).map({ Int64($0) * 3600 }) else { return nil }
      for unit in [60, 1] as [Int64] where take(":") {
        guard let part = number(in: 0...59) else { return nil }
        seconds += Int64(part) * unit
      }
      return sign * seconds
    }

    mutating func offset() -> Int64? {
      time(hours: 0...24)
    }

    /// `,date[/time]`, at 02:00 without a time.
    mutating func change() -> Change? {
      guard take(","), let day = day() else { return nil }
      guard take("/") else { return Change(day: day, time: 7200) }
      return time(hours: 0...167).map { Change(day: day, time: $0) }
    }

    mutating func day() -> Change.Day? {
      if take("J") { return number(in: 1...365).map { .julian($0) } }
      guard take("M") else { return number(in: 0...365).map { .zeroBased($0) } }
      guard let month = number(in: 1...12), take("."), let week = number(in: 1...5), take("."),
        let day = number(in: 0...6)
      else { return nil }
      return .weekday(month: month, week: week, day: day)
    }
  }
}
