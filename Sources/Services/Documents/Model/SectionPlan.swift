/// Where a section is found in the data, and how to read what stands there.
struct SectionPlan: Sendable {
  var kind: SectionKind
  var heading: String
  /// Its names in the data, in the form of ``FieldName/canonical(_:)``.
  var keys: [String]
  var texts: TextStyle
  var fields: EntryFields

  /// What becomes of a plain text in a list.
  enum TextStyle: Sendable {
    case paragraphs, row, points
  }

  init(_ kind: SectionKind, _ heading: String, _ keys: [String], texts: TextStyle, _ fields: EntryFields) {
    self.kind = kind
    self.heading = heading
    self.keys = keys.map(FieldName.canonical)
    self.texts = texts
    self.fields = fields
  }
}

/// The names that the parts of an entry go by, the best first.
struct EntryFields: Sendable {
  var title: [String]
  var organization: [String]
  var points: [String]
  var facts: [(label: String, names: [String])]
  var place = ["location", "place", "city"]
  var url = ["url", "link", "href", "website"]
  var start = ["startDate", "start", "from"].map(FieldName.canonical)
  var end = ["endDate", "end", "to"].map(FieldName.canonical)
  var date: [String]
  var paragraphs = ["description", "summary", "desc"]
  /// What an end that is not given means.
  var openEnd: String?
  /// What a label and its list are called where entries are groups of values.
  var group: (label: [String], values: [String])?

  init(
    title: [String], organization: [String] = [], points: [String] = [], facts: [(String, [String])] = [],
    date: [String] = [], openEnd: String? = nil, group: (label: [String], values: [String])? = nil
  ) {
    self.title = title.map(FieldName.canonical)
    self.organization = organization.map(FieldName.canonical)
    self.points = points.map(FieldName.canonical)
    self.facts = facts.map { (label: $0.0, names: $0.1.map(FieldName.canonical)) }
    self.date = (["date", "dates", "period"] + date).map(FieldName.canonical)
    self.openEnd = openEnd
    self.group = group.map { (label: $0.label.map(FieldName.canonical), values: $0.values.map(FieldName.canonical)) }
  }

  /// Every name there is.
  var all: [String] {
    title + organization + points + facts.flatMap(\.names) + url + start + end + date + paragraphs
  }
}
