/// A piece of text as a database would read it: words and numbers, and signs one by one. White space and comments part
/// pieces, as they do there: `UNION/**/SELECT` is two words.
struct SQLToken: Sendable, Hashable {
  /// In lower case.
  var text: String
  /// Where it stands, in scalars.
  var range: Range<Int>
  var isWord: Bool

  /// Cuts a text.
  static func all(in scalars: [Unicode.Scalar]) -> [SQLToken] {
    var tokens: [SQLToken] = []
    var index = 0
    while index < scalars.count {
      let start = index
      if scalars[index].isWordPart {
        while index < scalars.count, scalars[index].isWordPart { index += 1 }
        let word = String(String.UnicodeScalarView(scalars[start..<index])).lowercased()
        tokens.append(SQLToken(text: word, range: start..<index, isWord: true))
      } else if let end = commentEnd(scalars, index) {
        index = end
      } else {
        index += scalars[index] == "-" && index + 1 < scalars.count && scalars[index + 1] == "-" ? 2 : 1
        guard !scalars[start].isSpace else { continue }
        let sign = scalars[start].isApostrophe ? "'" : String(String.UnicodeScalarView(scalars[start..<index]))
        tokens.append(SQLToken(text: sign, range: start..<index, isWord: false))
      }
    }
    return tokens
  }

  /// Most signs of a comment: what is longer is none, so that many openings without an end cost nothing.
  private static let longestComment = 200

  /// Behind the comment that begins at a place; `nil` when none does.
  private static func commentEnd(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
    guard scalars[start] == "/", start + 1 < scalars.count, scalars[start + 1] == "*" else { return nil }
    let limit = min(scalars.count - 1, start + longestComment)
    guard start + 2 < limit else { return nil }
    for index in start + 2..<limit where scalars[index] == "*" && scalars[index + 1] == "/" { return index + 2 }
    return nil
  }
}
