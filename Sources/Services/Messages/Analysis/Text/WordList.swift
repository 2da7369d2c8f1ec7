/// A list of words; an entry that ends in `*` stands for all words that begin so, because the words of most languages have
/// many forms.
struct WordList: Sendable {
  private let words: Set<String>
  private let stems: Set<String>
  private let stemLengths: [Int]
  /// First characters of the stems: most words of other languages need no further look.
  private let stemStarts: Set<Character>

  /// Words as a text, parted by white space.
  init(_ text: String) {
    let entries = text.split(whereSeparator: \.isWhitespace)
    words = Set(entries.filter { $0.last != "*" }.map(String.init))
    stems = Set(entries.filter { $0.last == "*" }.map { String($0.dropLast()) })
    stemLengths = Set(stems.map(\.count)).sorted()
    stemStarts = Set(stems.compactMap(\.first))
  }

  /// Whether a word, in lower case, is in the list.
  func contains(_ word: String) -> Bool {
    if words.contains(word) { return true }
    guard let longest = stemLengths.last, let first = word.first, stemStarts.contains(first) else { return false }
    let beginning = word.prefix(longest)
    let count = beginning.count
    return stemLengths.contains { $0 <= count && stems.contains(String(beginning.prefix($0))) }
  }
}

/// Phrases, found where their words follow each other.
struct PhraseList: Sendable {
  private let byFirstWord: [String: [[String]]]

  /// One phrase a line.
  init(_ text: String) {
    let phrases = text.split(whereSeparator: \.isNewline).map { line in
      line.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    byFirstWord = Dictionary(grouping: phrases.filter { !$0.isEmpty }) { $0[0] }
  }

  /// The phrases in a text with the places of their words, in order.
  func matches(in words: [SegmentedText.Word]) -> [(phrase: String, range: Range<Int>)] {
    words.indices.flatMap { start in
      (byFirstWord[words[start].text] ?? []).compactMap { phrase -> (phrase: String, range: Range<Int>)? in
        let end = start + phrase.count
        guard end <= words.count, zip(words[start..<end], phrase).allSatisfy({ $0.text == $1 }) else { return nil }
        return (phrase.joined(separator: " "), words[start].range.lowerBound..<words[end - 1].range.upperBound)
      }
    }
  }
}
