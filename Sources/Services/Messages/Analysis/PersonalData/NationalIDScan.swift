/// Finds numbers that states give to people, where a number proves itself: by a check digit, and where that is one in ten or
/// eleven only, by a word that announces it as well.
enum NationalIDScan {
  static func findings(in text: SegmentedText, _ groups: [DigitGroup]) -> [PersonalDataFinding] {
    let taxWords = Set(text.words.filter { self.taxWords.contains($0.text) }.map(\.range.upperBound))
    var findings: [PersonalDataFinding] = []
    var start = 0
    while start < groups.count {
      let found = finding(in: text, groups, from: start, taxWords)
      if let found { findings.append(found.finding) }
      start = found?.end ?? start + 1
    }
    return findings
  }

  private static let taxWords = WordList(
    "іпн рнокпп ідентифікаційн* инн код steuer* steuernummer idnr tin taxpayer tax ssn podatkow* fiscal")

  private static func finding(
    in text: SegmentedText, _ groups: [DigitGroup], from start: Int, _ taxWords: Set<Int>
  ) -> (finding: PersonalDataFinding, end: Int)? {
    guard !groups[start].touchesBefore else { return nil }
    for end in (start + 1...min(groups.count, start + 7)).reversed() {
      let number = groups[start..<end]
      guard number.dropFirst().allSatisfy({ $0.separator == " " || $0.separator == "-" }) else { continue }
      let digits = number.digits
      let first = number.range.lowerBound
      let isAnnounced = !taxWords.isEmpty && (max(0, first - 24)...first).contains(where: taxWords.contains)
      if let letter = spanishLetter(text, number, digits) {
        return (Self.make(first..<letter + 1, digits), end)
      }
      guard !groups[end - 1].touchesAfter else { continue }
      if isSocialSecurityNumber(number) || isPESEL(digits) && number.count == 1 || isNIR(digits)
        || isAnnounced && (isRNOKPP(digits) || isSteuerID(digits) || isINN(digits))
      {
        return (Self.make(number.range, digits), end)
      }
    }
    return nil
  }

  private static func make(_ range: Range<Int>, _ digits: [Int]) -> PersonalDataFinding {
    .init(.nationalID, range, masked: "****" + digits.suffix(2).map(String.init).joined())
  }

  /// United States: three, two and four digits with hyphens; no 000, 666 or 900 and above in front, no zeros alone (Social
  /// Security Administration, "Randomization of Social Security Numbers").
  static func isSocialSecurityNumber(_ number: ArraySlice<DigitGroup>) -> Bool {
    guard number.map(\.digits.count) == [3, 2, 4], number.dropFirst().allSatisfy({ $0.separator == "-" }) else {
      return false
    }
    let parts = number.map { $0.digits.reduce(0) { $0 * 10 + $1 } }
    return parts[0] != 0 && parts[0] != 666 && parts[0] < 900 && parts[1] != 0 && parts[2] != 0
  }

  /// Poland: eleven digits that begin with a date of birth, whose century is in the month; weights 1 3 7 9 (Act on population
  /// registration of 2010, article 15).
  static func isPESEL(_ digits: [Int]) -> Bool {
    guard digits.count == 11 else { return false }
    let month = (digits[2] * 10 + digits[3]) % 20
    let day = digits[4] * 10 + digits[5]
    let sum = weighted(digits.prefix(10), by: [1, 3, 7, 9, 1, 3, 7, 9, 1, 3])
    return (1...12).contains(month) && (1...31).contains(day) && (10 - sum % 10) % 10 == digits[10]
  }

  /// France: thirteen digits and a key of two, 97 less the remainder modulo 97 (INSEE, "numéro d'inscription au répertoire").
  static func isNIR(_ digits: [Int]) -> Bool {
    guard digits.count == 15, digits[0] == 1 || digits[0] == 2 else { return false }
    let number = digits.prefix(13).reduce(0) { $0 * 10 + $1 }
    let month = digits[3] * 10 + digits[4]
    return ((1...12).contains(month) || month >= 20) && 97 - number % 97 == digits[13] * 10 + digits[14]
  }

  /// Spain: eight digits and the letter that their remainder modulo 23 names (Royal Decree 1553/2005). The place of the
  /// letter.
  private static func spanishLetter(_ text: SegmentedText, _ number: ArraySlice<DigitGroup>, _ digits: [Int]) -> Int? {
    guard digits.count == 8, number.count == 1 else { return nil }
    var place = number.range.upperBound
    if text.scalar(place) == "-" { place += 1 }
    guard let scalar = text.scalar(place), !(text.scalar(place + 1)?.isWordPart ?? false) else { return nil }
    let letter = Array("TRWAGMYFPDXBNJZSQVHLCKE".unicodeScalars)[digits.reduce(0) { $0 * 10 + $1 } % 23]
    return scalar == letter ? place : nil
  }

  /// Ukraine: ten digits, weights −1 5 7 9 4 6 10 5 7, modulo 11, modulo 10 (State Register of taxpayers).
  static func isRNOKPP(_ digits: [Int]) -> Bool {
    guard digits.count == 10, digits.contains(where: { $0 != 0 }) else { return false }
    let sum = weighted(digits.prefix(9), by: [-1, 5, 7, 9, 4, 6, 10, 5, 7])
    return (sum % 11 + 11) % 11 % 10 == digits[9]
  }

  /// Germany: eleven digits, the first no zero, the last by ISO/IEC 7064, MOD 11,10 (Federal Central Tax Office).
  static func isSteuerID(_ digits: [Int]) -> Bool {
    guard digits.count == 11, digits[0] != 0 else { return false }
    var product = 10
    for digit in digits.prefix(10) {
      let sum = (digit + product) % 10
      product = (sum == 0 ? 10 : sum) * 2 % 11
    }
    return (11 - product) % 10 == digits[10]
  }

  /// Russia: twelve digits, of which the last two are check digits modulo 11, modulo 10 (Federal Tax Service).
  static func isINN(_ digits: [Int]) -> Bool {
    guard digits.count == 12, digits.contains(where: { $0 != 0 }) else { return false }
    let first = weighted(digits.prefix(10), by: [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10
    let second = weighted(digits.prefix(11), by: [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10
    return first == digits[10] && second == digits[11]
  }

  private static func weighted(_ digits: ArraySlice<Int>, by weights: [Int]) -> Int {
    zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
