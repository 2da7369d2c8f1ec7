import CelerityCore

/// Times as Python's `isoformat` writes them and as Celery's clients send them.
enum WireTime {
  /// The years 1 to 9999: what Python's `datetime` can hold.
  private static let first = Timestamp(microseconds: -62_135_596_800_000_000)
  private static let last = Timestamp(microseconds: 253_402_300_799_999_999)

  /// Whether Python can hold a time.
  static func isWritable(_ time: Timestamp) -> Bool { (first...last).contains(time) }

  /// The time itself, or the end of Python's years that is nearest to it.
  static func nearestWritable(_ time: Timestamp) -> Timestamp { min(max(time, first), last) }

  /// `2026-11-21T01:18:12.716139+00:00`; no fraction when there is none. Times beyond Python's become its last or first.
  static func text(_ time: Timestamp) -> String {
    let rfc = nearestWritable(time).rfc3339
    let withoutZone = rfc.hasSuffix("Z") ? rfc.dropLast() : rfc[...]
    let trimmed = withoutZone.hasSuffix(".000000") ? withoutZone.dropLast(7) : withoutZone
    return trimmed + "+00:00"
  }

  /// A time with a zone or without (then it is UTC), with `T` or a blank in between; a date alone is its first moment.
  static func time(_ text: String) -> Timestamp? { Timestamp(text.utf8.count == 10 ? text + "T00:00:00Z" : text) }
}
