/// Commands with which a text could make a TeX engine read files, write them or run programs.
///
/// Renderers escape every text, so none of these would be obeyed; a text that holds one is refused all the same where the
/// client asked for it, because nobody's resume needs it.
enum DangerousText {
  private static let commands: Set<String> = [
    "input", "include", "write", "openout", "closeout", "execute", "shell", "system", "catcode", "def", "gdef", "edef",
    "xdef", "csname", "expandafter", "noexpand", "futurelet", "aftergroup", "afterassignment",
  ]

  /// The first dangerous command of a text, without its backslash: `write` of `\immediate\write18{…}` too.
  static func command(in text: String) -> String? {
    let bytes = Array(text.utf8)
    var index = 0
    while let start = nextCommand(in: bytes, from: index) {
      var end = start
      while end < bytes.count, isLetter(bytes[end]) { end += 1 }
      let name = String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
      if commands.contains(name) { return name }
      index = max(end, start)
    }
    return nil
  }

  /// Where the next command's name begins: behind a backslash, or behind `^^5c`, which TeX reads as one.
  private static func nextCommand(in bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\\") { return index + 1 }
      if bytes[index...].starts(with: "^^5c".utf8) || bytes[index...].starts(with: "^^5C".utf8) { return index + 4 }
      index += 1
    }
    return nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
