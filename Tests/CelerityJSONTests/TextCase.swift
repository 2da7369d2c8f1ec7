import CelerityJSON
import Testing

/// A text and what the validator says to it.
struct TextCase: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  /// Nil when the text is accepted.
  let code: JSONError.Code?

  var testDescription: String { name }

  static func accepted(_ name: String, _ text: String) -> TextCase {
    TextCase(name: name, bytes: Array(text.utf8), code: nil)
  }

  static func accepted(_ name: String, bytes: [UInt8]) -> TextCase {
    TextCase(name: name, bytes: bytes, code: nil)
  }

  static func refused(_ name: String, _ text: String, _ code: JSONError.Code = .malformed) -> TextCase {
    TextCase(name: name, bytes: Array(text.utf8), code: code)
  }

  static func refused(_ name: String, bytes: [UInt8], _ code: JSONError.Code = .malformed) -> TextCase {
    TextCase(name: name, bytes: bytes, code: code)
  }
}

extension Array where Element == UInt8 {
  /// The bytes between two quotes.
  var quoted: [UInt8] { [0x22] + self + [0x22] }
}
