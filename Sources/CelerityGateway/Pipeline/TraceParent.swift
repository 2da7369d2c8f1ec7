/// The `traceparent` field of W3C Trace Context, level 1, section 3.2.
struct TraceParent: Sendable, Hashable {
  /// `version-traceid-parentid-flags` in lower-case hex.
  let text: String

  /// A field's value; `nil` when it is not of version 00 or names the all-zero trace or parent.
  init?(_ value: String) {
    let parts = value.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "00", Self.isID(parts[1], length: 32), Self.isID(parts[2], length: 16),
      Self.isHex(parts[3], length: 2)
    else { return nil }
    text = value
  }

  private init(made text: String) { self.text = text }

  /// A new trace, sampled.
  static func random() -> TraceParent {
    var random = SystemRandomNumberGenerator()
    // One bit is set in each id, because all zeros would be invalid.
    let trace = [random.next() | 1, random.next()].map { hex($0) }.joined()
    return TraceParent(made: "00-\(trace)-\(hex(random.next() | 1))-01")
  }

  private static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  private static func isID(_ text: Substring, length: Int) -> Bool {
    isHex(text, length: length) && text.utf8.contains { $0 != 0x30 }
  }

  private static func isHex(_ text: Substring, length: Int) -> Bool {
    text.utf8.count == length && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
