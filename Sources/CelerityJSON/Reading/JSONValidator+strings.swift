extension JSONValidator {
  /// Reads a string from quote to quote; whether it holds an escape.
  mutating func string() throws(JSONError) -> Bool {
    let start = cursor
    var isEscaped = false
    var index = start &+ 1
    while true {
      index = bytes.endOfPlainText(from: index)
      guard index < bytes.count else { throw unexpectedEnd() }
      switch bytes[index] {
      case UInt8(ascii: "\""):
        guard index &- start &- 1 <= limits.maximumStringBytes else {
          throw failure(.tooLarge, at: start, "a string of more than \(limits.maximumStringBytes) bytes")
        }
        cursor = index &+ 1
        return isEscaped
      case UInt8(ascii: "\\"):
        isEscaped = true
        index = try escape(at: index)
      case 0..<0x20:
        throw failure(.malformed, at: index, "a control character must be escaped")
      default:
        index = try multibyteCharacters(at: index)
      }
    }
  }

  /// One escape of RFC 8259, section 7; both halves of a surrogate pair count as one. Answers where the text goes on.
  private func escape(at index: Int) throws(JSONError) -> Int {
    guard index &+ 1 < bytes.count else { throw unexpectedEnd() }
    if bytes[index &+ 1].simpleEscape != nil { return index &+ 2 }
    guard bytes[index &+ 1] == UInt8(ascii: "u") else {
      throw failure(.malformed, at: index, "an escape that does not exist")
    }
    guard let unit = bytes.hexQuad(at: index &+ 2) else {
      let isCut = index &+ 6 > bytes.count && bytes[(index &+ 2)...].allSatisfy(\.isHexDigit)
      throw isCut ? unexpectedEnd() : failure(.malformed, at: index, "four hexadecimal digits are expected after \\u")
    }
    guard UTF16.isSurrogate(unit) else { return index &+ 6 }
    guard UTF16.isLeadSurrogate(unit), let trail = bytes.escapedUnit(at: index &+ 6), UTF16.isTrailSurrogate(trail)
    else {
      throw failure(.loneSurrogate, at: index, "half of a surrogate pair")
    }
    return index &+ 12
  }

  /// A run of characters beyond ASCII, as RFC 3629, section 4 spells them: no overlong forms, no surrogates, nothing
  /// above U+10FFFF. Answers where the run ends.
  private func multibyteCharacters(at start: Int) throws(JSONError) -> Int {
    var index = start
    while index < bytes.count, bytes[index] >= 0x80 {
      let length = sequenceLength(at: index)
      guard length > 0 else { throw failure(.invalidEncoding, at: index, "the bytes are not UTF-8") }
      index &+= length
    }
    return index
  }

  /// The length of the UTF-8 sequence at `index`, 0 when it is none.
  private func sequenceLength(at index: Int) -> Int {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[index] {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard index &+ length <= bytes.count, second.contains(bytes[index &+ 1]) else { return 0 }
    for position in (index &+ 2)..<(index &+ length) {
      guard bytes[position] & 0xC0 == 0x80 else { return 0 }
    }
    return length
  }
}
