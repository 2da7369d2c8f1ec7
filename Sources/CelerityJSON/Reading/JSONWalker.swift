/// Finds the boundaries of values in text that was validated before.
///
/// It checks bounds and nothing else: on other text it answers nil or odd ranges inside the buffer, never a trap.
struct JSONWalker {
  let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// Calls `body` for each member of the object at the position until it answers false; false when there is no
  /// complete object.
  mutating func eachMember(_ body: (StringToken, Range<Int>) -> Bool) -> Bool {
    guard take(UInt8(ascii: "{")) else { return false }
    skipWhitespace()
    if take(UInt8(ascii: "}")) { return true }
    while true {
      skipWhitespace()
      guard let name = skipString() else { return false }
      skipWhitespace()
      guard take(UInt8(ascii: ":")) else { return false }
      skipWhitespace()
      guard let value = skipValue() else { return false }
      guard body(name, value) else { return true }
      skipWhitespace()
      guard take(UInt8(ascii: ",")) else { return take(UInt8(ascii: "}")) }
    }
  }

  /// Calls `body` for each element of the array at the position; false when there is no complete array.
  mutating func eachElement(_ body: (Range<Int>) -> Void) -> Bool {
    guard take(UInt8(ascii: "[")) else { return false }
    skipWhitespace()
    if take(UInt8(ascii: "]")) { return true }
    while true {
      skipWhitespace()
      guard let value = skipValue() else { return false }
      body(value)
      skipWhitespace()
      guard take(UInt8(ascii: ",")) else { return take(UInt8(ascii: "]")) }
    }
  }

  /// The range of the value at the position.
  mutating func skipValue() -> Range<Int>? {
    let start = position
    guard position < bytes.count else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "\""):
      guard skipString() != nil else { return nil }
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard skipContainer() else { return nil }
    default:
      while position < bytes.count, !bytes[position].endsScalar { position &+= 1 }
      guard position > start else { return nil }
    }
    return start..<position
  }

  /// Moves past a string, from quote to quote.
  mutating func skipString() -> StringToken? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = position
    var isEscaped = false
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position &+= 1
        return StringToken(content: start..<(position &- 1), isEscaped: isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        position &+= 2
      default:
        position = bytes.endOfPlainText(from: position &+ 1)
      }
    }
    position = bytes.count
    return nil
  }

  /// Counts brackets instead of recursing, so depth costs no stack.
  private mutating func skipContainer() -> Bool {
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        guard skipString() != nil else { return false }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth &+= 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth &-= 1
        if depth == 0 {
          position &+= 1
          return true
        }
      default:
        break
      }
      position &+= 1
    }
    return false
  }

  private mutating func skipWhitespace() {
    while position < bytes.count, bytes[position].isJSONWhitespace { position &+= 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position &+= 1
    return true
  }
}

extension UInt8 {
  /// The four whitespace characters of RFC 8259, section 2.
  var isJSONWhitespace: Bool {
    self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09
  }

  /// What ends a number or a literal word.
  fileprivate var endsScalar: Bool {
    switch self {
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"): true
    default: isJSONWhitespace
    }
  }
}
