import CelerityCore

/// Times as Python's `isoformat` writes them and as Celery's clients send them.
enum WireTime {
  /// `2026-11-21T01:18:12.716139+00:00`; no fraction when there is none.
  static func text(_ time: Timestamp) -> String {
    let rfc = time.rfc3339
    let withoutZone = rfc.hasSuffix("Z") ? rfc.dropLast() : rfc[...]
    let trimmed = withoutZone.hasSuffix(".000000") ? withoutZone.dropLast(7) : withoutZone
    return trimmed + "+00:00"
  }

  /// A time with a zone or without (then it is UTC), with `T` or a blank in between.
  static func time(_ text: String) -> Timestamp? {
    var text = text
    let bytes = Array(text.utf8)
    if bytes.count > 10, bytes[10] == UInt8(ascii: " ") {
      text = String(decoding: bytes[..<10], as: UTF8.self) + "T" + String(decoding: bytes[11...], as: UTF8.self)
    }
    if let time = Timestamp(text) { return time }
    // Behind the date only a zone can hold these.
    let isNaive = !text.dropFirst(10).contains { $0 == "Z" || $0 == "z" || $0 == "+" || $0 == "-" }
    return isNaive ? Timestamp(text + "Z") : nil
  }
}
