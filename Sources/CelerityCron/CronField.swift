/// One of the five fields of a crontab entry, in the order they are written.
///
/// The ranges are Celery's (`celery.schedules.crontab`, 5.7): a weekday is 0 (Sunday) to 6, and 7 is refused.
public enum CronField: String, CaseIterable, Sendable {
  /// Minute of the hour, 0 to 59.
  case minute
  /// Hour of the day, 0 to 23.
  case hour
  /// Day of the month, 1 to 31.
  case dayOfMonth = "day-of-month"
  /// Month of the year, 1 to 12 or a name.
  case monthOfYear = "month"
  /// Day of the week, 0 (Sunday) to 6 or a name.
  case dayOfWeek = "day-of-week"

  /// The values the field can take.
  var range: ClosedRange<Int> {
    switch self {
    case .minute: 0...59
    case .hour: 0...23
    case .dayOfMonth: 1...31
    case .monthOfYear: 1...12
    case .dayOfWeek: 0...6
    }
  }

  /// Names that stand for values, the first one for `range.lowerBound`; empty where only numbers make sense.
  var names: [String] {
    switch self {
    case .minute, .hour, .dayOfMonth: []
    case .monthOfYear: Self.monthNames
    case .dayOfWeek: Self.weekdayNames
    }
  }

  private static let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
  private static let weekdayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}
