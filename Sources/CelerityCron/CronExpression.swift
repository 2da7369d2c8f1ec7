/// A crontab expression with Celery's meaning: five sets of values that a wall-clock minute must all be in.
///
/// Unlike in Unix cron, where a restricted day-of-month and a restricted day-of-week are alternatives, here **both
/// must match** (`celery.schedules.crontab`, 5.7): `0 0 13 * fri` is midnight of every Friday the 13th. A day that
/// never comes (30 February) is refused when the expression is made.
///
/// Two expressions are equal when they name the same minutes, however they are spelled.
public struct CronExpression: Sendable, CustomStringConvertible {
  let minutes: FieldSet
  let hours: FieldSet
  let daysOfMonth: FieldSet
  let months: FieldSet
  let daysOfWeek: FieldSet

  /// The expression as it was written, with single spaces between the fields; it reads back as an equal value.
  public let description: String

  /// The longest text that is looked at.
  static let maximumLength = 256

  /// Reads five fields (minute, hour, day of month, month, day of week) or one of `@hourly`, `@daily`, `@midnight`,
  /// `@weekly`, `@monthly`, `@yearly` and `@annually`.
  public init(_ text: String) throws(CronError) {
    let bytes = try boundedBytes(of: text)
    let words = blankSeparated(bytes)
    if let first = words.first, bytes[first.lowerBound] == UInt8(ascii: "@") {
      guard words.count == 1 else {
        throw CronError(position: words[1].lowerBound, message: "nothing may follow \(quoted(text.word(first)))")
      }
      let macro = text.word(first).lowercased()
      let fields = try Self.expansion(of: macro, at: first.lowerBound)
      let expanded = Array(fields.utf8)
      try self.init(expanded, blankSeparated(expanded), description: macro)
      return
    }
    guard words.count == CronField.allCases.count else { throw Self.wrongCount(words, in: bytes) }
    try self.init(bytes, words, description: words.map(text.word).joined(separator: " "))
  }

  /// Takes the fields as Celery's keyword arguments do, each one as text; blanks around commas are allowed.
  ///
  /// The position of an error counts from the start of the field's own text.
  public init(
    minute: String = "*", hour: String = "*", dayOfMonth: String = "*", monthOfYear: String = "*",
    dayOfWeek: String = "*"
  ) throws(CronError) {
    var bytes: [UInt8] = []
    var slices: [Range<Int>] = []
    for (field, text) in zip(CronField.allCases, [minute, hour, dayOfMonth, monthOfYear, dayOfWeek]) {
      let start = bytes.count
      do {
        bytes += try boundedBytes(of: text)
      } catch {
        throw CronError(position: error.position, field: field, message: error.message, hint: error.hint)
      }
      slices.append(start..<bytes.count)
    }
    do {
      let text = slices.map { String(decoding: bytes[$0].filter { !$0.isBlank }, as: UTF8.self) }
      try self.init(bytes, slices, description: text.joined(separator: " "))
    } catch {
      let index = error.field.flatMap(CronField.allCases.firstIndex) ?? 0
      throw error.shifted(by: -slices[index].lowerBound)
    }
  }

  private init(_ bytes: [UInt8], _ slices: [Range<Int>], description: String) throws(CronError) {
    func parse(_ field: CronField, _ index: Int) throws(CronError) -> FieldSet {
      var parser = FieldParser(bytes, slices[index], as: field)
      return try parser.parse()
    }
    minutes = try parse(.minute, 0)
    hours = try parse(.hour, 1)
    daysOfMonth = try parse(.dayOfMonth, 2)
    months = try parse(.monthOfYear, 3)
    daysOfWeek = try parse(.dayOfWeek, 4)
    self.description = description
    try checkDaysExist(at: slices[2].lowerBound)
  }

  /// Refuses dates that are in no calendar, so that every expression that exists has a next time.
  private func checkDaysExist(at position: Int) throws(CronError) {
    guard let day = daysOfMonth.min else { return }
    let leapYear = 2000
    if months.members.contains(where: { day <= CivilDate.length(ofMonth: $0, year: leapYear) }) { return }
    let names = months.members.map { CronField.monthOfYear.names[$0 - 1] }
    throw CronError(
      position: position, field: .dayOfMonth, message: "day \(day) never comes in \(names.joined(separator: " or "))",
      hint: "day-of-month and month must name a date that exists")
  }
}

extension CronExpression: Hashable {
  /// Equal when the same minutes are meant.
  public static func == (left: CronExpression, right: CronExpression) -> Bool {
    left.minutes == right.minutes && left.hours == right.hours && left.daysOfMonth == right.daysOfMonth
      && left.months == right.months && left.daysOfWeek == right.daysOfWeek
  }

  /// Hashes the five sets.
  public func hash(into hasher: inout Hasher) {
    for set in [minutes, hours, daysOfMonth, months, daysOfWeek] { hasher.combine(set) }
  }
}

extension CronExpression {
  /// The names of crontab(5) for common expressions. `@reboot` is missing: a schedule has no boot.
  private static let macros = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
  ]

  private static func expansion(of macro: String, at position: Int) throws(CronError) -> String {
    if let fields = macros[macro] { return fields }
    let near = closest(to: String(macro.prefix(32)), among: macros.keys.sorted())
    let known = macros.keys.sorted().joined(separator: ", ")
    throw CronError(
      position: position, message: "unknown name \(quoted(macro))",
      hint: near.map { "did you mean '\($0)'?" } ?? "known are \(known)")
  }

  private static func wrongCount(_ words: [Range<Int>], in bytes: [UInt8]) -> CronError {
    let hint =
      words.count == 6
      ? "there is no field for seconds; for a short period write 'every 10s'"
      : "write minute, hour, day of month, month and day of week, for example '0 4 * * 1'"
    return CronError(
      position: words.count > 5 ? words[5].lowerBound : bytes.count,
      message: "\(words.count) \(words.count == 1 ? "field" : "fields") where 5 are expected", hint: hint)
  }
}
