/// Reads one crontab field, a single pass over its bytes without backtracking.
///
/// Grammar and meaning are those of `celery.schedules.crontab_parser` (Celery 5.7):
///
///     field = part *( "," part )
///     part  = ( "*" [ "/" step ] ) / ( value "-" value [ "/" step ] ) / value
///
/// A range may wrap (`22-2`, `fri-mon`); `*/n` starts at the lowest value of the field; a step larger than the field
/// leaves only its first value; `a/n` without a range is refused. Celery reads only the first three letters of a
/// name and takes month names for weekdays; here a name is at least three letters of the right kind's name.
struct FieldParser {
  let bytes: [UInt8]
  let field: CronField
  private let end: Int
  private var cursor: Int

  init(_ bytes: [UInt8], _ slice: Range<Int>, as field: CronField) {
    self.bytes = bytes
    self.field = field
    self.cursor = slice.lowerBound
    self.end = slice.upperBound
  }

  mutating func parse() throws(CronError) -> FieldSet {
    var set = FieldSet()
    while true {
      skipSpaces()
      try parsePart(into: &set)
      skipSpaces()
      guard cursor < end else { return set }
      guard bytes[cursor] == UInt8(ascii: ",") else { throw unexpected() }
      cursor += 1
    }
  }

  private mutating func parsePart(into set: inout FieldSet) throws(CronError) {
    let start = cursor
    let low: Int
    let high: Int
    if take(UInt8(ascii: "*")) {
      (low, high) = (field.range.lowerBound, field.range.upperBound)
    } else {
      low = try parseValue()
      if !take(UInt8(ascii: "-")) {
        guard peek() != UInt8(ascii: "/") else {
          throw failure("a step needs a range", at: cursor, hint: "write \(low)-\(field.range.upperBound)/n or */n")
        }
        return set.insert(low)
      }
      high = try parseValue()
    }
    let step = take(UInt8(ascii: "/")) ? try parseStep(of: start) : 1
    let size = field.range.count
    let span = high >= low ? high - low : high - low + size
    for distance in stride(from: 0, through: span, by: step) {
      let value = low + distance
      set.insert(value > field.range.upperBound ? value - size : value)
    }
  }

  private mutating func parseValue() throws(CronError) -> Int {
    let start = cursor
    guard let byte = peek(), byte != UInt8(ascii: ",") else {
      throw failure("a value is missing", at: cursor, hint: values)
    }
    if byte.isLetter {
      return try parseName()
    }
    let value = try parseNumber()
    guard field.range.contains(value) else {
      let isSunday = field == .dayOfWeek && value == 7
      throw failure("\(value) is out of range", at: start, hint: isSunday ? "Sunday is 0" : values)
    }
    return value
  }

  private mutating func parseStep(of start: Int) throws(CronError) -> Int {
    let position = cursor
    guard let byte = peek(), byte.isDigit else { throw failure("a step is missing after /", at: position) }
    let step = try parseNumber()
    guard step > 0 else { throw failure("a step of 0 never moves", at: position, hint: "steps start at 1") }
    return step
  }

  /// A number of at most four digits: more than any field needs and far from overflow.
  private mutating func parseNumber() throws(CronError) -> Int {
    let start = cursor
    var value = 0
    while let byte = peek(), byte.isDigit {
      guard cursor - start < 4 else { throw failure("the number is too long", at: start, hint: values) }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      cursor += 1
    }
    guard cursor > start else { throw unexpected() }
    return value
  }

  private mutating func parseName() throws(CronError) -> Int {
    let start = cursor
    while let byte = peek(), byte.isLetter { cursor += 1 }
    let written = String(decoding: bytes[start..<cursor], as: UTF8.self)
    let word = written.lowercased()
    let match = word.utf8.count < 3 ? nil : field.names.firstIndex { $0.lowercased().hasPrefix(word) }
    guard let match else {
      throw failure("\(quoted(written)) is not a value of this field", at: start, hint: nameHint(word))
    }
    return field.range.lowerBound + match
  }

  private func nameHint(_ word: String) -> String {
    if ["l", "w", "lw", "h"].contains(word) { return "L, W, # and H are not part of Celery's crontab" }
    let short = field.names.map { String($0.prefix(3)).lowercased() }
    guard let near = closest(to: String(word.prefix(12)), among: short + field.names) else {
      return values
    }
    return "did you mean '\(near)'?"
  }

  private func unexpected() -> CronError {
    guard let byte = peek() else { return failure("the field ends too early", at: cursor) }
    if byte == UInt8(ascii: "?") { return failure("'?' is not used here", at: cursor, hint: "write *") }
    guard byte.isPrintableASCII else { return failure("a character that no field may hold", at: cursor) }
    return failure("'\(Character(Unicode.Scalar(byte)))' is not expected here", at: cursor, hint: values)
  }

  private var values: String {
    let numbers = "values are \(field.range.lowerBound) to \(field.range.upperBound)"
    guard let first = field.names.first, let last = field.names.last else { return numbers }
    return "\(numbers), or \(first.prefix(3).lowercased()) to \(last.prefix(3).lowercased())"
  }

  private func failure(_ message: String, at position: Int, hint: String? = nil) -> CronError {
    CronError(position: position, field: field, message: message, hint: hint)
  }

  private func peek() -> UInt8? {
    cursor < end ? bytes[cursor] : nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    cursor += 1
    return true
  }

  private mutating func skipSpaces() {
    while let byte = peek(), byte.isBlank { cursor += 1 }
  }
}

extension UInt8 {
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
  var isPrintableASCII: Bool { self > 0x20 && self < 0x7F }
}
