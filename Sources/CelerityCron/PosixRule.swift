/// The rule at the end of a time zone file: POSIX.1-2017 `TZ` (section 8.3), with RFC 8536 section 3.3.1's wider hours.
///
///     std offset [ dst [ offset ] "," date [ "/" time ] "," date [ "/" time ] ]
///
/// A rule that POSIX would complete from the system's defaults (no dates) is refused; zone files always hold dates.
struct PosixRule: Hashable, Sendable {
  /// When within a year the clock changes.
  struct Change: Hashable, Sendable {
    enum Day: Hashable, Sendable {
      /// `Mm.w.d`: weekday `d` of week `w` of month `m`, week 5 being the last.
      case weekday(month: Int, week: Int, day: Int)
      /// `Jn`: day 1 to 365, 29 February never counted.
      case julian(Int)
      /// `n`: day 0 to 365, 29 February counted.
      case zeroBased(Int)
    }

    let day: Day
    /// Seconds after the local midnight at which that day starts; may be negative.
    let time: Int64

    /// The wall-clock time of the change in one year.
    func wallTime(in year: Int) -> Int64 {
      let newYear = CivilDate(year: year, month: 1, day: 1).dayNumber
      let dayNumber: Int64
      switch day {
      case .zeroBased(let count):
        dayNumber = newYear + Int64(count)
      case .julian(let count):
        dayNumber = newYear + Int64(count) - (CivilDate.isLeap(year) && count >= 60 ? 0 : 1)
      case .weekday(let month, let week, let day):
        let first = CivilDate(year: year, month: month, day: 1)
        let offset = (day - first.weekday + 7) % 7 + 7 * (week - 1)
        let length = CivilDate.length(ofMonth: month, year: year)
        dayNumber = first.dayNumber + Int64(offset < length ? offset : offset - 7)
      }
      return dayNumber * 86_400 + time
    }
  }

  /// Daylight saving: its offset, when it starts (in standard time) and when it ends (in its own).
  struct Daylight: Hashable, Sendable {
    let offset: Int64
    let start: Change
    let end: Change
  }

  let standard: Int64
  let daylight: Daylight?

  /// The span that holds `instant`, as if the rule had always been in force.
  func span(at instant: Int64) -> ZoneSpan {
    guard let daylight else { return ZoneSpan(offset: standard) }
    let year = CivilDate(dayNumber: floorDivide(instant + standard, 86_400).quotient).year
    var changes: [(instant: Int64, offset: Int64)] = []
    for year in year - 1...year + 1 {
      // The end is put first: where daylight saving lasts all year, its end and next start coincide and start wins.
      changes.append((daylight.end.wallTime(in: year) - daylight.offset, standard))
      changes.append((daylight.start.wallTime(in: year) - standard, daylight.offset))
    }
    sortByInstant(&changes)
    var span = ZoneSpan(offset: standard)
    for change in changes {
      guard change.instant <= instant else {
        span.end = change.instant
        break
      }
      (span.start, span.offset) = (change.instant, change.offset)
    }
    return span
  }

  /// Insertion sort: six elements, nearly in order, and stable, which the standard library does not promise.
  private func sortByInstant(_ changes: inout [(instant: Int64, offset: Int64)]) {
    for index in changes.indices.dropFirst() {
      var place = index
      while place > 0, changes[place - 1].instant > changes[place].instant {
        changes.swapAt(place - 1, place)
        place -= 1
      }
    }
  }
}
