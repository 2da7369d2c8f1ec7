import CelerityCron

/// Decides which slot of a schedule fires now. No clock and no store: time and what was fired last are handed in.
///
/// A slot is the whole second at which a schedule says "now". Each slot fires at most once: the machine never answers a
/// slot at or before the last one fired, whatever the wall clock did meanwhile. After a pause of any length the latest
/// missed slot fires once (misfire policy `once`): work that was due is done, and never in a flood.
struct PeriodicMachine {
  let schedule: Schedule
  /// What interval slots are counted from.
  let anchor: Int64
  /// The last slot fired, or the moment the entry was first seen.
  var last: Int64

  /// The slot that is due at a time, if any.
  func due(at now: Int64) -> Int64? {
    guard now > last, let slot = schedule.previous(atOrBefore: now, anchor: anchor), slot > last else { return nil }
    return slot
  }

  /// The next slot after both a time and the last one fired.
  func next(after now: Int64) -> Int64? {
    schedule.next(after: max(now, last), anchor: anchor)
  }
}
