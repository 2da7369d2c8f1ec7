import CelerityCore

/// An item's id: 24 hexadecimal digits, the first 13 of them the microsecond at which it was made, so that ids are in the
/// order of creation.
struct ItemID: Sendable, Hashable, CustomStringConvertible {
  static let length = 24
  private static let timeDigits = 13

  let text: String

  /// An id as a client writes it; `nil` unless it is one.
  init?(_ text: String) {
    guard text.utf8.count == Self.length, text.utf8.allSatisfy({ Self.value($0) != nil }) else { return nil }
    self.text = text.lowercased()
  }

  /// The id of an item that is made now. `unique` is a text never given out before: it tells items of one microsecond
  /// apart.
  init(at now: Timestamp, unique: String) {
    let time = String(max(0, now.microseconds), radix: 16)
    let digest = SHA256.digest(Array(unique.utf8)).flatMap { [Self.digit($0 >> 4), Self.digit($0 & 0xF)] }
    let padded = String(repeating: "0", count: max(0, Self.timeDigits - time.count)) + time
    text = String((padded.suffix(Self.timeDigits) + String(decoding: digest, as: UTF8.self)).prefix(Self.length))
  }

  /// The name of its document: every digit's complement, because documents are listed by name and items newest first.
  var documentName: String {
    String(decoding: text.utf8.map { Self.digit(15 - (Self.value($0) ?? 0)) }, as: UTF8.self)
  }

  var description: String { text }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x37
    case 0x61...0x66: digit - 0x57
    default: nil
    }
  }
}
