/// Where a component gets its time from; handed in at creation, so that tests own it.
public protocol TimeSource: Sendable {
  /// Wall time: may jump either way.
  var now: Timestamp { get }
  /// Monotone time since an arbitrary start; keeps running while the machine is suspended.
  var uptime: Duration { get }
  /// Returns when `uptime` has reached the given value; throws `CancellationError` when cancelled.
  func sleep(until uptime: Duration) async throws
}

extension TimeSource {
  /// Returns after a length of monotone time.
  public func sleep(for duration: Duration) async throws {
    try await sleep(until: uptime + duration)
  }
}

/// The machine's own clocks.
public struct SystemTime: TimeSource {
  private static let origin = ContinuousClock.now

  /// The machine's own clocks.
  public init() {}

  public var now: Timestamp {
    let (seconds, attoseconds) = WallClock.sinceEpoch().components
    return Timestamp(microseconds: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
  }

  public var uptime: Duration { ContinuousClock.now - Self.origin }

  public func sleep(until uptime: Duration) async throws {
    try await ContinuousClock().sleep(until: Self.origin + uptime)
  }
}
