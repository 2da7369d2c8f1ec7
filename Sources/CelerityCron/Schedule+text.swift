extension Schedule: CustomStringConvertible {
  /// Reads the textual form; a crontab that names no zone gets `zone`.
  public init(_ text: String, zone: CronZone = .utc) throws(CronError) {
    let bytes = try boundedBytes(of: text)
    let words = blankSeparated(bytes)
    guard let first = words.first else {
      throw CronError(
        position: 0, message: "the schedule is empty", hint: "write 'every 30s', '0 4 * * 1' or '@daily'")
    }
    let rest = words.count > 1 ? words[1].lowerBound : bytes.count
    switch text.word(first).lowercased() {
    case "every":
      self = .interval(seconds: try Period.parse(bytes, from: rest))
    case "at":
      self = .once(at: try Timestamp.parse(bytes, from: rest))
    case "@every":
      let hint = "write \(quoted("every " + text.word(rest..<bytes.count)))"
      throw CronError(position: first.lowerBound, message: "'@every' is not used here", hint: hint)
    default:
      self = try Self.cron(text, bytes, words, zone: zone)
    }
  }

  /// The textual form, which reads back as an equal schedule. A zone is left out when it is UTC.
  public var description: String {
    switch self {
    case .interval(let seconds): "every \(Period.format(seconds))"
    case .cron(let expression, .utc): expression.description
    case .cron(let expression, let zone): "\(expression) \(zone)"
    case .once(let moment): "at \(Timestamp.format(moment))"
    }
  }

  /// The schedule in plain English: "every 5 minutes", "at 02:00 on weekdays, Europe/Berlin". Times are those of the zone
  /// that is named, else UTC.
  public var words: String {
    switch self {
    case .interval(let seconds): Period.words(seconds)
    case .cron(let expression, .utc): expression.words
    case .cron(let expression, let zone): "\(expression.words), \(zone)"
    case .once(let moment): "once at \(Timestamp.format(moment))"
    }
  }

  private static func cron(
    _ text: String, _ bytes: [UInt8], _ words: [Range<Int>], zone: CronZone
  ) throws(CronError) -> Schedule {
    let isNamed = bytes[words[0].lowerBound] == UInt8(ascii: "@")
    let fields = isNamed ? 1 : CronField.allCases.count
    guard words.count == fields + 1, let last = words.last, isNamed || !isWeekday(bytes, last) else {
      return .cron(try CronExpression(text), zone: zone)
    }
    let expression = try CronExpression(text.word(0..<words[fields - 1].upperBound))
    do {
      return .cron(expression, zone: try CronZone(text.word(last)))
    } catch {
      throw error.shifted(by: last.lowerBound)
    }
  }

  /// Whether the sixth word is what other cron dialects end with: then the seconds are too much, not the zone wrong.
  private static func isWeekday(_ bytes: [UInt8], _ word: Range<Int>) -> Bool {
    var parser = FieldParser(bytes, word, as: .dayOfWeek)
    return bytes[word.lowerBound] == UInt8(ascii: "?") || (try? parser.parse()) != nil
  }
}
