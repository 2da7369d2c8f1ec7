/// The bytes of a text that is short enough to be a schedule; the length is checked before anything else is done.
func boundedBytes(of text: String) throws(CronError) -> [UInt8] {
  let limit = CronExpression.maximumLength
  guard text.utf8.count <= limit else {
    throw CronError(position: limit, message: "the text is longer than \(limit) bytes")
  }
  return Array(text.utf8)
}

/// The stretches of a text between spaces and tabs.
func blankSeparated(_ bytes: [UInt8]) -> [Range<Int>] {
  var words: [Range<Int>] = []
  var start: Int?
  for index in 0...bytes.count {
    if index < bytes.count, !bytes[index].isBlank {
      start = start ?? index
    } else if let begin = start {
      words.append(begin..<index)
      start = nil
    }
  }
  return words
}

extension String {
  /// The part of the text that covers a range of its UTF-8 bytes.
  func word(_ range: Range<Int>) -> String {
    String(decoding: utf8.dropFirst(range.lowerBound).prefix(range.count), as: UTF8.self)
  }
}

/// A word of somebody else's text for use in a message: short, in quotes, and without characters that steer a terminal.
func quoted(_ text: String) -> String {
  let limit = 40
  let shown = text.unicodeScalars.prefix(limit).map { $0.value > 0x1F && $0.value < 0x7F ? Character($0) : "?" }
  return "'\(String(shown))\(text.unicodeScalars.count > limit ? "…" : "")'"
}
