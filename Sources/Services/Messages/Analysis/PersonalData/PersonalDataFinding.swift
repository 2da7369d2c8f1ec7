/// A place in a message where somebody's personal data stands.
struct PersonalDataFinding: Codable, Sendable, Hashable {
  /// What kind of data it is.
  enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
    case iban
    case cardNumber = "card_number"
    case nationalID = "national_id"
    case email
    case password
    case phone
  }

  var kind: Kind
  /// The data with all but a trace hidden; nothing else of it is written into alerts and logs.
  var masked: String
  /// Where it begins, in Unicode scalars from 0.
  var offset: Int
  /// How many Unicode scalars it has.
  var length: Int

  var range: Range<Int> { offset..<offset + length }

  init(_ kind: Kind, _ range: Range<Int>, masked: String) {
    self.kind = kind
    self.masked = masked
    offset = range.lowerBound
    length = range.count
  }

  /// All personal data in a text, in the order of their places. Where two readings overlap, the one with the better proof
  /// stays: checksums before forms, in the order of the kinds.
  static func all(in text: SegmentedText) -> [PersonalDataFinding] {
    let groups = DigitGroup.all(in: text.scalars)
    var kept: [PersonalDataFinding] = []
    for found in [
      IBANScan.findings(in: text.scalars), CardNumberScan.findings(in: groups),
      NationalIDScan.findings(in: text, groups), EmailScan.findings(in: text.scalars),
      PasswordScan.findings(in: text), PhoneScan.findings(in: text, groups),
    ] {
      kept = merged(kept, found)
    }
    return kept
  }

  /// Two lists that are ordered by place, without those of the second that overlap one of the first.
  private static func merged(_ first: [Self], _ second: [Self]) -> [Self] {
    var result: [Self] = []
    var rest = first[...]
    for finding in second {
      while let next = rest.first, next.range.upperBound <= finding.offset { result.append(rest.removeFirst()) }
      let isFree = rest.first.map { !$0.range.overlaps(finding.range) } ?? true
      let isBehind = result.last.map { $0.range.upperBound <= finding.offset } ?? true
      if isFree, isBehind { result.append(finding) }
    }
    return result + rest
  }

  /// All but the last four characters hidden.
  static func lastFour(_ text: some Collection<Character>) -> String { "****" + String(text.suffix(4)) }
}
