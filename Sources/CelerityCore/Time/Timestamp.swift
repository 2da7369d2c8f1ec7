/// A moment of wall time in whole microseconds since 1970-01-01T00:00:00Z.
///
/// Wall time decides only what people decide by it: eta, expiry, schedules and what is shown.
/// Leases live on the store's own time (`StoreTime`), which never runs backwards.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Microseconds since the epoch.
  public var microseconds: Int64

  /// A moment given in microseconds since the epoch.
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  /// A moment given in whole seconds since the epoch; saturates at the ends of the range.
  public init(seconds: Int64) {
    let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    microseconds = overflow ? (seconds < 0 ? .min : .max) : value
  }

  /// Seconds since the epoch with the fraction, as Celery's events and JSON clients use them.
  public var seconds: Double { Double(microseconds) / 1_000_000 }

  /// The whole second this moment lies in.
  public var wholeSeconds: Int64 {
    let quotient = microseconds / 1_000_000
    return microseconds % 1_000_000 < 0 ? quotient - 1 : quotient
  }

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

  /// A later moment; saturates instead of overflowing, because durations come from clients.
  public static func + (a: Timestamp, d: Duration) -> Timestamp {
    let (value, overflow) = a.microseconds.addingReportingOverflow(d.microseconds)
    return Timestamp(microseconds: overflow ? (d < .zero ? .min : .max) : value)
  }

  /// The time from `b` to `a`; saturates.
  public static func - (a: Timestamp, b: Timestamp) -> Duration {
    let (value, overflow) = a.microseconds.subtractingReportingOverflow(b.microseconds)
    return .microseconds(overflow ? (a < b ? Int64.min : .max) : value)
  }
}

extension Duration {
  /// The whole microseconds of this duration; saturates at the ends of `Int64`.
  public var microseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, overflowed) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000)
    return overflowed ? (seconds < 0 ? .min : .max) : sum
  }

  /// This duration in seconds with the fraction.
  public var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) / 1e18
  }

  /// A duration from a number of seconds given by a client; `nil` unless finite and within ±100 years.
  public init?(clientSeconds seconds: Double) {
    guard seconds.isFinite, abs(seconds) <= 3_155_760_000 else { return nil }
    self = .microseconds(Int64((seconds * 1_000_000).rounded()))
  }
}

/// A moment on a store's own time in microseconds: monotone over restarts, comparable only within one store.
public struct StoreTime: Sendable, Hashable, Comparable {
  /// Microseconds since the store's origin.
  public var microseconds: Int64

  /// A moment given in microseconds since the store's origin.
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  public static func < (a: StoreTime, b: StoreTime) -> Bool { a.microseconds < b.microseconds }

  /// A later moment; saturates.
  public static func + (a: StoreTime, d: Duration) -> StoreTime {
    let (value, overflow) = a.microseconds.addingReportingOverflow(d.microseconds)
    return StoreTime(microseconds: overflow ? (d < .zero ? .min : .max) : value)
  }

  /// The time from `b` to `a`.
  public static func - (a: StoreTime, b: StoreTime) -> Duration {
    let (value, overflow) = a.microseconds.subtractingReportingOverflow(b.microseconds)
    return .microseconds(overflow ? (a < b ? Int64.min : .max) : value)
  }
}
