import CelerityJSON

/// Base64 as RFC 4648, section 4, has it: bodies of messages travel in it.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 0xFF, count: 256)
    for (value, letter) in alphabet.enumerated() { table[Int(letter)] = UInt8(value) }
    return table
  }()

  /// The text of bytes as a JSON string: no letter of it needs an escape.
  static func json(_ bytes: [UInt8]) -> RawJSON {
    let length = (bytes.count + 2) / 3 * 4 + 2
    let quoted = [UInt8](unsafeUninitializedCapacity: length) { target, count in
      target[0] = UInt8(ascii: "\"")
      target[length - 1] = UInt8(ascii: "\"")
      write(bytes, to: target, from: 1)
      count = length
    }
    return RawJSON(unchecked: quoted)
  }

  /// The text of bytes.
  static func text(_ bytes: [UInt8]) -> String {
    String(decoding: json(bytes).bytes.dropFirst().dropLast(), as: UTF8.self)
  }

  private static func write(_ bytes: [UInt8], to target: UnsafeMutableBufferPointer<UInt8>, from start: Int) {
    alphabet.withUnsafeBufferPointer { letters in
      bytes.withUnsafeBufferPointer { source in
        var place = start
        var index = 0
        while index < source.count {
          let left = source.count &- index
          let second = left > 1 ? UInt32(source[index &+ 1]) : 0
          let third = left > 2 ? UInt32(source[index &+ 2]) : 0
          let word = UInt32(source[index]) &<< 16 | second &<< 8 | third
          target[place] = letters[Int(word &>> 18)]
          target[place &+ 1] = letters[Int(word &>> 12 & 63)]
          target[place &+ 2] = left > 1 ? letters[Int(word &>> 6 & 63)] : UInt8(ascii: "=")
          target[place &+ 3] = left > 2 ? letters[Int(word & 63)] : UInt8(ascii: "=")
          place &+= 4
          index &+= 3
        }
      }
    }
  }

  /// The bytes of a JSON string that holds such a text; `nil` where it is none.
  static func bytes(_ json: RawJSON) -> [UInt8]? {
    guard json.kind == .string, json.bytes.count >= 2 else { return nil }
    // Some clients escape the slash.
    if json.bytes.contains(UInt8(ascii: "\\")) { return json.stringValue.flatMap { bytes(Array($0.utf8)[...]) } }
    return bytes(json.bytes[1..<json.bytes.count - 1])
  }

  /// The bytes of a text; `nil` where it is none. Line ends are skipped, as Python's decoder skips them.
  static func bytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    text.withUnsafeBufferPointer { source in
      values.withUnsafeBufferPointer { values in
        var letters = 0
        var padding = 0
        var word: UInt32 = 0
        var isText = true
        let bytes = [UInt8](unsafeUninitializedCapacity: source.count / 4 * 3 + 3) { target, written in
          for letter in source where letter != 0x0A && letter != 0x0D {
            if letter == UInt8(ascii: "=") {
              padding &+= 1
              continue
            }
            let value = values[Int(letter)]
            guard value != 0xFF, padding == 0 else { return isText = false }
            word = word &<< 6 | UInt32(value)
            letters &+= 1
            if letters & 3 == 0 {
              target[written] = UInt8(truncatingIfNeeded: word &>> 16)
              target[written &+ 1] = UInt8(truncatingIfNeeded: word &>> 8)
              target[written &+ 2] = UInt8(truncatingIfNeeded: word)
              written &+= 3
            }
          }
          switch (letters & 3, padding) {
          case (0, 0): break
          case (2, 2):
            target[written] = UInt8(truncatingIfNeeded: word &>> 4)
            written &+= 1
          case (3, 1):
            target[written] = UInt8(truncatingIfNeeded: word &>> 10)
            target[written &+ 1] = UInt8(truncatingIfNeeded: word &>> 2)
            written &+= 2
          default: isText = false
          }
        }
        return isText ? bytes : nil
      }
    }
  }
}
