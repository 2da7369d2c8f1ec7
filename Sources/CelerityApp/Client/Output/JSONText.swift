import CelerityJSON

/// Lays JSON out anew; values keep their spelling.
enum JSONText {
  /// On one line. With `escaping`, characters that a terminal would act on are written as `\u` escapes.
  static func line(_ json: RawJSON, escaping: Bool) -> String { layout(json, isPretty: false, escaping: escaping) }

  /// On many lines, indented by two, safe for a terminal.
  static func pretty(_ json: RawJSON) -> String { layout(json, isPretty: true, escaping: true) }

  private static func layout(_ json: RawJSON, isPretty: Bool, escaping: Bool) -> String {
    var layout = Layout(isPretty: isPretty)
    layout.write(json.bytes)
    let text = String(decoding: layout.bytes, as: UTF8.self)
    return escaping ? escaped(text) : text
  }

  /// Outside strings there is nothing but ASCII, so escapes land in strings only.
  private static func escaped(_ text: String) -> String {
    func mustGo(_ scalar: Unicode.Scalar) -> Bool { scalar != "\n" && SafeText.isDangerous(scalar) }
    guard text.unicodeScalars.contains(where: mustGo) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard mustGo(scalar) else {
        result.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
      }
    }
    return String(result)
  }
}

/// Copies valid JSON token by token with other blanks between.
private struct Layout {
  let isPretty: Bool
  var bytes: [UInt8] = []
  private var depth = 0

  init(isPretty: Bool) { self.isPretty = isPretty }

  mutating func write(_ text: [UInt8]) {
    bytes.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: "\""):
        let end = endOfString(text, from: index)
        bytes += text[index..<end]
        index = end
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): open(byte, isEmpty: isEmpty(text, after: index))
      case UInt8(ascii: "}"), UInt8(ascii: "]"): close(byte)
      case UInt8(ascii: ","):
        bytes.append(byte)
        breakLine()
      case UInt8(ascii: ":"): bytes += isPretty ? [byte, 0x20] : [byte]
      case 0x20, 0x09, 0x0A, 0x0D: break
      default: bytes.append(byte)
      }
      index += 1
    }
  }

  private func endOfString(_ text: [UInt8], from start: Int) -> Int {
    var index = start + 1
    while index < text.count, text[index] != UInt8(ascii: "\"") {
      index += text[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index + 1, text.count)
  }

  private func isEmpty(_ text: [UInt8], after index: Int) -> Bool {
    let next = text[(index + 1)...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return next == UInt8(ascii: "}") || next == UInt8(ascii: "]")
  }

  private mutating func open(_ byte: UInt8, isEmpty: Bool) {
    bytes.append(byte)
    depth += 1
    if !isEmpty { breakLine() }
  }

  private mutating func close(_ byte: UInt8) {
    depth -= 1
    if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { breakLine() }
    bytes.append(byte)
  }

  private mutating func breakLine() {
    guard isPretty else { return }
    bytes.append(0x0A)
    bytes += [UInt8](repeating: 0x20, count: depth * 2)
  }
}
