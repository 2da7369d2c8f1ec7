/// One value inside a longer text.
struct JSONSlice {
  let text: [UInt8]
  let range: Range<Int>

  var kind: RawJSON.Kind {
    RawJSON.Kind(firstByte: range.isEmpty ? nil : text[range.lowerBound])
  }

  var raw: RawJSON {
    RawJSON(unchecked: range == text.indices ? text : Array(text[range]))
  }

  /// Any type; the path is that of this value.
  func decode<Value: Decodable>(
    _ type: Value.Type, at path: [any CodingKey], userInfo: [CodingUserInfoKey: any Sendable]
  ) throws -> Value {
    guard path.count <= maximumCodingDepth else {
      throw corrupted(at: path, "nested deeper than \(maximumCodingDepth) levels")
    }
    return try Value(from: ValueDecoder(slice: self, codingPath: path, jsonUserInfo: userInfo))
  }

  func bool(at path: @autoclosure () -> [any CodingKey]) throws -> Bool {
    guard kind == .boolean else { throw mismatch(Bool.self, "a boolean", at: path()) }
    return text[range.lowerBound] == UInt8(ascii: "t")
  }

  func string(at path: @autoclosure () -> [any CodingKey]) throws -> String {
    guard kind == .string else { throw mismatch(String.self, "a string", at: path()) }
    let value = text.withUnsafeBufferPointer { buffer in
      var walker = JSONWalker(buffer, at: range.lowerBound)
      return walker.skipString()?.string(in: buffer)
    }
    guard let value else { throw corrupted(at: path(), "the string does not end") }
    return value
  }

  func integer<Value: FixedWidthInteger>(
    _ type: Value.Type, at path: @autoclosure () -> [any CodingKey]
  ) throws -> Value {
    guard kind == .number else { throw mismatch(type, "an integer", at: path()) }
    let value: Value? = text.withUnsafeBufferPointer { exactInteger(UnsafeBufferPointer(rebasing: $0[range])) }
    guard let value else { throw corrupted(at: path(), "the number is not an integer in the range of \(type)") }
    return value
  }

  func float<Value: BinaryFloatingPoint & LosslessStringConvertible>(
    _ type: Value.Type, at path: @autoclosure () -> [any CodingKey]
  ) throws -> Value {
    guard kind == .number else { throw mismatch(type, "a number", at: path()) }
    guard let value = Value(String(decoding: text[range], as: UTF8.self)), value.isFinite else {
      throw corrupted(at: path(), "the number is beyond the range of \(type)")
    }
    return value
  }

  /// The values of an array, nil when this is none.
  func elements() -> [JSONSlice]? {
    let ranges = text.withUnsafeBufferPointer { buffer -> [Range<Int>]? in
      var walker = JSONWalker(buffer, at: range.lowerBound)
      var ranges: [Range<Int>] = []
      return walker.eachElement { ranges.append($0) } ? ranges : nil
    }
    return ranges?.map { JSONSlice(text: text, range: $0) }
  }

  func mismatch(_ type: any Any.Type, _ expectation: String, at path: [any CodingKey]) -> DecodingError {
    let context = DecodingError.Context(
      codingPath: path, debugDescription: "must be \(expectation), not \(kind.noun)")
    return kind == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }

  func corrupted(at path: [any CodingKey], _ description: String) -> DecodingError {
    .dataCorrupted(DecodingError.Context(codingPath: path, debugDescription: description))
  }
}

extension RawJSON.Kind {
  fileprivate var noun: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
