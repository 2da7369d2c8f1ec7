import CelerityJSON

/// How much stands in a document, measured on its data: what it will look like is a matter of rules of thumb.
struct ContentAnalysis: Sendable, Hashable {
  /// One section's measures.
  struct Section: Sendable, Hashable {
    var name: String
    var words: Int
    var characters: Int

    /// Lines of 75 characters, and two for the heading and what is around it.
    var lines: Int { max(1, (characters + 74) / 75) + 2 }

    var averageWordLength: Double { words > 0 ? (Double(characters) / Double(words)).rounded(to: 2) : 0 }

    /// How much it is for one section.
    var density: String { words > 100 ? "high" : words > 50 ? "medium" : "low" }
  }

  var spacing: SpacingMode
  var sections: [Section]

  var words: Int { sections.reduce(0) { $0 + $1.words } }
  var characters: Int { sections.reduce(0) { $0 + $1.characters } }
  var lines: Int { sections.reduce(0) { $0 + $1.lines } }

  /// Pages as the lines suggest.
  var estimatedPages: Int { max(1, (lines + spacing.linesPerPage - 1) / spacing.linesPerPage) }

  /// The analysis of data.
  init(_ data: RawJSON, spacing: SpacingMode) {
    self.spacing = spacing
    sections = (JSONTree(data).members ?? []).compactMap { member in
      let text = Self.texts(member.value).joined(separator: " ")
      let words = text.split(whereSeparator: \.isWhitespace).count
      return words == 0 ? nil : Section(name: member.name, words: words, characters: text.count)
    }
  }

  /// All that would be read in a value, in its order.
  private static func texts(_ value: JSONTree) -> [String] {
    switch value {
    case .string(let text): text.isEmpty ? [] : [text]
    case .array(let elements): elements.flatMap(texts)
    case .object(let members): members.flatMap { texts($0.value) }
    case .scalar(let value): value.kind == .number ? [value.description] : []
    }
  }

  /// What to change.
  func recommendations(pages: Int) -> [String] {
    var advice: [String] = []
    if pages > 2 { advice.append("\(pages) pages are many: two are enough for nearly everybody") }
    if words > 800 {
      advice.append("\(words) words: aim for 600 to 700 on one page, for 1,000 to 1,200 on two")
    }
    if lines > 100 { advice.append("about \(lines) lines: shorten the longest sections, or set them more tightly") }
    for section in sections where section.words > 300 && section.name != "body" {
      advice.append("\(section.name) has \(section.words) words: keep what matters most")
    }
    if advice.isEmpty, words < 150 { advice.append("\(words) words are few: there is room for more") }
    if advice.isEmpty { advice.append("the length is right") }
    return advice
  }
}

extension SpacingMode {
  /// Lines that stand on a page.
  var linesPerPage: Int {
    switch self {
    case .normal: 45
    case .compact: 52
    case .ultraCompact: 58
    }
  }
}

extension Double {
  /// The number with so many decimals.
  func rounded(to places: Int) -> Double {
    let factor = Double((0..<places).reduce(1) { product, _ in product * 10 })
    return (self * factor).rounded() / factor
  }
}
