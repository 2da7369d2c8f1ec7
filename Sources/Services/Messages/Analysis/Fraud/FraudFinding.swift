/// A place in a message that smells of fraud.
struct FraudFinding: Codable, Sendable, Hashable {
  /// What kind of sign it is.
  enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
    /// A word for fraud.
    case word
    /// What those say who want to be given money or passwords.
    case phishing
    /// Text that would do harm in a database.
    case sql
    /// Text that would run in a browser.
    case script
  }

  var kind: Kind
  /// Which rule found it: a word or phrase of our lists, or a pattern's name. Never text of the message.
  var rule: String
  /// Where it begins, in Unicode scalars from 0.
  var offset: Int
  /// How many Unicode scalars it has.
  var length: Int

  init(_ kind: Kind, _ rule: String, _ range: Range<Int>) {
    self.kind = kind
    self.rule = rule
    offset = range.lowerBound
    length = range.count
  }

  /// All signs in a text, in the order of their places.
  static func all(in text: SegmentedText) -> [FraudFinding] {
    let words = text.words.filter { FraudWords.words.contains($0.text) }.map {
      FraudFinding(.word, "fraud-word", $0.range)
    }
    let phrases = FraudWords.phrases.matches(in: text.words).map { FraudFinding(.phishing, $0.phrase, $0.range) }
    let tokens = SQLToken.all(in: text.scalars)
    let found = words + phrases + SQLPattern.findings(in: tokens) + ScriptPattern.findings(in: tokens)
    return found.sorted { ($0.offset, $0.rule) < ($1.offset, $1.rule) }
  }
}
