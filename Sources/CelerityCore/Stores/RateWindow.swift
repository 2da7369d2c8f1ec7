/// Counts uses of a rate limit by two windows: sliding-window counter after Cloudflare, "How we built rate limiting
/// capable of scaling to millions of domains". The window before counts by the part of it that the sliding one still
/// covers, as if its uses had been spread evenly; one more use is within the limit while the sum is below it.
///
/// In the long run exactly the limit is admitted; over a single window up to twice as much, when the window before ended
/// with all of its uses at once.
public struct RateWindow: Sendable, Hashable {
  /// Number of the current window, counted from the store's origin.
  public private(set) var index: Int64
  /// Uses in the current window.
  public private(set) var current: Int
  /// Uses in the window before.
  public private(set) var previous: Int

  /// A window nobody has used, or one read back from a store.
  public init(index: Int64 = 0, current: Int = 0, previous: Int = 0) {
    self.index = index
    self.current = current
    self.previous = previous
  }

  /// How long until one more use is within the limit: zero means now, `nil` means never.
  public func delay(at time: StoreTime, limit: Int, per length: Duration) -> Duration? {
    guard limit > 0, length.microseconds > 0 else { return nil }
    let window = rolled(to: time, per: length)
    let elapsed = time.microseconds - window.index * length.microseconds
    if let start = Self.start(before: window.previous, now: window.current, limit, length) {
      return .microseconds(max(0, start - elapsed))
    }
    let start = Self.start(before: window.current, now: 0, limit, length) ?? length.microseconds
    return .microseconds(length.microseconds - elapsed + start)
  }

  /// Counts one use; the caller has asked `delay` in the same transaction.
  public mutating func use(at time: StoreTime, per length: Duration) {
    self = rolled(to: time, per: length)
    current += 1
  }

  private func rolled(to time: StoreTime, per length: Duration) -> RateWindow {
    let now = time.microseconds / length.microseconds
    if now == index { return self }
    return RateWindow(index: now, current: 0, previous: now == index + 1 ? current : 0)
  }

  /// How far a window must have gone for one more use beside `now` of its own and `before` of the last one; `nil` when
  /// its own uses alone are too many.
  private static func start(before: Int, now: Int, _ limit: Int, _ length: Duration) -> Int64? {
    guard now < limit else { return nil }
    guard before > 0 else { return 0 }
    // before × (length − start) < (limit − now) × length, in whole microseconds.
    let room = (Int128(limit - now) * Int128(length.microseconds) - 1) / Int128(before)
    return max(0, length.microseconds - Int64(clamping: room))
  }
}

extension Permit {
  /// Whether a share lets one more holder in: its own holders, with the new one, must not be above its share of all of
  /// the scope, with the new one. One holder is always let in, because a share of few is less than one.
  public static func shareAllows(_ share: Double, own: Int, all: Int) -> Bool {
    own == 0 || Double(own + 1) <= share * Double(all + 1)
  }
}
