/// Finds passwords that are told: a word for it, then `:` or `=` and anything; or that word, "is", and something that no
/// sentence would go on with, because it holds a digit or a sign.
enum PasswordScan {
  private static let words = WordList(
    """
    password passwort passwd pwd passcode passphrase kennwort пароль паролем пароля hasło hasłem contraseña contrasena mdp \
    motdepasse pin
    """)
  private static let phrases = PhraseList("mot de passe\npass word\npin code\npin код\nпін код\nпин код")
  private static let verbs = WordList("is to lautet ist es est це - это")

  static func findings(in text: SegmentedText) -> [PersonalDataFinding] {
    let single = text.words.filter { words.contains($0.text) }.map(\.range.upperBound)
    let ends = Set(single + phrases.matches(in: text.words).map(\.range.upperBound)).sorted()
    var findings: [PersonalDataFinding] = []
    for end in ends where end >= findings.last?.range.upperBound ?? 0 {
      if let secret = secret(in: text, behind: end) { findings.append(.init(.password, secret, masked: "***")) }
    }
    return findings
  }

  private static func secret(in text: SegmentedText, behind end: Int) -> Range<Int>? {
    var start = skipSpaces(text, end)
    if let sign = text.scalar(start), sign == ":" || sign == "=" {
      start = skipSpaces(text, start + 1)
      return token(text, start)
    }
    guard let verb = token(text, start), verbs.contains(text.text(verb).lowercased()) else { return nil }
    start = skipSpaces(text, verb.upperBound)
    guard let secret = token(text, start), secret.count >= 4 else { return nil }
    let signs = text.scalars[secret]
    // The sign at the end may be the sentence's.
    return signs.dropLast().contains { !$0.isLetter && $0 != "-" && !$0.isApostrophe } || signs.last?.digit != nil
      ? secret : nil
  }

  private static func skipSpaces(_ text: SegmentedText, _ start: Int) -> Int {
    var index = start
    while let scalar = text.scalar(index), scalar == " " || scalar == "\t" || scalar == "\u{A0}", index - start < 16 {
      index += 1
    }
    return index
  }

  /// The signs up to the next white space; `nil` when there are none.
  private static func token(_ text: SegmentedText, _ start: Int) -> Range<Int>? {
    var end = start
    while let scalar = text.scalar(end), !scalar.isSpace, end - start < 128 { end += 1 }
    return end > start ? start..<end : nil
  }
}
