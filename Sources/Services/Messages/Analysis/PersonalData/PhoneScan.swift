/// Finds telephone numbers: `+` and 8 to 15 digits (ITU-T E.164), the written forms of North America, France, Poland and
/// Ukraine, and 7 to 15 digits behind a word such as "phone" or "тел".
enum PhoneScan {
  private static let separators: Set<String> = [" ", "-", ".", "(", ")", " (", ") ", ")-"]
  private static let shapes: [[Int]] = [[3, 3, 4], [3, 3, 2, 2], [2, 2, 2, 2, 2], [3, 3, 3]]
  private static let words = WordList(
    """
    phone telephone tel mobile cell call whatsapp viber телефон* тел моб дзвон* подзвон* звон* позвон* telefon* zadzwoń \
    komórk* handy rufnummer móvil teléfono llama portable téléphone appelez
    """)
  /// Operators of Ukraine, whose numbers are also written in one piece.
  private static let ukrainian: Set<Int> = [39, 50, 63, 66, 67, 68, 73, 75, 77, 91, 92, 93, 94, 95, 96, 97, 98, 99]

  static func findings(in text: SegmentedText, _ groups: [DigitGroup]) -> [PersonalDataFinding] {
    let announced = Set(text.words.filter { words.contains($0.text) }.map(\.range.upperBound))
    var findings: [PersonalDataFinding] = []
    var start = 0
    while start < groups.count {
      if let (from, end) = phone(in: text, groups, from: start, announced) {
        let number = groups[start..<end]
        let tail = number.digits.suffix(2).map(String.init).joined()
        findings.append(.init(.phone, from..<number.range.upperBound, masked: "****" + tail))
        start = end
      } else {
        start += 1
      }
    }
    return findings
  }

  /// Where the number that begins with a group begins, sign included, and behind which group it ends.
  private static func phone(
    in text: SegmentedText, _ groups: [DigitGroup], from start: Int, _ announced: Set<Int>
  ) -> (from: Int, end: Int)? {
    guard !groups[start].touchesBefore else { return nil }
    var end = start + 1
    while end < groups.count, end - start < 8, groups[end].separator.map(separators.contains) ?? false { end += 1 }
    let first = groups[start].range.lowerBound
    let isInternational =
      text.scalar(first - 1) == "+" || text.scalar(first - 1) == "(" && text.scalar(first - 2) == "+"
    let isAnnounced = isAnnounced(text, before: first, announced)
    for end in (start + 1...end).reversed() {
      let number = groups[start..<end]
      guard number.isOneNumber(separators: separators) else { continue }
      let digits = number.digits
      if isInternational, (8...15).contains(digits.count), digits[0] != 0 {
        return (text.scalar(first - 1) == "+" ? first - 1 : first - 2, end)
      }
      if isAnnounced && (7...15).contains(digits.count) || isNational(number, digits) { return (first, end) }
    }
    return nil
  }

  private static func isNational(_ number: ArraySlice<DigitGroup>, _ digits: [Int]) -> Bool {
    let shape = number.map(\.digits.count)
    if shape == [10], digits[0] == 0 { return ukrainian.contains(digits[1] * 10 + digits[2]) }
    guard shapes.contains(shape), Set(number.dropFirst().map { $0.separator ?? "" }).count <= 2 else { return false }
    switch shape {
    case [3, 3, 4]: return digits[0] >= 2 && digits[3] >= 2  // North American Numbering Plan: NXX NXX XXXX
    case [3, 3, 2, 2]: return digits[0] == 0
    case [2, 2, 2, 2, 2]: return digits[0] == 0 && digits[1] > 0
    // Three threes are a price or a count as often: only with hyphens.
    default: return number.dropFirst().allSatisfy { $0.separator == "-" }
    }
  }

  /// Whether a word that announces a number stands right before it: signs and one more word may be between.
  private static func isAnnounced(_ text: SegmentedText, before first: Int, _ announced: Set<Int>) -> Bool {
    guard !announced.isEmpty else { return false }
    return (max(0, first - 14)...first).contains(where: announced.contains)
  }
}
