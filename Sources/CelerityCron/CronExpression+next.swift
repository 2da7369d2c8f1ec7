/// From wall-clock matches to instants in a zone.
///
/// Two rules decide what happens when a zone's clock is changed:
///
/// - **Restricted hours** name points of the wall clock. Each one fires when the clock first shows it *or later*: once,
///   at the first occurrence, when the hour is repeated, and once, at the first moment after the gap, when it is
///   skipped (all slots inside one gap share that moment). No slot is lost and none fires twice. Celery 5.7 moves a
///   skipped 02:30 to 03:30 instead.
/// - **Every hour** (the hour field allows all 24) means the passing of time. It fires at each instant whose wall-clock
///   time matches: through both runs of a repeated hour, and not at all for times inside a gap, which no clock shows.
///   Celery 5.7 falls silent in the second run.
extension CronExpression {
  /// The first instant strictly later than `after`, in seconds since 1970-01-01T00:00:00Z.
  ///
  /// `nil` means that there is none before the year 10000; an `after` before the year 1 counts as its start.
  public func next(after: Int64, in zone: CronZone) -> Int64? {
    guard after < Instant.latest else { return nil }
    let start = max(after, Instant.earliest - 1)
    let found = hours == Self.everyHour ? nextElapsed(start, zone.rules) : nextFixed(start, zone.rules)
    return found.flatMap { $0 <= Instant.latest ? $0 : nil }
  }

  /// The last instant that is `atOrBefore` or earlier, `nil` when there is none since the year 1.
  public func previous(atOrBefore: Int64, in zone: CronZone) -> Int64? {
    guard atOrBefore >= Instant.earliest else { return nil }
    let start = min(atOrBefore, Instant.latest)
    let found = hours == Self.everyHour ? previousElapsed(start, zone.rules) : previousFixed(start, zone.rules)
    return found.flatMap { $0 >= Instant.earliest ? $0 : nil }
  }

  private static let everyHour = FieldSet(CronField.hour.range)

  /// A slot has fired by `after` exactly when the clock has shown it or more by then.
  private func nextFixed(_ after: Int64, _ rules: ZoneRules) -> Int64? {
    nextWall(after: rules.latestWallTime(through: after)).map(rules.firstInstant(showing:))
  }

  private func previousFixed(_ instant: Int64, _ rules: ZoneRules) -> Int64? {
    previousWall(through: rules.latestWallTime(through: instant)).map(rules.firstInstant(showing:))
  }

  /// Looks through one stretch of constant offset after the other.
  private func nextElapsed(_ after: Int64, _ rules: ZoneRules) -> Int64? {
    var instant = after
    while instant <= Instant.latest {
      let span = rules.span(at: instant + 1)
      guard let wall = nextWall(after: instant + span.offset) else { return nil }
      if wall - span.offset < span.end { return wall - span.offset }
      instant = span.end - 1
    }
    return nil
  }

  private func previousElapsed(_ instant: Int64, _ rules: ZoneRules) -> Int64? {
    var instant = instant
    while instant >= Instant.earliest {
      let span = rules.span(at: instant)
      guard let wall = previousWall(through: instant + span.offset) else { return nil }
      if wall - span.offset >= span.start { return wall - span.offset }
      instant = span.start - 1
    }
    return nil
  }
}

/// The range of instants that schedules are computed for: the years 1 to 9999, which RFC 3339 can write.
enum Instant {
  /// 0001-01-01T00:00:00Z
  static let earliest: Int64 = -62_135_596_800
  /// 9999-12-31T23:59:59Z
  static let latest: Int64 = 253_402_300_799
}
