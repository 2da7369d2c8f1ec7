/// Matching in wall-clock time: seconds since 1970-01-01T00:00:00 on a clock that never jumps.
///
/// Each field is a bit set. The search takes the next member of the lowest field that has one and starts the fields
/// below it from their first member (field carry); days are found a month at a time, so the work is bounded by the
/// number of months looked at and never by the number of minutes.
extension CronExpression {
  /// Every expression that can be made comes again within 40 years: a given weekday on 29 February, when the years
  /// without a leap day at the end of a century are in between, is the rarest.
  static let horizonInYears = 41

  private static let minutesPerDay: Int64 = 24 * 60

  /// The first matching minute that starts after `second`.
  func nextWall(after second: Int64) -> Int64? {
    let minute = floorDivide(second, 60).quotient + 1
    let (day, rest) = floorDivide(minute, Self.minutesPerDay)
    let date = CivilDate(dayNumber: day)
    if includes(date), let time = firstTime(from: Int(rest)) {
      return (day * Self.minutesPerDay + Int64(time)) * 60
    }
    guard let next = nextDate(after: date), let time = firstTime(from: 0) else { return nil }
    return (next.dayNumber * Self.minutesPerDay + Int64(time)) * 60
  }

  /// The last matching minute that starts at or before `second`.
  func previousWall(through second: Int64) -> Int64? {
    let minute = floorDivide(second, 60).quotient
    let (day, rest) = floorDivide(minute, Self.minutesPerDay)
    let date = CivilDate(dayNumber: day)
    if includes(date), let time = lastTime(through: Int(rest)) {
      return (day * Self.minutesPerDay + Int64(time)) * 60
    }
    guard let last = previousDate(before: date), let time = lastTime(through: Int(Self.minutesPerDay - 1)) else {
      return nil
    }
    return (last.dayNumber * Self.minutesPerDay + Int64(time)) * 60
  }

  private func includes(_ date: CivilDate) -> Bool {
    months.contains(date.month) && days(in: date.month, of: date.year).contains(date.day)
  }

  /// The days of one month that are in both day fields.
  private func days(in month: Int, of year: Int) -> FieldSet {
    let first = UInt64(CivilDate(year: year, month: month, day: 1).weekday)
    let twoWeeks = daysOfWeek.bits << 7 | daysOfWeek.bits
    let week = (twoWeeks >> first) & 0x7F  // bit 0 is the weekday of the 1st
    let fiveWeeks = week | week << 7 | week << 14 | week << 21 | week << 28
    let calendar = FieldSet(1...CivilDate.length(ofMonth: month, year: year))
    return daysOfMonth.intersection(FieldSet(bits: fiveWeeks << 1)).intersection(calendar)
  }

  private func nextDate(after date: CivilDate) -> CivilDate? {
    var (year, from) = (date.year, date.day + 1)
    var month: Int? = date.month
    while year <= date.year + Self.horizonInYears {
      if let current = month {
        if months.contains(current), let day = days(in: current, of: year).first(from: from) {
          return CivilDate(year: year, month: current, day: day)
        }
        month = months.first(from: current + 1)
      } else {
        year += 1
        month = months.min
      }
      from = 1
    }
    return nil
  }

  private func previousDate(before date: CivilDate) -> CivilDate? {
    var (year, through) = (date.year, date.day - 1)
    var month: Int? = date.month
    while year >= date.year - Self.horizonInYears {
      if let current = month {
        if months.contains(current), let day = days(in: current, of: year).last(through: through) {
          return CivilDate(year: year, month: current, day: day)
        }
        month = months.last(through: current - 1)
      } else {
        year -= 1
        month = months.max
      }
      through = 31
    }
    return nil
  }

  /// The first matching minute of a day from `minute` on, both counted from midnight.
  private func firstTime(from minute: Int) -> Int? {
    let (hour, rest) = minute.quotientAndRemainder(dividingBy: 60)
    if hours.contains(hour), let found = minutes.first(from: rest) { return hour * 60 + found }
    guard let next = hours.first(from: hour + 1), let first = minutes.min else { return nil }
    return next * 60 + first
  }

  private func lastTime(through minute: Int) -> Int? {
    let (hour, rest) = minute.quotientAndRemainder(dividingBy: 60)
    if hours.contains(hour), let found = minutes.last(through: rest) { return hour * 60 + found }
    guard let last = hours.last(through: hour - 1), let end = minutes.max else { return nil }
    return last * 60 + end
  }
}
