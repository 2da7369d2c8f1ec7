/// Where a string of a validated text is.
struct StringToken {
  /// The bytes between the quotes.
  let content: Range<Int>
  /// Whether a backslash is among them.
  let isEscaped: Bool

  /// The characters, escapes resolved.
  func string(in text: UnsafeBufferPointer<UInt8>) -> String {
    let content = UnsafeBufferPointer(rebasing: text[content])
    return isEscaped
      ? String(decoding: content.unescaped, as: UTF8.self)
      : String(decoding: content, as: UTF8.self)
  }

  /// Whether the characters are exactly the code points of `name`.
  func matches(_ name: String, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    let content = UnsafeBufferPointer(rebasing: text[content])
    return isEscaped ? content.unescaped.elementsEqual(name.utf8) : content.elementsEqual(name.utf8)
  }
}
