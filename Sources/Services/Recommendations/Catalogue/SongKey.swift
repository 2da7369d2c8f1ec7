/// What is left of a title or an artist when people's ways of writing are taken away: lower case, letters without accents,
/// digits, and one blank between words.
struct SongKey: Sendable, Hashable, CustomStringConvertible {
  let description: String

  init(_ text: some StringProtocol) {
    var key: [Unicode.Scalar] = []
    for scalar in text.lowercased().unicodeScalars {
      if scalar == "'" || scalar == "\u{2019}" || scalar.properties.generalCategory == .nonspacingMark { continue }
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        key.append(Self.base(scalar))
      } else if scalar == "&" {
        // "Simon & Garfunkel" is "Simon and Garfunkel".
        key += Array(" and ".unicodeScalars)
      } else {
        key.append(" ")
      }
    }
    var words = String.UnicodeScalarView()
    words.append(contentsOf: key)
    description = String(words).split(separator: " ").joined(separator: " ")
  }

  var isEmpty: Bool { description.isEmpty }

  var words: [Substring] { description.split(separator: " ") }

  /// The letter under an accent, which stands in the character's name: "LATIN SMALL LETTER E WITH ACUTE".
  private static func base(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard scalar.value > 127, let name = scalar.properties.name, name.hasPrefix("LATIN SMALL LETTER ") else {
      return scalar
    }
    let parts = name.dropFirst("LATIN SMALL LETTER ".count).split(separator: " ")
    guard parts.count > 1, parts[1] == "WITH", parts[0].unicodeScalars.count == 1 else { return scalar }
    return parts[0].lowercased().unicodeScalars.first ?? scalar
  }
}
