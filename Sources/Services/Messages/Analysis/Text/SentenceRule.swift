/// Finds sentences by the rules of Unicode Standard Annex 29, section 5, a little simplified: a sentence ends after `.`, `!`, `?`
/// and their like, with the quotes and brackets closed behind them, when a space or the end follows (the full-width signs
/// need none), and at each line break. A point before a lower-case letter ends none, so that most abbreviations do not. A
/// piece without letters, digits or symbols is no sentence, but a text that is all signs is one.
enum SentenceRule {
  /// Where the sentences end, in order; at least one.
  static func ends(of scalars: [Unicode.Scalar]) -> [Int] {
    var ends: [Int] = []
    var hasContent = false
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar.isLineBreak || scalar.isTerminator {
        let (end, isEnd) = scalar.isLineBreak ? (index + 1, true) : terminators(scalars, from: index)
        if isEnd, hasContent {
          ends.append(end)
          hasContent = false
        }
        index = end
      } else {
        hasContent = hasContent || scalar.isContent
        index += 1
      }
    }
    if hasContent || ends.isEmpty { ends.append(scalars.count) }
    return ends
  }

  /// Where a row of terminators and what closes behind it is over, and whether a sentence ends there.
  private static func terminators(_ scalars: [Unicode.Scalar], from start: Int) -> (end: Int, isEnd: Bool) {
    var end = start
    while end < scalars.count, scalars[end].isTerminator { end += 1 }
    let signs = scalars[start..<end]
    while end < scalars.count, scalars[end].isCloser { end += 1 }
    guard end < scalars.count else { return (end, true) }
    if signs.contains(where: \.isWideTerminator) { return (end, true) }
    guard scalars[end].isSpace else { return (end, false) }
    let next = scalars[end...].first { !$0.isSpace || $0.isLineBreak }
    let mayGoOn = signs.allSatisfy { $0 == "." || $0 == "\u{2026}" }
    return (end, !(mayGoOn && next?.properties.generalCategory == .lowercaseLetter))
  }
}

extension Unicode.Scalar {
  fileprivate var isTerminator: Bool {
    switch self {
    case ".", "!", "?", "\u{2026}", "\u{203D}", "\u{61F}", "\u{964}", "\u{965}": true
    default: isWideTerminator
    }
  }

  fileprivate var isWideTerminator: Bool {
    switch self {
    case "\u{3002}", "\u{FF01}", "\u{FF1F}", "\u{FF61}": true
    default: false
    }
  }

  fileprivate var isCloser: Bool {
    switch properties.generalCategory {
    case .closePunctuation, .finalPunctuation: true
    default: self == "\"" || self == "'" || self == "\u{201C}"
    }
  }

  fileprivate var isLineBreak: Bool {
    (0x0A...0x0D).contains(value) || value == 0x85 || value == 0x2028 || value == 0x2029
  }

  fileprivate var isContent: Bool {
    if isLetter || digit != nil { return true }
    switch properties.generalCategory {
    case .otherSymbol, .currencySymbol: return true
    default: return false
    }
  }
}
