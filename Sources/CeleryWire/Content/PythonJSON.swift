import CelerityJSON

/// JSON as Python's `json` module writes it, which is a little more than JSON.
///
/// - `NaN`, `Infinity` and `-Infinity` become `null`: no JSON reader behind us could take them, and a string in their
///   place would be a value of another type that the code did not expect. `null` is what JavaScript and pandas put there.
/// - Halves of surrogate pairs, which Python writes for file names that are no UTF-8, become U+FFFD.
/// - Integers may be as long as Python converts by itself (`sys.set_int_max_str_digits`).
///
/// Everything else is kept byte for byte; only a text that would be refused is looked through for these.
enum PythonJSON {
  static let limits: JSONLimits = {
    var limits = JSONLimits.standard
    limits.maximumDepth = 128
    limits.maximumMembers = 200_000
    limits.maximumNumberDigits = 4300
    limits.allowsNumbersBeyondDouble = true
    limits.allowsNulInNames = true
    return limits
  }()

  /// The value of a text, or the fault that it is none.
  static func value(_ bytes: [UInt8], limits: JSONLimits, what: String) throws(WireFault) -> RawJSON {
    do {
      return try RawJSON(validating: bytes, limits: limits)
    } catch {
      if error.code == .malformed || error.code == .loneSurrogate, let repaired = repaired(bytes),
        let json = try? RawJSON(validating: repaired, limits: limits)
      {
        return json
      }
      throw WireFault(error.code == .tooLarge ? .tooLarge : .malformed, "\(what) is no acceptable JSON: \(error)")
    }
  }

  /// The text with Python's own words replaced; `nil` when it has none.
  static func repaired(_ bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var isChanged = false
    result.reserveCapacity(bytes.count)
    var index = 0
    var isInString = false
    while index < bytes.count {
      let byte = bytes[index]
      if isInString, byte == UInt8(ascii: "\\") {
        let length = escapeLength(bytes, at: index)
        if length == 6, isHalf(bytes, at: index) {
          result.append(contentsOf: [0xEF, 0xBF, 0xBD])
          isChanged = true
        } else {
          result.append(contentsOf: bytes[index..<min(index + length, bytes.count)])
        }
        index += length
        continue
      }
      if byte == UInt8(ascii: "\"") { isInString.toggle() }
      if !isInString, let word = words.first(where: { bytes[index...].starts(with: $0) }) {
        result.append(contentsOf: "null".utf8)
        isChanged = true
        index += word.count
        continue
      }
      result.append(byte)
      index += 1
    }
    return isChanged ? result : nil
  }

  private static let words = ["NaN", "Infinity", "-Infinity"].map { Array($0.utf8) }

  /// How many bytes the escape at a backslash has; a surrogate pair counts as one.
  private static func escapeLength(_ bytes: [UInt8], at index: Int) -> Int {
    guard let unit = unit(bytes, at: index) else { return 2 }
    guard UTF16.isLeadSurrogate(unit), let next = self.unit(bytes, at: index + 6), UTF16.isTrailSurrogate(next) else {
      return 6
    }
    return 12
  }

  private static func isHalf(_ bytes: [UInt8], at index: Int) -> Bool {
    unit(bytes, at: index).map { UTF16.isSurrogate($0) } ?? false
  }

  /// The code unit of a `\u` escape.
  private static func unit(_ bytes: [UInt8], at index: Int) -> UInt16? {
    guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
      return nil
    }
    return UInt16(String(decoding: bytes[index + 2..<index + 6], as: UTF8.self), radix: 16)
  }
}
