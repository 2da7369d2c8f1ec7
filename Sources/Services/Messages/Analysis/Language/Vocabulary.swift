/// What is known of a language's words.
struct Vocabulary: Sendable {
  /// The words that a text of the language can hardly do without; they are no keywords.
  var common: WordList
  /// Letters that few other languages have, in lower case.
  var letters: Set<Unicode.Scalar>
  var good: WordList
  var bad: WordList
  /// Words that turn the meaning of what follows.
  var negations: WordList

  init(common: String, letters: String, good: String, bad: String, negations: String) {
    self.common = WordList(common)
    self.letters = Set(letters.unicodeScalars)
    self.good = WordList(good)
    self.bad = WordList(bad)
    self.negations = WordList(negations)
  }

  /// The words of a language.
  static func of(_ language: Language) -> Vocabulary {
    switch language {
    case .english: english
    case .ukrainian: ukrainian
    case .polish: polish
    case .german: german
    case .spanish: spanish
    case .french: french
    case .russian: russian
    }
  }
}
