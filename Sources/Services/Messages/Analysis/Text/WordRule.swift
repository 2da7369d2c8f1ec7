/// Finds words by the rules of Unicode Standard Annex 29, section 4, as far as they need no dictionary: letters, digits and
/// underscores stay together with the marks on them, an apostrophe or middle dot between letters and a point or comma
/// between digits do not part them, and each ideograph or hiragana is a word of its own. Scripts without spaces
/// (Thai, Lao, Khmer, Burmese) are one word until a space.
enum WordRule {
  static func words(of scalars: [Unicode.Scalar], sentenceEnds: [Int]) -> [SegmentedText.Word] {
    var words: [SegmentedText.Word] = []
    var sentence = 0
    var start = 0
    while start < scalars.count {
      let end = end(of: scalars, from: start)
      guard end > start else {
        start += 1
        continue
      }
      while sentence < sentenceEnds.count - 1, sentenceEnds[sentence] <= start { sentence += 1 }
      if scalars[start..<end].contains(where: { $0 != "_" }) {
        words.append(.init(text: normal(scalars[start..<end]), range: start..<end, sentence: sentence))
      }
      start = end
    }
    return words
  }

  /// Where the word that begins at a place ends; the place itself when none begins there.
  private static func end(of scalars: [Unicode.Scalar], from start: Int) -> Int {
    guard scalars[start].isWordPart else { return start }
    var end = start + 1
    if scalars[start].standsAlone {
      while end < scalars.count, scalars[end].isExtension { end += 1 }
      return end
    }
    while end < scalars.count {
      let scalar = scalars[end]
      if scalar.isExtension || scalar.isWordPart && !scalar.standsAlone {
        end += 1
      } else if end + 1 < scalars.count, joins(scalar, scalars[end - 1], scalars[end + 1]) {
        end += 2
      } else {
        break
      }
    }
    return end
  }

  /// Whether a sign between two others does not end a word (rules WB6, WB7, WB11, WB12).
  private static func joins(_ sign: Unicode.Scalar, _ before: Unicode.Scalar, _ after: Unicode.Scalar) -> Bool {
    if sign.isApostrophe || sign == "\u{B7}" { return before.isLetter && after.isLetter && !after.standsAlone }
    if sign == "." || sign == "," { return before.digit != nil && after.digit != nil }
    return false
  }

  private static func normal(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    for scalar in scalars { view.append(scalar.isApostrophe ? "'" : scalar) }
    return String(view).lowercased()
  }
}

extension Unicode.Scalar {
  /// Ideographs and hiragana are words each.
  var standsAlone: Bool { value >= 0x3040 && (properties.isIdeographic || (0x3040...0x309F).contains(value)) }

  /// Marks, joiners and invisible signs belong to what is before them (rule WB4).
  fileprivate var isExtension: Bool {
    guard value >= 0xAD else { return false }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .format: return true
    default: return false
    }
  }
}
