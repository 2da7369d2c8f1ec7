extension CronExpression {
  /// The expression in plain English, such as "every 5 minutes" or "at 04:00 every Monday".
  ///
  /// It is made from the sets and not from the spelling, so it shows what will really happen: `*/7` is a list of
  /// minutes and not "every 7 minutes", because the hour starts it anew.
  public var words: String {
    let (time, isRepeating) = timeWords
    let date = dateWords
    if date.isEmpty { return isRepeating ? time : "\(time) every day" }
    return "\(time) \(date)"
  }

  private static let everyMinute = FieldSet(CronField.minute.range)
  private static let allHours = FieldSet(CronField.hour.range)

  /// The part about hours and minutes, and whether it already says how often that is.
  private var timeWords: (text: String, isRepeating: Bool) {
    if let step = minutes.evenStep(of: 60), minutes.count > 1 {
      let often = step == 1 ? "every minute" : "every \(step) minutes"
      return (hours == Self.allHours ? often : "\(often) \(hourWindow)", true)
    }
    if hours == Self.allHours {
      if minutes.members == [0] { return ("every hour", true) }
      return ("at \(minuteList) past every hour", true)
    }
    if minutes.members == [0], let step = hours.evenStep(of: 24), hours.count > 2 {
      return ("every \(step) hours", true)
    }
    if minutes.count * hours.count <= 6 {
      let times = hours.members.flatMap { hour in minutes.members.map { clock(hour, $0) } }
      return ("at \(enumerated(times))", false)
    }
    return ("at \(minuteList) past \(hours.count == 1 ? "hour" : "hours") \(listed(hours.members) { "\($0)" })", false)
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

  /// The part about months and days; empty when every day is meant.
  private var dateWords: String {
    let everyDay = daysOfMonth == FieldSet(CronField.dayOfMonth.range)
    let everyWeekday = daysOfWeek == FieldSet(CronField.dayOfWeek.range)
    let everyMonth = months == FieldSet(CronField.monthOfYear.range)
    let monthNames = listed(months.members) { CronField.monthOfYear.names[$0 - 1] }
    // Monday first, as a week is usually told.
    let weekdays = listed(daysOfWeek.members.map { ($0 + 6) % 7 }.sorted()) { CronField.dayOfWeek.names[($0 + 1) % 7] }

    let days = "on the \(listed(daysOfMonth.members, ordinal)) of \(everyMonth ? "every month" : monthNames)"
    switch (everyDay, everyWeekday) {
    case (true, true): return everyMonth ? "" : "\(timeWords.isRepeating ? "" : "every day ")in \(monthNames)"
    case (true, false): return "every \(weekdays)" + (everyMonth ? "" : " in \(monthNames)")
    case (false, true): return days
    case (false, false): return "\(days) when it is a \(weekdays)"
    }
  }

  private func clock(_ hour: Int, _ minute: Int) -> String {
    "\(Timestamp.padded(hour, 2)):\(Timestamp.padded(minute, 2))"
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
private func listed(_ numbers: [Int], _ name: (Int) -> String) -> String {
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
  return enumerated(parts)
}

private func enumerated(_ parts: [String]) -> String {
  guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
  return "\(parts.dropLast().joined(separator: ", ")) and \(last)"
}
