extension CronExpression {
  /// The expression in plain English, such as "every 5 minutes" or "at 04:00 every Monday".
  ///
  /// It is made from the sets and not from the spelling, so it shows what will really happen: `*/7` is a list of
  /// minutes and not "every 7 minutes", because the hour starts it anew. Different sets have different words. What would
  /// take more than a line is told as the crontab it is.
  public var words: String {
    let words = [timeWords, dateWords].compactMap(\.self).joined(separator: " ")
    let isPlainDate = dateWords?.hasPrefix("on the ") == true && !isRepeating && !hasConditions
    let text = isPlainDate ? [dateWords, timeWords].compactMap(\.self).joined(separator: " ") : words
    return text.utf8.count <= Self.longestLine ? text : "by the crontab \(description)"
  }

  private static let longestLine = 160
  private static let everyMinute = FieldSet(CronField.minute.range)
  private static let allHours = FieldSet(CronField.hour.range)
  private static let allDays = FieldSet(CronField.dayOfMonth.range)
  private static let allMonths = FieldSet(CronField.monthOfYear.range)
  private static let allWeekdays = FieldSet(CronField.dayOfWeek.range)
  private static let workdays = FieldSet(1...5)
  private static let weekend = FieldSet(bits: 0b100_0001)
}

// MARK: Hours and minutes

extension CronExpression {
  /// The minutes' step, when they repeat evenly through the whole hour.
  private var minuteStep: Int? { minutes.count > 1 ? minutes.evenStep(of: 60) : nil }

  /// The hours' step, when there is one time an hour and they repeat evenly through the whole day.
  private var hourStep: Int? { minutes.members == [0] && hours.count > 2 ? hours.evenStep(of: 24) : nil }

  /// Whether the words of the time say by themselves how often that is.
  private var isRepeating: Bool { minuteStep != nil || hourStep != nil || hours == Self.allHours }

  private var timeWords: String {
    if let step = minuteStep {
      let often = step == 1 ? "every minute" : "every \(step) minutes"
      return hours == Self.allHours ? often : "\(often) \(hourWindow)"
    }
    if let step = hourStep { return step == 1 ? "every hour" : "every \(step) hours" }
    if hours == Self.allHours { return "at \(minuteList) past every hour" }
    if minutes.count * hours.count <= 6 {
      let times = hours.members.flatMap { hour in minutes.members.map { clock(hour, $0) } }
      return "at \(joined(times))"
    }
    return "at \(minuteList) past \(hours.count == 1 ? "hour" : "hours") \(listed(hours.members) { "\($0)" })"
  }

  private var minuteList: String {
    minutes.members == [1] ? "1 minute" : "\(listed(minutes.members) { "\($0)" }) minutes"
  }

  /// The hours as a stretch of the day, or one by one.
  private var hourWindow: String {
    guard let first = hours.min, let last = hours.max, last - first == hours.count - 1, let end = minutes.max else {
      return "in hours \(listed(hours.members) { "\($0)" })"
    }
    return "from \(clock(first, 0)) to \(clock(last, end))"
  }

  private func clock(_ hour: Int, _ minute: Int) -> String {
    "\(Timestamp.padded(hour, 2)):\(Timestamp.padded(minute, 2))"
  }
}

// MARK: Months and days

extension CronExpression {
  /// Whether more must hold for a day than its number and its month.
  private var hasConditions: Bool { daysOfWeek != Self.allWeekdays || !missingDays.isEmpty }

  /// `nil` when the time says it all.
  private var dateWords: String? {
    let isEveryMonth = months == Self.allMonths
    let inMonths = isEveryMonth ? nil : "in \(monthList)"
    let parts: [String?]
    switch (daysOfMonth == Self.allDays, daysOfWeek == Self.allWeekdays) {
    case (true, true): parts = [isRepeating ? nil : "every day", inMonths]
    case (true, false): parts = [weekdayWords, inMonths]
    case (false, true): parts = [dayWords]
    case (false, false): parts = [dayWords, "when it is \(weekdayCondition)"]
    }
    let words = parts.compactMap(\.self)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  private var monthList: String { listed(months.members) { CronField.monthOfYear.names[$0 - 1] } }

  private var dayWords: String {
    let days =
      "on the \(listed(daysOfMonth.members, ordinal)) of \(months == Self.allMonths ? "every month" : monthList)"
    if missingDays.isEmpty { return days }
    return days + (daysOfMonth.count == 1 && months == Self.allMonths ? " that has one" : ", as far as they exist")
  }

  /// Days that some of the months do not have. A single month is given its leap day.
  private var missingDays: [Int] {
    guard daysOfMonth != Self.allDays else { return [] }
    let year = months.count == 1 ? 2000 : 2001
    let shortest = months.members.map { CivilDate.length(ofMonth: $0, year: year) }.min() ?? 31
    return daysOfMonth.members.filter { $0 > shortest }
  }

  private var weekdayWords: String {
    switch daysOfWeek {
    case Self.workdays: "on weekdays"
    case Self.weekend: "on weekends"
    default: isRepeating ? "on \(weekdayList { $0 + "s" })" : "every \(weekdayList { $0 })"
    }
  }

  private var weekdayCondition: String {
    switch daysOfWeek {
    case Self.workdays: "a weekday"
    case Self.weekend: "a weekend"
    default: "a " + weekdayList(or: true) { $0 }
    }
  }

  /// Monday first, as a week is usually told.
  private func weekdayList(or: Bool = false, _ form: (String) -> String) -> String {
    listed(daysOfWeek.members.map { ($0 + 6) % 7 }.sorted(), conjunction: or ? "or" : "and") {
      form(CronField.dayOfWeek.names[($0 + 1) % 7])
    }
  }

  private func ordinal(_ number: Int) -> String {
    switch (number % 10, number / 10) {
    case (1, 0), (1, 2...): "\(number)st"
    case (2, 0), (2, 2...): "\(number)nd"
    case (3, 0), (3, 2...): "\(number)rd"
    default: "\(number)th"
    }
  }
}

extension FieldSet {
  /// The step n when the set is 0, n, 2n … up to a size that n divides: only that repeats evenly without end.
  fileprivate func evenStep(of size: Int) -> Int? {
    guard count > 0, size % count == 0 else { return nil }
    let step = size / count
    return members == Array(stride(from: 0, to: size, by: step)) ? step : nil
  }
}

/// Names joined as English does, with runs of three or more numbers shortened to "first to last".
private func listed(_ numbers: [Int], conjunction: String = "and", _ name: (Int) -> String) -> String {
  var parts: [String] = []
  var rest = numbers[...]
  while let first = rest.first {
    let run = rest.enumerated().prefix { $0.element == first + $0.offset }.map(\.element)
    if run.count > 2 {
      parts.append("\(name(first)) to \(name(first + run.count - 1))")
    } else {
      parts += run.map(name)
    }
    rest = rest.dropFirst(run.count)
  }
  return joined(parts, conjunction: conjunction)
}

private func joined(_ parts: [String], conjunction: String = "and") -> String {
  guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
  return "\(parts.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
}
