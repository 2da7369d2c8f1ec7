import Testing

@testable import Messages

/// A text with what must be found out about it.
struct FixedText: Sendable, CustomTestStringConvertible {
  var text: String
  var characters: Int
  var words: Int
  var sentences: Int
  var language: String
  var sentiment: String
  var keywords: [String]
  var personal: [String] = []
  var fraud: [String] = []

  init(
    _ text: String, _ counts: (characters: Int, words: Int, sentences: Int), _ language: String, _ sentiment: String,
    _ keywords: [String], personal: [String] = [], fraud: [String] = []
  ) {
    self.text = text
    (characters, words, sentences) = counts
    self.language = language
    self.sentiment = sentiment
    self.keywords = keywords
    self.personal = personal
    self.fraud = fraud
  }

  var testDescription: String { text }

  static let all: [FixedText] = [
    // English
    FixedText(
      "The new release is wonderful, thank you!", (40, 7, 1), "en", "positive",
      ["new", "release", "wonderful", "thank"]),
    FixedText(
      "The delivery was late and the box was broken. I am very disappointed.", (69, 13, 2), "en", "negative",
      ["delivery", "late", "box", "broken", "disappointed"]),
    FixedText(
      "The train leaves at 9.30 from platform 4.", (41, 8, 1), "en", "neutral", ["train", "leaves", "platform"]),
    FixedText("This is not good.", (17, 4, 1), "en", "negative", ["good"]),
    FixedText("I don't hate it; it isn't bad at all!", (37, 9, 1), "en", "positive", ["hate", "bad"]),
    FixedText(
      "Data, data and more data: a table of data beats a table of words.", (65, 14, 1), "en", "neutral",
      ["data", "table", "beats", "words"]),
    FixedText(
      "Please confirm your password and send us the CVV code.", (54, 10, 1), "en", "neutral",
      ["confirm", "password", "send", "cvv", "code"], fraud: ["confirm your password", "cvv code"]),
    // Ukrainian
    FixedText(
      "Дякую за чудовий сервіс! Усе працює дуже швидко.", (48, 8, 2), "uk", "positive",
      ["дякую", "чудовий", "сервіс", "усе", "працює", "швидко"]),
    FixedText(
      "Жахлива доставка, товар зламаний, я розчарований.", (49, 6, 1), "uk", "negative",
      ["жахлива", "доставка", "товар", "зламаний", "розчарований"]),
    FixedText(
      "Потяг до Києва вирушає о сьомій годині.", (39, 7, 1), "uk", "neutral",
      ["потяг", "києва", "вирушає", "сьомій", "годині"]),
    FixedText(
      "М’яч і п'ять яблук лежать під столом.", (37, 7, 1), "uk", "neutral",
      [
        "м'яч", "п'ять", "яблук", "лежать", "столом",
      ]),
    FixedText(
      "Увага! Ваша картка заблокована, повідомте код із СМС.", (53, 8, 2), "uk", "neutral",
      ["увага", "картка", "заблокована", "повідомте", "код", "смс"],
      fraud: ["ваша картка заблокована", "код із смс"]),
    FixedText(
      "Мій ІПН 3175901238, телефон 0671234567.", (39, 5, 1), "uk", "neutral", ["іпн", "телефон"],
      personal: ["national_id", "phone"]),
    // Polish
    FixedText(
      "Bardzo dziękuję, obsługa była świetna i szybka!", (47, 7, 1), "pl", "positive", ["obsługa", "świetna", "szybka"]),
    FixedText(
      "Niestety paczka jest uszkodzona. To jest straszne.", (50, 7, 2), "pl", "negative",
      ["niestety", "paczka", "uszkodzona", "straszne"]),
    FixedText("Mój PESEL to 44051401359.", (25, 4, 1), "pl", "neutral", ["pesel"], personal: ["national_id"]),
    // German
    FixedText(
      "Das Essen war hervorragend und die Bedienung sehr freundlich.", (61, 9, 1), "de", "positive",
      ["essen", "hervorragend", "bedienung", "freundlich"]),
    FixedText(
      "Der Bildschirm ist leider kaputt. Ich bin enttäuscht.", (53, 8, 2), "de", "negative",
      ["bildschirm", "leider", "kaputt", "enttäuscht"]),
    FixedText(
      "Meine IBAN ist DE89 3704 0044 0532 0130 00, z.B. für die Miete.", (63, 14, 1), "de", "neutral",
      ["iban", "miete"], personal: ["iban"]),
    // Spanish
    FixedText(
      "¡Muchas gracias! El hotel es excelente y muy limpio.", (52, 9, 2), "es", "positive",
      ["muchas", "hotel", "excelente", "limpio"]),
    FixedText(
      "La comida no era buena y el camarero fue horrible.", (50, 10, 1), "es", "negative",
      ["comida", "buena", "camarero", "horrible"]),
    FixedText(
      "Mi DNI es 12345678Z y vivo en Sevilla.", (38, 8, 1), "es", "neutral", ["dni", "vivo", "sevilla"],
      personal: ["national_id"]),
    // French
    FixedText(
      "Merci beaucoup, le service était parfait et rapide.", (51, 8, 1), "fr", "positive",
      ["beaucoup", "service", "parfait", "rapide"]),
    FixedText(
      "Ce n'est pas bon, je suis très déçu de la livraison.", (52, 11, 1), "fr", "negative",
      ["bon", "suis", "déçu", "livraison"]),
    FixedText(
      "Mon numéro de sécurité sociale est le 2 55 08 14 168 025 38.", (60, 14, 1), "fr", "neutral",
      ["numéro", "sécurité", "sociale"], personal: ["national_id"]),
    // Russian
    FixedText(
      "Спасибо, всё отлично! Это было очень удобно.", (44, 7, 2), "ru", "positive", ["отлично", "удобно"]),
    FixedText(
      "Это ужасный сервис, я больше не вернусь.", (40, 7, 1), "ru", "negative",
      ["ужасный", "сервис", "больше", "вернусь"]),
    // Emoji and others
    FixedText("👍👍🏽 ❤️", (4, 0, 1), "und", "positive", []),
    FixedText("👨‍👩‍👧‍👦 😭", (3, 0, 1), "und", "negative", []),
    FixedText("🇺🇦 Слава Україні! 💙💛", (19, 2, 2), "uk", "positive", ["слава", "україні"]),
    FixedText("e\u{301}te\u{301}", (3, 1, 1), "und", "neutral", ["été"]),
    FixedText("今日は良い天気です。明日も？", (14, 12, 2), "und", "neutral", []),
    FixedText("12345 67890", (11, 2, 1), "und", "neutral", []),
    FixedText("?!...", (5, 0, 1), "und", "neutral", []),
    FixedText(
      "Robert'); DROP TABLE students;--", (32, 4, 1), "und", "neutral", ["robert", "drop", "table", "students"],
      fraud: ["sql-schema-change", "sql-stacked-statement"]),
  ]
}

@Suite struct FixedTextTests {
  @Test("S0.08: fixed texts have known answers", arguments: FixedText.all)
  func known(_ wanted: FixedText) {
    let analysis = MessageAnalysis(of: wanted.text)
    #expect(analysis.characters == wanted.characters)
    #expect(analysis.words == wanted.words)
    #expect(analysis.sentences == wanted.sentences)
    #expect(analysis.language.code == wanted.language)
    #expect(analysis.sentiment.label == wanted.sentiment)
    #expect(analysis.keywords.map(\.word) == wanted.keywords)
    #expect(analysis.personalData.map(\.kind.rawValue) == wanted.personal)
    #expect(Set(analysis.fraud.map(\.rule)) == Set(wanted.fraud))
    let alerts: [AlertKind] =
      (wanted.personal.isEmpty ? [] : [.personalData]) + (wanted.fraud.isEmpty ? [] : [.fraudAttempt])
    #expect(analysis.alerts == alerts)
  }
}
