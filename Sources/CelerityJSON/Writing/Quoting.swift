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
    var magnitude = value.magnitude
    if value < 0 { append(UInt8(ascii: "-")) }
    let start = count
    repeat {
      let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
      append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
      magnitude = quotient
    } while magnitude > 0
    // Not `reverse()` on the slice, which would copy it.
    var (front, back) = (start, count &- 1)
    while front < back {
      swapAt(front, back)
      front &+= 1
      back &-= 1
    }
  }
}

private func hexDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10
}
