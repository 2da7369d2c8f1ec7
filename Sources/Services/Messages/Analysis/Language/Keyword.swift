/// A word that a text is about, with how often it stands there.
struct Keyword: Codable, Sendable, Hashable {
  var word: String
  var count: Int

  static let limit = 10
  static let shortest = 3

  /// The most frequent words of a text that are not common ones of its language: up to ten, words that are as frequent in
  /// the order in which they first stand there. What lies in `hidden` is left out: keywords must not tell secrets.
  static func all(of text: SegmentedText, in language: Language?, hidden: [Range<Int>]) -> [Keyword] {
    let common = (language.map { [$0] } ?? Language.allCases).map { Vocabulary.of($0).common }
    var counts: [String: Int] = [:]
    var order: [String] = []
    // Both are in the order of their places, so one walk compares them.
    var rest = hidden.sorted { $0.lowerBound < $1.lowerBound }[...]
    for word in text.words {
      while let first = rest.first, first.upperBound <= word.range.lowerBound { rest.removeFirst() }
      if let first = rest.first, first.overlaps(word.range) { continue }
      guard word.range.count <= longest, word.text.count >= shortest,
        word.text.unicodeScalars.contains(where: \.isLetter), !common.contains(where: { $0.contains(word.text) })
      else { continue }
      if counts[word.text] == nil { order.append(word.text) }
      counts[word.text, default: 0] += 1
    }
    let ranked = order.enumerated().map { (place: $0.offset, word: $0.element, count: counts[$0.element] ?? 0) }
      .sorted { ($1.count, $0.place) < ($0.count, $1.place) }
    return ranked.prefix(limit).map { Keyword(word: $0.word, count: $0.count) }
  }

  /// Scalars of the longest word that can be one; longer ones are codes, or somebody's joke.
  private static let longest = 50
}
