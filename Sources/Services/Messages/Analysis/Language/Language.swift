/// A language that can be told, by its ISO 639-1 code; the order decides between languages of which there is as much.
enum Language: String, Sendable, Hashable, CaseIterable {
  case english = "en"
  case ukrainian = "uk"
  case polish = "pl"
  case german = "de"
  case spanish = "es"
  case french = "fr"
  case russian = "ru"
}

/// Which language a text seems to be in.
///
/// Each word speaks for the languages it fits: two points for a common word of theirs, one for a word with a letter that few
/// others have, one for a word of their list of sentiments. The language with the most points wins. A text without any point
/// is `und`, undetermined (ISO 639-2). Nothing is learned and nothing is random.
struct LanguageGuess: Codable, Sendable, Hashable {
  /// An ISO 639 code: one of `Language`, or `und`.
  var code: String
  /// The winner's share of all points, 0 to 1.
  var confidence: Double

  static let undetermined = "und"

  /// The language; `nil` when it is undetermined.
  var language: Language? { Language(rawValue: code) }

  /// Guesses the language of words.
  init(of words: [SegmentedText.Word]) {
    var points: [Language: Int] = [:]
    // Most words of a text stand in it more than once.
    let counts = words.reduce(into: [String: Int]()) { $0[$1.text, default: 0] += 1 }
    for (word, count) in counts {
      for language in Language.allCases {
        points[language, default: 0] += Self.points(word, language) * count
      }
    }
    let total = points.values.reduce(0, +)
    var best: (language: Language, points: Int)?
    for language in Language.allCases {
      let own = points[language, default: 0]
      if own > best?.points ?? 0 { best = (language, own) }
    }
    code = best?.language.rawValue ?? Self.undetermined
    confidence = best.map { (Double($0.points) / Double(total)).rounded(toPlaces: 3) } ?? 0
  }

  private static func points(_ word: String, _ language: Language) -> Int {
    let vocabulary = Vocabulary.of(language)
    return (vocabulary.common.contains(word) ? 2 : 0)
      + (word.unicodeScalars.contains(where: vocabulary.letters.contains) ? 1 : 0)
      + (vocabulary.good.contains(word) || vocabulary.bad.contains(word) ? 1 : 0)
  }
}

extension Double {
  /// Rounded to decimal places, so that the same text gives the same digits everywhere.
  func rounded(toPlaces places: Int) -> Double {
    let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    return (self * scale).rounded() / scale
  }
}
