/// A text to compare with: unquoted, `*` stands for any text.
struct FilterPattern: Sendable, Hashable, CustomStringConvertible {
  let text: String
  let isQuoted: Bool
  /// What stands between the stars, in order.
  private let pieces: [FilterNeedle]
  private let isOpenAtStart: Bool
  private let isOpenAtEnd: Bool

  /// - Parameter isFolding: whether case plays no role; what is searched must be folded too.
  init(_ text: String, isQuoted: Bool, isFolding: Bool) {
    self.text = text
    self.isQuoted = isQuoted
    let bytes = isFolding ? Array(text.lowercased().utf8) : Array(text.utf8)
    let star = UInt8(ascii: "*")
    let parts = isQuoted ? [bytes[...]] : bytes.split(separator: star, omittingEmptySubsequences: true)
    pieces = parts.map { FilterNeedle(Array($0)) }
    isOpenAtStart = !isQuoted && bytes.first == star
    isOpenAtEnd = !isQuoted && bytes.last == star
  }

  /// The only text that it matches as a whole; `nil` when there are others.
  var exactText: String? { isQuoted || !text.utf8.contains(UInt8(ascii: "*")) ? text : nil }

  /// Whether it is all of a text.
  func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { matches($0) }
  }

  private func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if let exactText { return text.elementsEqual(exactText.utf8) }
    var start = 0
    var end = text.count
    var rest = pieces[...]
    if !isOpenAtStart, let first = rest.popFirst() {
      guard text.starts(with: first.bytes) else { return false }
      start = first.bytes.count
    }
    if !isOpenAtEnd, let last = rest.popLast() {
      guard end - start >= last.bytes.count, text[(end - last.bytes.count)...].elementsEqual(last.bytes) else {
        return false
      }
      end -= last.bytes.count
    }
    return Self.find(rest, in: UnsafeBufferPointer(rebasing: text[start..<end]))
  }

  /// Whether it stands somewhere in a text.
  func isFound(in text: [UInt8]) -> Bool { text.withUnsafeBufferPointer { Self.find(pieces[...], in: $0) } }

  /// Whether pieces follow each other in a text: taking each as early as it comes leaves most room for the others.
  private static func find(_ pieces: ArraySlice<FilterNeedle>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    var start = 0
    for piece in pieces {
      guard let end = piece.end(in: text, from: start) else { return false }
      start = end
    }
    return true
  }

  /// As it is written: in quotes, a backslash is doubled where it would change the meaning of what follows.
  var description: String {
    guard isQuoted else { return text }
    var written: [UInt8] = [UInt8(ascii: "\"")]
    let bytes = Array(text.utf8)
    for (index, byte) in bytes.enumerated() {
      let next = index + 1 < bytes.count ? bytes[index + 1] : UInt8(ascii: "\"")
      let isSpecial = next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
      if byte == UInt8(ascii: "\"") || (byte == UInt8(ascii: "\\") && isSpecial) { written.append(UInt8(ascii: "\\")) }
      written.append(byte)
    }
    return String(decoding: written + [UInt8(ascii: "\"")], as: UTF8.self)
  }
}

/// Bytes that are looked for in time linear in what is searched, whatever both are: Knuth, Morris and Pratt, "Fast
/// Pattern Matching in Strings" (SIAM J. Comput. 6, 1977).
struct FilterNeedle: Sendable, Hashable {
  let bytes: [UInt8]
  /// Length of the longest proper border of each beginning: how much of it still fits after a mismatch.
  private let borders: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var borders = [0, 0]
    var length = 0
    for index in bytes.indices.dropFirst() {
      while length > 0, bytes[index] != bytes[length] { length = borders[length] }
      if bytes[index] == bytes[length] { length += 1 }
      borders.append(length)
    }
    self.borders = borders
  }

  /// Where the first occurrence from an index on ends.
  func end(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    if bytes.isEmpty { return start }
    guard text.count - start >= bytes.count else { return nil }
    return bytes.withUnsafeBufferPointer { needle in
      var length = 0
      for index in start..<text.count {
        while length > 0, text[index] != needle[length] { length = borders[length] }
        if text[index] == needle[length] { length += 1 }
        if length == needle.count { return index + 1 }
      }
      return nil
    }
  }
}
