extension [UInt8] {
  /// Appends a string in quotes. Escaped are the quote, the backslash and the control characters, the shortest way
  /// (RFC 8259, section 7); everything else stays UTF-8.
  mutating func appendQuoted(_ text: String) {
    append(UInt8(ascii: "\""))
    let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { appendEscaped($0) }
    if isDone == nil {
      Array(text.utf8).withUnsafeBufferPointer { appendEscaped($0) }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
    var start = 0
    while start < text.count {
      var end = text.endOfPlainText(from: start)
      while end < text.count, text[end] >= 0x80 { end = text.endOfPlainText(from: end &+ 1) }
      append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end]))
      guard end < text.count else { return }
      appendEscape(text[end])
      start = end &+ 1
    }
  }

  private mutating func appendEscape(_ byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
    case 0x08: append(UInt8(ascii: "b"))
    case 0x09: append(UInt8(ascii: "t"))
    case 0x0A: append(UInt8(ascii: "n"))
    case 0x0C: append(UInt8(ascii: "f"))
    case 0x0D: append(UInt8(ascii: "r"))
    default:
      append(contentsOf: "u00".utf8)
      append(hexDigit(byte &>> 4))
      append(hexDigit(byte & 0xF))
    }
  }

  /// Appends an integer in decimal digits.
  mutating func appendDecimal<Value: FixedWidthInteger>(_ value: Value) {
    // Callers in other modules get no copy of this for their type: as little as possible is done in terms of `Value`.
    if let value = Int64(exactly: value) {
      appendDecimal(magnitude: value.magnitude, isNegative: value < 0)
    } else {
      append(contentsOf: value.description.utf8)
    }
  }

  private mutating func appendDecimal(magnitude: UInt64, isNegative: Bool) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var (rest, place) = (magnitude, 20)
      repeat {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        place &-= 1
        digits[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
        rest = quotient
      } while rest > 0
      if isNegative {
        place &-= 1
        digits[place] = UInt8(ascii: "-")
      }
      append(contentsOf: digits[place...])
    }
  }
}

private func hexDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10
}
