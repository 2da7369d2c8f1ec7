/// Checks a whole text against RFC 8259 in one pass.
///
/// Nesting is kept in an array, so depth costs no stack and the limit on it is met at the first byte beyond. No
/// character data is copied except names with escapes.
struct JSONValidator {
  let bytes: UnsafeBufferPointer<UInt8>
  let limits: JSONLimits
  var cursor = 0
  var names = NameLedger()
  /// For each open object the number of names recorded before it, for each open array -1.
  private var open: [Int] = []
  private static let array = -1

  private init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
    open.reserveCapacity(16)
  }

  /// Where the one value of the text is; what is around it is whitespace.
  static func valueRange(in text: [UInt8], limits: JSONLimits) throws(JSONError) -> Range<Int> {
    try text.withUnsafeBufferPointer { (buffer) throws(JSONError) -> Range<Int> in
      try valueRange(in: buffer, limits: limits)
    }
  }

  /// The same for a text in place.
  static func valueRange(
    in text: UnsafeBufferPointer<UInt8>, limits: JSONLimits
  ) throws(JSONError) -> Range<Int> {
    var validator = JSONValidator(text, limits: limits)
    return try validator.validate()
  }

  private mutating func validate() throws(JSONError) -> Range<Int> {
    try checkSize()
    try checkEncodingSignature()
    skipWhitespace()
    let start = cursor
    repeat {
      try value()
    } while try advanceToNextValue()
    let end = cursor
    skipWhitespace()
    guard cursor == bytes.count else {
      throw failure(.trailingData, at: cursor, "only whitespace may follow the value")
    }
    return start..<end
  }

  /// Reads a scalar or an empty container; on the way down opens the containers it is the first value of.
  private mutating func value() throws(JSONError) {
    while true {
      guard cursor < bytes.count else { throw unexpectedEnd() }
      switch bytes[cursor] {
      case UInt8(ascii: "\""):
        _ = try string()
        return
      case UInt8(ascii: "{"):
        try push(names.count)
        if take(UInt8(ascii: "}")) { return close() }
        try memberName()
      case UInt8(ascii: "["):
        try push(Self.array)
        if take(UInt8(ascii: "]")) { return close() }
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        return try number()
      default:
        return try literal()
      }
    }
  }

  /// After a value: closes the containers that end here and moves to the next value; false after the outermost one.
  private mutating func advanceToNextValue() throws(JSONError) -> Bool {
    while let base = open.last {
      skipWhitespace()
      guard cursor < bytes.count else { throw unexpectedEnd() }
      let byte = bytes[cursor]
      if byte == UInt8(ascii: ",") {
        cursor &+= 1
        skipWhitespace()
        if base != Self.array { try memberName() }
        return true
      }
      guard byte == (base == Self.array ? UInt8(ascii: "]") : UInt8(ascii: "}")) else {
        throw failure(.malformed, at: cursor, "a comma or the closing bracket is expected")
      }
      if base != Self.array { try checkNames(since: base) }
      cursor &+= 1
      close()
    }
    return false
  }

  /// Reads a name and its colon.
  private mutating func memberName() throws(JSONError) {
    guard cursor < bytes.count else { throw unexpectedEnd() }
    guard bytes[cursor] == UInt8(ascii: "\"") else {
      throw failure(.malformed, at: cursor, "a member name in double quotes is expected")
    }
    let start = cursor
    let isEscaped = try string()
    guard names.total < limits.maximumMembers else {
      throw failure(.tooManyMembers, at: start, "more than \(limits.maximumMembers) object members")
    }
    let content = (start &+ 1)..<(cursor &- 1)
    let holdsNul = names.record(content, isEscaped: isEscaped, in: bytes)
    guard !holdsNul || limits.allowsNulInNames else {
      throw failure(.nulInName, at: start, "a member name may not hold U+0000")
    }
    skipWhitespace()
    guard cursor < bytes.count else { throw unexpectedEnd() }
    guard take(UInt8(ascii: ":")) else { throw failure(.malformed, at: cursor, "a colon is expected") }
    skipWhitespace()
  }

  private mutating func checkNames(since base: Int) throws(JSONError) {
    if let duplicate = names.firstDuplicate(since: base, in: bytes) {
      let place = duplicate.lowerBound &- 1
      throw failure(.duplicateKey, at: place, locating: duplicate.upperBound &+ 1, "two members have the same name")
    }
    names.forget(since: base)
  }

  private mutating func push(_ frame: Int) throws(JSONError) {
    guard open.count < limits.maximumDepth else {
      throw failure(.tooDeep, at: cursor, "nested deeper than \(limits.maximumDepth) levels")
    }
    open.append(frame)
    cursor &+= 1
    skipWhitespace()
  }

  private mutating func close() {
    open.removeLast()
  }

  private mutating func skipWhitespace() {
    while cursor < bytes.count, bytes[cursor].isJSONWhitespace { cursor &+= 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard cursor < bytes.count, bytes[cursor] == byte else { return false }
    cursor &+= 1
    return true
  }
}

extension JSONValidator {
  func unexpectedEnd() -> JSONError {
    failure(
      .unexpectedEnd, at: bytes.count,
      bytes.allSatisfy(\.isJSONWhitespace) ? "the text is empty" : "the text ends too early")
  }

  /// An error at `offset` whose pointer leads to the value or member that holds `place`, by default the same byte.
  func failure(_ code: JSONError.Code, at offset: Int, locating place: Int? = nil, _ message: String) -> JSONError {
    let pointer = JSONPath.pointer(to: place ?? offset, in: bytes)
    return JSONError(code: code, offset: offset, pointer: pointer, message: message)
  }

  private func checkSize() throws(JSONError) {
    guard bytes.count <= limits.maximumBytes else {
      throw JSONError(
        code: .tooLarge, offset: limits.maximumBytes, message: "longer than \(limits.maximumBytes) bytes")
    }
  }

  /// Names the two frequent ways not to be UTF-8: RFC 8259, section 8.1 rules out a byte order mark; a zero among the
  /// first two bytes is how UTF-16 and UTF-32 begin (RFC 4627, section 3).
  private func checkEncodingSignature() throws(JSONError) {
    guard bytes.count >= 2 else { return }
    if bytes[0] >= 0xEF, bytes.starts(with: [0xEF, 0xBB, 0xBF]) || bytes[0] & bytes[1] >= 0xFE {
      throw JSONError(code: .invalidEncoding, offset: 0, message: "a byte order mark is not allowed")
    }
    if bytes[0] == 0 || bytes[1] == 0 {
      throw JSONError(code: .invalidEncoding, offset: 0, message: "the text must be UTF-8, not UTF-16 or UTF-32")
    }
  }
}
