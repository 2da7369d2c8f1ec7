/// Reads a compiled time zone file (TZif) as RFC 8536 defines it, versions 1 to 4.
///
/// From version 2 on a file holds everything twice, first with 32-bit times for old readers; only the 64-bit part and
/// the footer after it are used then. Abbreviations and the flags for daylight saving are not needed here. Files that
/// count leap seconds (`right/…`) are refused: their times are not POSIX times.
enum ZoneFile {
  /// The rules in a file, `nil` when the bytes are not a well-formed one.
  static func rules(from bytes: [UInt8]) -> ZoneRules? {
    guard bytes.count <= maximumSize, let old = Header(bytes, at: 0) else { return nil }
    if old.version == 0 { return rules(from: bytes, old, timeSize: 4, tail: nil) }
    let start = old.end(timeSize: 4)
    guard let header = Header(bytes, at: start) else { return nil }
    let footer = header.end(timeSize: 8)
    guard footer < bytes.count, bytes[footer] == newline,
      let close = bytes[(footer + 1)...].firstIndex(of: newline)
    else { return nil }
    let text = bytes[(footer + 1)..<close]
    if text.isEmpty { return rules(from: bytes, header, timeSize: 8, tail: nil) }
    guard let tail = PosixRule(text) else { return nil }
    return rules(from: bytes, header, timeSize: 8, tail: tail)
  }

  /// The largest file of the tz database has about 4 kB.
  static let maximumSize = 1 << 18

  private static let newline = UInt8(ascii: "\n")

  private static func rules(from bytes: [UInt8], _ header: Header, timeSize: Int, tail: PosixRule?) -> ZoneRules? {
    let types = header.start + header.transitions * (timeSize + 1)
    guard header.leapSeconds == 0, header.types > 0, header.end(timeSize: timeSize) <= bytes.count else { return nil }
    let known = (0..<header.types).map {
      Int64(Int32(truncatingIfNeeded: bytes.bigEndian(at: types + $0 * 6, size: 4)))
    }
    guard known.allSatisfy({ abs($0) <= ZoneRules.largestOffset }) else { return nil }

    var transitions: [Int64] = []
    var offsets = [known[0]]
    var last = Int64.min
    for index in 0..<header.transitions {
      let word = bytes.bigEndian(at: header.start + index * timeSize, size: timeSize)
      let time = timeSize == 4 ? Int64(Int32(truncatingIfNeeded: word)) : word
      let type = Int(bytes[header.start + header.transitions * timeSize + index])
      guard time > last, type < known.count, abs(time.clamped) < ZoneSpan.forever / 2 else { return nil }
      last = time
      guard known[type] != offsets.last else { continue }  // only the name or the daylight flag changed
      transitions.append(time)
      offsets.append(known[type])
    }
    return ZoneRules(transitions: transitions, offsets: offsets, tail: tail)
  }

  /// The fixed part in front of each data block (RFC 8536, section 3.1).
  private struct Header {
    let version: UInt8
    let leapSeconds: Int
    let transitions: Int
    let types: Int
    /// Where the data block starts.
    let start: Int
    private let characters: Int
    private let indicators: Int

    init?(_ bytes: [UInt8], at position: Int) {
      let size = 44
      guard position + size <= bytes.count, bytes[position..<position + 4].elementsEqual("TZif".utf8) else {
        return nil
      }
      let counts = (0..<6).map { Int(bytes.bigEndian(at: position + 20 + $0 * 4, size: 4)) }
      // Together with the limit on the whole file this keeps every sum below far from overflow.
      guard counts.allSatisfy({ $0 <= ZoneFile.maximumSize }) else { return nil }
      version = bytes[position + 4]
      indicators = counts[0] + counts[1]
      leapSeconds = counts[2]
      transitions = counts[3]
      types = counts[4]
      characters = counts[5]
      start = position + size
    }

    func end(timeSize: Int) -> Int {
      start + transitions * (timeSize + 1) + types * 6 + characters + leapSeconds * (timeSize + 4) + indicators
    }
  }
}

extension [UInt8] {
  fileprivate func bigEndian(at position: Int, size: Int) -> Int64 {
    self[position..<position + size].reduce(0) { $0 << 8 | Int64($1) }
  }
}

extension Int64 {
  /// The same number with a magnitude that exists, so that `abs` cannot trap.
  fileprivate var clamped: Int64 { Swift.max(self, -Int64.max) }
}
