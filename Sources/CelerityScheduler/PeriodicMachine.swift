import CelerityCron

/// Decides which slot of a schedule fires now. No clock and no store: time and what was fired last are handed in.
///
/// A slot is the whole second at which a schedule says "now". Each slot fires at most once: the machine never answers a
/// slot at or before the last one fired, whatever the wall clock did meanwhile. After a pause of any length the latest
/// missed slot fires once (misfire policy `once`): work that was due is done, and never in a flood.
struct PeriodicMachine: Codable, Equatable {
  /// The schedule's text; a changed one begins anew.
  private(set) var text: String
  /// What interval slots are counted from.
  private(set) var anchor: Int64
  /// The last slot fired, or the moment the schedule was first seen.
  private(set) var last: Int64

  /// A wall clock this far behind what is remembered was wrong before: the memory is given up rather than nothing fired
  /// until that time comes again.
  static let longestJump: Int64 = 86_400

  /// A schedule that is seen for the first time: slots from before are not missed ones.
  init(_ schedule: Schedule, seen now: Int64) {
    text = schedule.description
    anchor = now
    last = now
  }

  /// Whether what is remembered still holds for a schedule at a time.
  func holds(for schedule: Schedule, at now: Int64) -> Bool {
    let (limit, overflow) = now.addingReportingOverflow(Self.longestJump)
    return text == schedule.description && (overflow || max(anchor, last) <= limit)
  }

  /// The slot that is due at a time, if any.
  func due(_ schedule: Schedule, at now: Int64) -> Int64? {
    guard now > last, let slot = schedule.previous(atOrBefore: now, anchor: anchor), slot > last else { return nil }
    return slot
  }

  /// The slot has fired.
  mutating func fired(_ slot: Int64) {
    last = max(last, slot)
  }

  /// The next slot after both a time and the last one fired.
  func next(_ schedule: Schedule, after now: Int64) -> Int64? {
    schedule.next(after: max(now, last), anchor: anchor)
  }

  private enum CodingKeys: String, CodingKey {
    case text = "schedule"
    case anchor, last
  }
}
