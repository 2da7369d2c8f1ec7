import CelerityCore

/// The store's own time: runs with the machine's monotone clock and goes on from where it was after a restart, so that
/// it never runs backwards whatever the wall clock does. It starts from wall time only because any start will do.
struct StoreClock: Sendable {
  private let time: any TimeSource
  private let origin: StoreTime
  private let start: Duration

  /// Goes on from the latest time the store remembers.
  init(time: any TimeSource, remembered: StoreTime?) {
    self.time = time
    let wall = StoreTime(microseconds: time.now.microseconds)
    origin = remembered.map { max($0, wall) } ?? wall
    start = time.uptime
  }

  var now: StoreTime { origin + (time.uptime - start) }

  /// The monotone clock's reading when the store's time will be `moment`.
  func uptime(at moment: StoreTime) -> Duration { start + (moment - origin) }
}
