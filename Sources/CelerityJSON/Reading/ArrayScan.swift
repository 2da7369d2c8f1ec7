extension RawJSON {
  /// Where the elements of an array stand in a text that is too large to be taken as one value: each element is checked
  /// by itself and against limits of its own, and what is between them by the grammar of RFC 8259, section 5. Nothing is
  /// copied.
  ///
  /// Throws as `init(validating:limits:)` does, with places in the whole text, and `too-many-elements` at the first one
  /// beyond `maximumCount`.
  public static func elementRanges(
    ofArray text: [UInt8], maximumCount: Int, elementLimits limits: JSONLimits = .standard
  ) throws(JSONError) -> [Range<Int>] {
    try text.withUnsafeBufferPointer { (buffer) throws(JSONError) -> [Range<Int>] in
      var scan = ArrayScan(buffer, maximumCount: maximumCount, limits: limits)
      return try scan.run()
    }
  }
}

/// Reads an array element by element. The walker finds an element's extent by counting brackets alone; that this was its
/// true extent shows when the validator accepts it as one whole value.
private struct ArrayScan {
  let bytes: UnsafeBufferPointer<UInt8>
  let maximumCount: Int
  let limits: JSONLimits
  var ranges: [Range<Int>] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>, maximumCount: Int, limits: JSONLimits) {
    self.bytes = bytes
    self.maximumCount = maximumCount
    self.limits = limits
  }

  mutating func run() throws(JSONError) -> [Range<Int>] {
    var position = afterWhitespace(0)
    guard take(UInt8(ascii: "["), &position) else { throw malformed(position, "an array is expected") }
    position = afterWhitespace(position)
    if !take(UInt8(ascii: "]"), &position) {
      repeat {
        position = afterWhitespace(try element(at: afterWhitespace(position)))
      } while take(UInt8(ascii: ","), &position)
      guard take(UInt8(ascii: "]"), &position) else {
        throw malformed(position, "a comma or the closing bracket is expected")
      }
    }
    position = afterWhitespace(position)
    guard position == bytes.count else {
      throw JSONError(code: .trailingData, offset: position, message: "only whitespace may follow the value")
    }
    return ranges
  }

  /// Checks the element at a position and answers where it ends.
  private mutating func element(at start: Int) throws(JSONError) -> Int {
    guard ranges.count < maximumCount else {
      throw JSONError(code: .tooManyElements, offset: start, message: "more than \(maximumCount) elements")
    }
    var walker = JSONWalker(bytes, at: start)
    // A fault inside the element is told by the validator, which knows its place.
    let range = walker.skipValue() ?? start..<bytes.count
    guard !range.isEmpty else { throw malformed(start, "a value is expected") }
    do {
      _ = try JSONValidator.valueRange(in: UnsafeBufferPointer(rebasing: bytes[range]), limits: limits)
    } catch {
      throw JSONError(
        code: error.code, offset: start + error.offset, pointer: error.pointer.map { "/\(ranges.count)\($0)" },
        message: error.message)
    }
    ranges.append(range)
    return range.upperBound
  }

  private func afterWhitespace(_ position: Int) -> Int {
    var position = position
    while position < bytes.count, bytes[position].isJSONWhitespace { position &+= 1 }
    return position
  }

  private func take(_ byte: UInt8, _ position: inout Int) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position &+= 1
    return true
  }

  private func malformed(_ position: Int, _ message: String) -> JSONError {
    position < bytes.count
      ? JSONError(code: .malformed, offset: position, message: message)
      : JSONError(code: .unexpectedEnd, offset: position, message: "the text ends too early")
  }
}
