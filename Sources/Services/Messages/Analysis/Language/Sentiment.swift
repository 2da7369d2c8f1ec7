/// How a text feels: the words and emoji of praise against those of complaint, by the lists of the text's language.
///
/// A negation among the three words before, in the same sentence, turns a word around. The score is
/// (praise − complaint) ÷ (praise + complaint), and 0 when there is neither.
struct Sentiment: Codable, Sendable, Hashable {
  /// −1, nothing but complaint, to 1, nothing but praise.
  var score: Double
  /// `positive` from 0.2 on, `negative` from −0.2 down, `neutral` between.
  var label: String

  static let threshold = 0.2
  private static let reach = 3

  /// The sentiment of a text in a language; in none, only emoji count.
  init(of text: SegmentedText, in language: Language?) {
    var praise = text.emoji.count { Self.good.contains($0) }
    var complaint = text.emoji.count { Self.bad.contains($0) }
    if let vocabulary = language.map(Vocabulary.of) {
      for (index, word) in text.words.enumerated() {
        let isGood = vocabulary.good.contains(word.text)
        guard isGood || vocabulary.bad.contains(word.text) else { continue }
        let before = text.words[max(0, index - Self.reach)..<index].filter { $0.sentence == word.sentence }
        let isTurned = before.contains { vocabulary.negations.contains($0.text) }
        if isGood != isTurned { praise += 1 } else { complaint += 1 }
      }
    }
    let all = praise + complaint
    score = all == 0 ? 0 : (Double(praise - complaint) / Double(all)).rounded(toPlaces: 3)
    label = score >= Self.threshold ? "positive" : score <= -Self.threshold ? "negative" : "neutral"
  }

  private static let good = Set("😀😃😄😁😆😊🙂😇🥰😍🤩😘😋🤗👍👏🙌🎉🥳❤💙💛💚💜🧡💖✨🌟✅".unicodeScalars)
  private static let bad = Set("😞😔😟🙁☹😣😖😫😩😢😭😤😠😡🤬😱😨😰🤮🤢👎💔😒😕".unicodeScalars)
}
