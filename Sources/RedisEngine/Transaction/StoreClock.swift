import CelerityCore
import Synchronization

/// The store's time: the server's own, kept track of between its answers, or a test's.
final class StoreClock: Sendable {
  private let source: any TimeSource
  /// Whether the test's clock is the store's.
  let isGiven: Bool
  /// The server's time less our uptime, in microseconds.
  private let offset = Mutex<Int64>(0)

  init(_ source: any TimeSource, isGiven: Bool) {
    self.source = source
    self.isGiven = isGiven
    offset.withLock { $0 = source.now.microseconds - source.uptime.microseconds }
  }

  var moment: Moment {
    if isGiven {
      return Moment(now: source.now, storeTime: StoreTime(microseconds: source.uptime.microseconds))
    }
    let time = offset.withLock { $0 } + source.uptime.microseconds
    return Moment(now: Timestamp(microseconds: time), storeTime: StoreTime(microseconds: time))
  }

  /// The server said what time it is.
  func learn(serverMicroseconds time: Int64) {
    let uptime = source.uptime.microseconds
    offset.withLock { $0 = time - uptime }
  }

  /// What scripts are told: their time, or nothing where the server's own counts.
  var arguments: (now: String, storeTime: String) {
    guard isGiven else { return ("", "") }
    let moment = moment
    return (String(moment.now.microseconds), String(moment.storeTime.microseconds))
  }
}
