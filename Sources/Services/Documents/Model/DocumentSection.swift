/// A part of a resume under a heading of its own.
struct DocumentSection: Sendable, Hashable {
  var kind: SectionKind
  var heading: String
  var items: [SectionItem]
}

/// What stands in a section, in its order.
enum SectionItem: Sendable, Hashable {
  case paragraph(String)
  /// Short texts in a row.
  case row([String])
  case point(String)
  /// A label with what belongs to it.
  case fact(SectionFact)
  /// A smaller heading inside of the section.
  case label(String)
  case entry(SectionEntry)
}

/// A label with values, each without line breaks.
struct SectionFact: Sendable, Hashable {
  var label: String
  var values: [String]

  fileprivate var length: Int { label.count + values.reduce(0) { $0 + $1.count + 2 } }
}

/// A position, degree, project, publication, or whatever else has a title and more about it.
struct SectionEntry: Sendable, Hashable {
  /// Empty when nothing names the entry.
  var title = ""
  var dates: String?
  /// Who it was done for, or where it appeared.
  var organization: String?
  var place: String?
  /// As it was given.
  var url: String?
  var paragraphs: [String] = []
  var points: [String] = []
  var facts: [SectionFact] = []

  var isEmpty: Bool { self == SectionEntry() }

  /// The facts as they share lines: short ones stand beside each other.
  var factLines: [[SectionFact]] {
    var lines: [[SectionFact]] = []
    var isLastShort = false
    for fact in facts {
      let isShort = fact.length <= 45
      if isShort, isLastShort, !lines.isEmpty {
        lines[lines.count - 1].append(fact)
      } else {
        lines.append([fact])
      }
      isLastShort = isShort
    }
    return lines
  }
}
