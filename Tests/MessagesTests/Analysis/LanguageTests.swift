import Testing

@testable import Messages

@Suite struct LanguageTests {
  /// The first article of the Universal Declaration of Human Rights.
  @Test(
    "A paragraph is told for what it is",
    arguments: [
      (
        "en",
        "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience "
          + "and should act towards one another in a spirit of brotherhood."
      ),
      (
        "uk",
        "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і совістю і "
          + "повинні діяти у відношенні один до одного в дусі братерства."
      ),
      (
        "pl",
        "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem i "
          + "sumieniem i powinni postępować wobec innych w duchu braterstwa."
      ),
      (
        "de",
        "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt "
          + "und sollen einander im Geist der Brüderlichkeit begegnen."
      ),
      (
        "es",
        "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y "
          + "conciencia, deben comportarse fraternalmente los unos con los otros."
      ),
      (
        "fr",
        "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de "
          + "conscience et doivent agir les uns envers les autres dans un esprit de fraternité."
      ),
      (
        "ru",
        "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и "
          + "должны поступать в отношении друг друга в духе братства."
      ),
    ])
  func paragraphs(code: String, text: String) {
    let guess = LanguageGuess(of: SegmentedText(text).words)
    #expect(guess.code == code)
    #expect(guess.confidence > 0.4)
  }

  @Test("Words of no language have none", arguments: ["", "xyzzy plugh", "12 34", "😀", "Ελληνικά", "中文"])
  func undetermined(text: String) {
    let guess = LanguageGuess(of: SegmentedText(text).words)
    #expect(guess.code == "und")
    #expect(guess.confidence == 0)
    #expect(guess.language == nil)
  }

  @Test("Words are told alike whether letters and marks are one scalar or two")
  func normalForms() {
    let composed = LanguageGuess(of: SegmentedText("für schön").words)
    #expect(LanguageGuess(of: SegmentedText("fu\u{308}r scho\u{308}n").words).code == composed.code)
    #expect(composed.code == "de")
  }

  @Test(
    "The score lies between praise and complaint",
    arguments: [
      ("good", 1.0, "positive"), ("bad", -1, "negative"), ("good and bad", 0, "neutral"), ("the table", 0, "neutral"),
      ("good good bad", 0.333, "positive"), ("not good", -1, "negative"), ("never a problem", 1, "positive"),
      ("this is not at all good", -1, "negative"), ("Not that. Good!", 1, "positive"),
      ("the 😀 😭 👎", -0.333, "negative"),
    ])
  func sentiment(text: String, score: Double, label: String) {
    let sentiment = Sentiment(of: SegmentedText(text), in: .english)
    #expect(sentiment.score == score)
    #expect(sentiment.label == label)
  }

  @Test("Keywords are ordered by how often, then by where they stand first")
  func keywords() {
    let words = Keyword.all(of: SegmentedText("beta alpha gamma alpha the the beta delta"), in: .english, hidden: [])
    #expect(words.map(\.word) == ["beta", "alpha", "gamma", "delta"])
    #expect(words.map(\.count) == [2, 2, 1, 1])
  }

  @Test("There are ten keywords at most, and none that is hidden")
  func keywordLimits() {
    let text = SegmentedText((0..<30).map { "word\($0)x" }.joined(separator: " "))
    #expect(Keyword.all(of: text, in: nil, hidden: []).count == 10)
    let first = text.words[0].range
    #expect(Keyword.all(of: text, in: nil, hidden: [first]).first?.word == "word1x")
  }

  @Test("A list takes words as they are and stems as beginnings")
  func wordList() {
    let list = WordList("good delight* б*")
    for word in ["good", "delight", "delighted", "був"] { #expect(list.contains(word)) }
    for word in ["goods", "deligh", "", "gut"] { #expect(!list.contains(word)) }
  }
}
