/// What is found out about a message: the same for the same text, always and everywhere. It takes no clock, no randomness
/// and nothing from outside.
struct MessageAnalysis: Codable, Sendable, Hashable {
  /// Grapheme clusters: what people see as characters.
  var characters: Int
  var words: Int
  var sentences: Int
  var language: LanguageGuess
  var sentiment: Sentiment
  var keywords: [Keyword]
  var personalData: [PersonalDataFinding]
  var fraud: [FraudFinding]
  /// The kinds of alerts that the message gives cause for.
  var alerts: [AlertKind]

  /// Analyses a text.
  init(of text: String) {
    let segments = SegmentedText(text)
    let personalData = PersonalDataFinding.all(in: segments)
    let fraud = FraudFinding.all(in: segments)
    characters = segments.characters
    words = segments.words.count
    sentences = segments.sentences
    language = LanguageGuess(of: segments.words)
    sentiment = Sentiment(of: segments, in: language.language)
    keywords = Keyword.all(of: segments, in: language.language, hidden: personalData.map(\.range))
    alerts = (personalData.isEmpty ? [] : [.personalData]) + (fraud.isEmpty ? [] : [.fraudAttempt])
    self.personalData = Array(personalData.prefix(Self.findingLimit))
    self.fraud = Array(fraud.prefix(Self.findingLimit))
  }

  /// Most findings of one sort that are kept.
  static let findingLimit = 100

  enum CodingKeys: String, CodingKey {
    case characters, words, sentences, language, sentiment, keywords
    case personalData = "personal_data"
    case fraud, alerts
  }
}

/// The three kinds of alerts.
enum AlertKind: String, Codable, Sendable, Hashable, CaseIterable {
  /// A message was refused.
  case incorrectInput = "incorrect_input"
  /// A message holds what should not be written in one.
  case personalData = "personal_data"
  /// A message smells of fraud.
  case fraudAttempt = "fraud_attempt"
}
