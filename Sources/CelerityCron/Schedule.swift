/// When something periodic is due. Moments are whole seconds since 1970-01-01T00:00:00Z; nothing here reads a clock.
///
/// In text (`init(_:zone:)` and `description`) a schedule is one of
///
///     every 30s               also s, m, h, d, w or the words; the anchor says when it started
///     0 4 * * 1               crontab, in UTC
///     0 4 * * 1 Europe/Berlin crontab in a zone
///     @daily                  a named crontab, with or without a zone
///     at 2030-01-31T12:00:00Z once
public enum Schedule: Sendable, Hashable {
  /// Every so many seconds; fewer than one is never due.
  case interval(seconds: Int64)
  /// At the minutes that a crontab expression names on the clocks of a zone.
  case cron(CronExpression, zone: CronZone)
  /// One time only.
  case once(at: Int64)

  /// The first due moment strictly later than `after`, or `nil` when there is none.
  ///
  /// The slots of an interval are `anchor + k * seconds` for k = 0, 1, 2 …; a late run or a restart does not move them.
  /// Other schedules do not look at the anchor.
  public func next(after: Int64, anchor: Int64) -> Int64? {
    switch self {
    case .interval(let seconds):
      guard seconds > 0 else { return nil }
      guard after >= anchor else { return anchor }
      let wait = seconds - Self.intoSlot(after, anchor, seconds)
      let (slot, overflow) = after.addingReportingOverflow(wait)
      return overflow ? nil : slot
    case .cron(let expression, let zone):
      return expression.next(after: after, in: zone)
    case .once(let moment):
      return moment > after ? moment : nil
    }
  }

  /// The last due moment that is `atOrBefore` or earlier, or `nil` when there is none: what a late scheduler missed.
  public func previous(atOrBefore: Int64, anchor: Int64) -> Int64? {
    switch self {
    case .interval(let seconds):
      guard seconds > 0, atOrBefore >= anchor else { return nil }
      return atOrBefore - Self.intoSlot(atOrBefore, anchor, seconds)
    case .cron(let expression, let zone):
      return expression.previous(atOrBefore: atOrBefore, in: zone)
    case .once(let moment):
      return moment <= atOrBefore ? moment : nil
    }
  }

  /// Seconds since the slot that `moment` is in began; `moment` is not before `anchor`.
  private static func intoSlot(_ moment: Int64, _ anchor: Int64, _ period: Int64) -> Int64 {
    // The distance of two Int64 always fits UInt64, also where their difference does not fit Int64.
    let distance = UInt64(bitPattern: moment &- anchor)
    return Int64(distance % UInt64(period))
  }
}
