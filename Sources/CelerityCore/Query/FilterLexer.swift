/// A piece of a filter's text.
struct FilterToken: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case open
    case close
    /// A minus in front of something.
    case minus
    case and
    case or
    case not
    case term(FilterValue)
  }

  var kind: Kind
  /// In bytes of the text.
  var offset: Int
}

/// What a term says, before anybody knows what it means.
struct FilterValue: Sendable, Hashable {
  /// What stands before the first colon; `nil` for a word.
  var qualifier: String?
  var text: String
  /// Whether it stood in quotation marks, where everything stands for itself.
  var isQuoted: Bool
  /// Where the term begins, and its value.
  var offset: Int
  var valueOffset: Int
}

/// Cuts a filter's text into tokens. The text is short; see `TaskFilter.longestText`.
struct FilterLexer {
  private let bytes: [UInt8]
  private var position = 0
  /// Where the token under way began.
  private var start = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func tokens() throws(TaskFilterError) -> [FilterToken] {
    var tokens: [FilterToken] = []
    while true {
      while let byte = current, Self.isBlank(byte) { position += 1 }
      guard let byte = current else { return tokens }
      start = position
      tokens.append(FilterToken(kind: try token(byte), offset: start))
    }
  }

  private mutating func token(_ byte: UInt8) throws(TaskFilterError) -> FilterToken.Kind {
    switch byte {
    case UInt8(ascii: "("):
      position += 1
      return .open
    case UInt8(ascii: ")"):
      position += 1
      return .close
    case UInt8(ascii: "-"):
      position += 1
      if let next = current, !Self.isBlank(next), next != UInt8(ascii: ")") { return .minus }
      throw TaskFilterError(
        "nothing follows the minus", at: start, hint: "write it right before a term, or in quotes to search for it")
    case UInt8(ascii: "\""):
      return .term(FilterValue(text: try quoted(), isQuoted: true, offset: start, valueOffset: start))
    default:
      return try word()
    }
  }

  private mutating func word() throws(TaskFilterError) -> FilterToken.Kind {
    while let byte = current, !Self.endsWord(byte) { position += 1 }
    let word = bytes[start..<position]
    guard let colon = word.firstIndex(of: UInt8(ascii: ":")) else {
      try refuseQuote()
      return Self.keyword(String(decoding: word, as: UTF8.self), at: start)
    }
    let qualifier = String(decoding: bytes[start..<colon], as: UTF8.self)
    if colon + 1 == position, current == UInt8(ascii: "\"") {
      return .term(
        FilterValue(qualifier: qualifier, text: try quoted(), isQuoted: true, offset: start, valueOffset: colon + 1))
    }
    try refuseQuote()
    let text = String(decoding: bytes[(colon + 1)..<position], as: UTF8.self)
    return .term(FilterValue(qualifier: qualifier, text: text, isQuoted: false, offset: start, valueOffset: colon + 1))
  }

  private static func keyword(_ word: String, at offset: Int) -> FilterToken.Kind {
    switch word {
    case "AND": .and
    case "OR": .or
    case "NOT": .not
    default: .term(FilterValue(text: word, isQuoted: false, offset: offset, valueOffset: offset))
    }
  }

  /// The text between quotation marks; a backslash takes its meaning from the next quotation mark or backslash.
  private mutating func quoted() throws(TaskFilterError) -> String {
    let begin = position
    position += 1
    var text: [UInt8] = []
    while let byte = current {
      position += 1
      if byte == UInt8(ascii: "\"") {
        if let next = current, !Self.isBlank(next), next != UInt8(ascii: ")") {
          throw TaskFilterError("a blank is missing after the quotation mark", at: position)
        }
        return String(decoding: text, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\"), let next = current, next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
        text.append(next)
        position += 1
      } else {
        text.append(byte)
      }
    }
    throw TaskFilterError("the quotation mark is not closed", at: begin)
  }

  /// A word that ran into a quotation mark.
  private func refuseQuote() throws(TaskFilterError) {
    guard current == UInt8(ascii: "\"") else { return }
    throw TaskFilterError("a quotation mark inside a word", at: position, hint: "put the whole value in quotes")
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func endsWord(_ byte: UInt8) -> Bool {
    isBlank(byte) || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "\"")
  }
}
