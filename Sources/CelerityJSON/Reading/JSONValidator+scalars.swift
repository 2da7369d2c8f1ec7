extension JSONValidator {
  /// `true`, `false` or `null`.
  mutating func literal() throws(JSONError) {
    let word: StaticString
    switch bytes[cursor] {
    case UInt8(ascii: "t"): word = "true"
    case UInt8(ascii: "f"): word = "false"
    case UInt8(ascii: "n"): word = "null"
    default: throw failure(.malformed, at: cursor, "a value is expected")
    }
    for index in 0..<word.utf8CodeUnitCount {
      guard cursor &+ index < bytes.count else { throw unexpectedEnd() }
      guard bytes[cursor &+ index] == word.utf8Start[index] else {
        throw failure(.malformed, at: cursor, "a value is expected")
      }
    }
    cursor &+= word.utf8CodeUnitCount
  }

  /// `[ minus ] int [ frac ] [ exp ]` of RFC 8259, section 6.
  mutating func number() throws(JSONError) {
    let start = cursor
    var digits = 0
    if bytes[cursor] == UInt8(ascii: "-") { cursor &+= 1 }
    let hasLeadingZero = cursor < bytes.count && bytes[cursor] == UInt8(ascii: "0")
    let integerDigits = try self.digits()
    guard !hasLeadingZero || integerDigits == 1 else {
      throw failure(.malformed, at: start, "a number may not start with a zero before other digits")
    }
    digits = integerDigits
    if cursor < bytes.count, bytes[cursor] == UInt8(ascii: ".") {
      cursor &+= 1
      digits &+= try self.digits()
    }
    var hasExponent = false
    if cursor < bytes.count, bytes[cursor] | 0x20 == UInt8(ascii: "e") {
      hasExponent = true
      cursor &+= 1
      if cursor < bytes.count, bytes[cursor] == UInt8(ascii: "+") || bytes[cursor] == UInt8(ascii: "-") { cursor &+= 1 }
      digits &+= try self.digits()
    }
    guard digits <= limits.maximumNumberDigits else {
      throw failure(.numberTooLong, at: start, "a number of more than \(limits.maximumNumberDigits) digits")
    }
    if (hasExponent || integerDigits > 300) && !limits.allowsNumbersBeyondDouble {
      try checkRange(start..<cursor)
    }
  }

  /// One digit or more; how many.
  private mutating func digits() throws(JSONError) -> Int {
    let start = cursor
    while cursor < bytes.count, bytes[cursor].isDigit { cursor &+= 1 }
    guard cursor > start else {
      guard cursor < bytes.count else { throw unexpectedEnd() }
      throw failure(.malformed, at: cursor, "a digit is expected")
    }
    return cursor &- start
  }

  /// Asks the standard library: only numbers with an exponent come here, which are rare.
  private func checkRange(_ range: Range<Int>) throws(JSONError) {
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw failure(.numberOutOfRange, at: range.lowerBound, "a number beyond the range of a double")
    }
  }
}
