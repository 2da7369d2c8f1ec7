/// A key of the terminal.
enum TopKey: Sendable, Hashable {
  case character(Character)
  case up, down, pageUp, pageDown, home, end
  case enter, escape, tab, backspace
  case interrupt, suspend, redraw

  /// The keys in what a terminal sent (ECMA-48 sequences as xterm sends them). Sequences that are not known are dropped
  /// whole, so that none of their letters is taken for a command.
  static func keys(in bytes: [UInt8]) -> [TopKey] {
    var keys: [TopKey] = []
    var rest = bytes[...]
    while let first = rest.first {
      if first == 0x1B {
        let (key, length) = sequence(rest)
        if let key { keys.append(key) }
        rest = rest.dropFirst(length)
      } else if let key = control(first) {
        keys.append(key)
        rest = rest.dropFirst()
      } else {
        let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        keys += String(decoding: rest.prefix(length), as: UTF8.self).filter { $0 >= " " }.map { .character($0) }
        rest = rest.dropFirst(length)
      }
    }
    return keys
  }

  private static func control(_ byte: UInt8) -> TopKey? {
    switch byte {
    case 0x03, 0x04: .interrupt
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x0C: .redraw
    case 0x0E: .down
    case 0x10: .up
    case 0x1A: .suspend
    case 0x08, 0x7F: .backspace
    default: nil
    }
  }

  private static func sequence(_ bytes: ArraySlice<UInt8>) -> (TopKey?, Int) {
    let rest = bytes.dropFirst()
    guard let introducer = rest.first, introducer == UInt8(ascii: "[") || introducer == UInt8(ascii: "O") else {
      return (rest.isEmpty ? .escape : nil, rest.isEmpty ? 1 : 2)
    }
    let body = rest.dropFirst()
    guard let end = body.firstIndex(where: { (0x40...0x7E).contains($0) }) else { return (nil, bytes.count) }
    let length = end - bytes.startIndex + 1
    switch (String(decoding: body[..<end], as: UTF8.self), body[end]) {
    case (_, UInt8(ascii: "A")): return (.up, length)
    case (_, UInt8(ascii: "B")): return (.down, length)
    case (_, UInt8(ascii: "H")), ("1", UInt8(ascii: "~")), ("7", UInt8(ascii: "~")): return (.home, length)
    case (_, UInt8(ascii: "F")), ("4", UInt8(ascii: "~")), ("8", UInt8(ascii: "~")): return (.end, length)
    case ("5", UInt8(ascii: "~")): return (.pageUp, length)
    case ("6", UInt8(ascii: "~")): return (.pageDown, length)
    default: return (nil, length)
    }
  }
}
