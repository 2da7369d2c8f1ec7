public import CelerityCore
public import CelerityCron

/// Decides which slot of a schedule fires now. No clock and no store: time and what was fired last are handed in.
///
/// A slot is the whole second at which a schedule says "now". Each slot fires at most once: the machine never answers a
/// slot at or before the last one fired, whatever the wall clock did meanwhile. After a time without a scheduler, of any
/// length, the latest missed slot fires once (misfire policy `once`): work that was due is done, and never in a flood.
public struct PeriodicMachine: Codable, Hashable, Sendable {
  /// Where machines are kept, under the names of their definitions.
  public static let collection = "schedules"

  /// The key under which a definition's machine is kept.
  public static func key(_ name: String, tenant: Tenant) -> DocumentKey {
    DocumentKey(collection, name, tenant: tenant)
  }

  /// The schedule's text; a changed one begins anew.
  public private(set) var text: String
  /// What interval slots are counted from.
  public private(set) var anchor: Int64
  /// The last slot fired, or the moment from which slots count.
  public private(set) var last: Int64
  /// The last slot fired, if any was.
  public private(set) var lastFired: Int64?

  /// A wall clock this far behind what is remembered was wrong before: the memory is given up rather than nothing fired
  /// until that time comes again.
  public static let longestJump: Int64 = 86_400

  /// How long before it is first seen a schedule may have been made for its slots to count from there. One that is older
  /// was seen before, and what was remembered of it is lost: some of its slots may have fired.
  public static let freshness: Int64 = 60

  /// A schedule made at a moment that is seen for the first time: slots from before are not missed ones.
  public init(_ schedule: Schedule, since: Int64, seen now: Int64) {
    let (oldest, overflow) = now.subtractingReportingOverflow(Self.freshness)
    text = schedule.description
    anchor = since <= now && (overflow || since >= oldest) ? since : now
    last = anchor
  }

  /// Whether what is remembered still holds for a schedule at a time.
  public func holds(for schedule: Schedule, at now: Int64) -> Bool {
    text == schedule.description && !isFarAhead(of: now)
  }

  /// Whether what is remembered comes from a clock that was wrong.
  public func isFarAhead(of now: Int64) -> Bool { Self.isFar(max(anchor, last), ahead: now) }

  /// The slot that is due at a time, if any; none at or before `since`.
  public func due(_ schedule: Schedule, at now: Int64, since: Int64 = .min) -> Int64? {
    guard let slot = schedule.previous(atOrBefore: now, anchor: anchor), slot > start(since, now) else { return nil }
    return slot
  }

  /// The slot has fired.
  public mutating func fired(_ slot: Int64) {
    last = max(last, slot)
    lastFired = max(lastFired ?? slot, slot)
  }

  /// The next slot after a time, the last one fired and `since`.
  public func next(_ schedule: Schedule, after now: Int64, since: Int64 = .min) -> Int64? {
    schedule.next(after: max(now, start(since, now)), anchor: anchor)
  }

  /// The first slot that has not fired, at a time: when it is past, the latest such slot is due.
  public func pending(_ schedule: Schedule, at now: Int64, since: Int64 = .min) -> Int64? {
    schedule.next(after: start(since, now), anchor: anchor)
  }

  private func start(_ since: Int64, _ now: Int64) -> Int64 {
    Self.isFar(since, ahead: now) ? last : max(last, since)
  }

  private static func isFar(_ moment: Int64, ahead now: Int64) -> Bool {
    let (limit, overflow) = now.addingReportingOverflow(longestJump)
    return !overflow && moment > limit
  }

  private enum CodingKeys: String, CodingKey {
    case text = "schedule"
    case anchor, last
    case lastFired = "fired"
  }
}
