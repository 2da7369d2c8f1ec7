extension UnsafeBufferPointer where Element == UInt8 {
  /// The characters a string's content stands for, as UTF-8.
  var unescaped: [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(count)
    unescape(into: &text)
    return text
  }

  /// Appends the characters a string's content stands for, as UTF-8 (RFC 8259, section 7).
  ///
  /// The content is expected to be valid; an escape that is not becomes U+FFFD.
  func unescape(into text: inout [UInt8]) {
    var index = 0
    while index < count {
      let start = index
      while index < count, self[index] != UInt8(ascii: "\\") { index = endOfPlainText(from: index &+ 1) }
      text.append(contentsOf: UnsafeBufferPointer(rebasing: self[start..<index]))
      guard index < count else { return }
      let scalar: Unicode.Scalar
      (scalar, index) = escapedScalar(at: index)
      text.append(contentsOf: scalar.utf8)
    }
  }

  /// The scalar of the escape that starts with the backslash at `index`, and where the text goes on.
  private func escapedScalar(at index: Int) -> (Unicode.Scalar, next: Int) {
    guard index &+ 1 < count else { return ("\u{FFFD}", count) }
    let letter = self[index &+ 1]
    if letter != UInt8(ascii: "u") {
      return (letter.simpleEscape.map(Unicode.Scalar.init) ?? "\u{FFFD}", index &+ 2)
    }
    guard let unit = hexQuad(at: index &+ 2) else { return ("\u{FFFD}", index &+ 2) }
    if let scalar = Unicode.Scalar(unit) { return (scalar, index &+ 6) }
    guard UTF16.isLeadSurrogate(unit), let trail = escapedUnit(at: index &+ 6), UTF16.isTrailSurrogate(trail) else {
      return ("\u{FFFD}", index &+ 6)
    }
    let value = 0x10000 &+ UInt32(unit &- 0xD800) &<< 10 &+ UInt32(trail &- 0xDC00)
    return (Unicode.Scalar(value) ?? "\u{FFFD}", index &+ 12)
  }

  /// The code unit of a `\u` escape at `index`, nil when there is none.
  func escapedUnit(at index: Int) -> UInt16? {
    guard index &+ 6 <= count, self[index] == UInt8(ascii: "\\"), self[index &+ 1] == UInt8(ascii: "u") else {
      return nil
    }
    return hexQuad(at: index &+ 2)
  }

  /// The value of four hexadecimal digits.
  func hexQuad(at index: Int) -> UInt16? {
    guard index &+ 4 <= count else { return nil }
    var unit: UInt16 = 0
    for position in index..<(index &+ 4) {
      guard let digit = self[position].hexDigitValue else { return nil }
      unit = unit &<< 4 | UInt16(digit)
    }
    return unit
  }
}

extension UInt8 {
  /// What a backslash and this letter stand for, `\u` apart; nil when that is no escape.
  var simpleEscape: UInt8? {
    switch self {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): self
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  fileprivate var hexDigitValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self &- UInt8(ascii: "A") &+ 10
    default: nil
    }
  }

  var isHexDigit: Bool {
    hexDigitValue != nil
  }

  var isDigit: Bool {
    self &- UInt8(ascii: "0") < 10
  }
}
