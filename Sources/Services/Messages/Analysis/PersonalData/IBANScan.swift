/// Finds international bank account numbers: a country's two letters, two check digits and as many letters and digits as the
/// country has, written together or with single spaces, whose remainder modulo 97 is 1 (ISO 13616-1; the check is that of
/// ISO/IEC 7064, MOD 97-10).
enum IBANScan {
  static func findings(in scalars: [Unicode.Scalar]) -> [PersonalDataFinding] {
    var findings: [PersonalDataFinding] = []
    var start = 0
    while start + 4 < scalars.count {
      let isFree = start == 0 || !scalars[start - 1].isWordPart
      if isFree, let (end, text) = iban(in: scalars, from: start) {
        findings.append(
          .init(.iban, start..<end, masked: String(text.prefix(2)) + PersonalDataFinding.lastFour(text)))
        start = end
      } else {
        start += 1
      }
    }
    return findings
  }

  private static func iban(in scalars: [Unicode.Scalar], from start: Int) -> (end: Int, text: String)? {
    guard scalars[start].isASCIILetter, scalars[start + 1].isASCIILetter, scalars[start + 2].isASCIIDigit,
      scalars[start + 3].isASCIIDigit
    else { return nil }
    let country = String(String.UnicodeScalarView(scalars[start...start + 1])).uppercased()
    guard let length = lengths[country] else { return nil }
    var text = ""
    var index = start
    while index < scalars.count, text.utf8.count < length {
      if scalars[index].isASCIILetter || scalars[index].isASCIIDigit {
        text.unicodeScalars.append(scalars[index])
      } else if scalars[index] != " " && scalars[index] != "\u{A0}" || scalars[index - 1].isSpace {
        return nil
      }
      index += 1
    }
    let goesOn = index < scalars.count && scalars[index].isWordPart
    guard text.utf8.count == length, !goesOn, isValid(text.uppercased()) else { return nil }
    return (index, text.uppercased())
  }

  /// Whether an account number in upper case, without spaces, has the right check digits: the first four signs are put
  /// behind the others, letters become the numbers 10 to 35, and the whole leaves 1 when it is divided by 97.
  static func isValid(_ iban: String) -> Bool {
    let signs = Array(iban.utf8)
    guard signs.count > 4 else { return false }
    let remainder = (signs[4...] + signs[..<4]).reduce(0) { remainder, sign in
      let value = sign >= 0x41 ? Int(sign) - 0x41 + 10 : Int(sign) - 0x30
      return (remainder * (value > 9 ? 100 : 10) + value) % 97
    }
    return remainder == 1
  }

  /// Lengths by country, from the registry of ISO 13616.
  private static let lengths: [String: Int] = [
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15,
    "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19,
    "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
  ]
}

extension Unicode.Scalar {
  var isASCIIDigit: Bool { (0x30...0x39).contains(value) }
}
