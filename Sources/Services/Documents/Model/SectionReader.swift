import CelerityJSON

/// Reads one section's value, whatever shape it has.
struct SectionReader {
  let plan: SectionPlan
  private var items: [SectionItem] = []

  /// The items that a value of a section is.
  static func items(_ value: JSONTree, as plan: SectionPlan) -> [SectionItem] {
    var reader = SectionReader(plan: plan)
    reader.read(value)
    return reader.hasMixedTitles ? reader.items.map(entryFromPoint) : reader.items
  }

  /// Some certificates may be given by their names only; in a list with others they look like these.
  private var hasMixedTitles: Bool {
    [.certifications, .awards].contains(plan.kind)
      && items.contains { if case .entry = $0 { true } else { false } }
  }

  private static func entryFromPoint(_ item: SectionItem) -> SectionItem {
    if case .point(let text) = item { .entry(SectionEntry(title: text)) } else { item }
  }

  private init(plan: SectionPlan) { self.plan = plan }

  private mutating func read(_ value: JSONTree) {
    switch value {
    case .string(let text): items += PrintedText.paragraphs(text).map(SectionItem.paragraph)
    case .scalar(let raw):
      if plan.kind == .references {
        // "Are references available?" is answered in words.
        if raw.boolValue == true { items.append(.paragraph("Available on request.")) }
      } else {
        items += PrintedText.values(value).map(SectionItem.paragraph)
      }
    case .array(let elements): for element in elements { readElement(element) }
    case .object(let members): readObject(members)
    }
  }

  private mutating func readElement(_ value: JSONTree) {
    switch value {
    case .string, .scalar: for text in Self.texts(value) { append(text) }
    case .array(let elements): for element in elements { readElement(element) }
    case .object(let members): readEntry(members)
    }
  }

  /// Of texts in a list the line breaks are kept only where they divide something.
  private static func texts(_ value: JSONTree) -> [String] {
    if case .string(let text) = value { PrintedText.lines(text) } else { PrintedText.values(value) }
  }

  private mutating func append(_ text: String) {
    switch plan.texts {
    case .paragraphs: items.append(.paragraph(text))
    case .points: items.append(.point(text))
    case .row:
      if case .row(let before) = items.last {
        items[items.count - 1] = .row(before + [text])
      } else {
        items.append(.row([text]))
      }
    }
  }

  /// One object is an entry if it has an entry's fields, else it holds lists by their categories.
  private mutating func readObject(_ members: [JSONTree.Member]) {
    let fields = ObjectFields(members)
    let isGroup = plan.fields.group.map { fields.has($0.label) && fields.has($0.values) } ?? false
    let isEntry = plan.kind != .skillsMatrix && plan.fields.group == nil && fields.has(plan.fields.all)
    if isGroup || isEntry { return readEntry(members) }
    for member in members { readCategory(member) }
  }

  private mutating func readCategory(_ member: JSONTree.Member) {
    let label = FieldName.label(member.name)
    let holdsObjects = member.value.elements?.contains { $0.members != nil } ?? false
    if holdsObjects {
      items.append(.label(label))
      return readElement(member.value)
    }
    let values = PrintedText.values(member.value)
    if !values.isEmpty { items.append(.fact(SectionFact(label: label, values: values))) }
  }

  private mutating func readEntry(_ members: [JSONTree.Member]) {
    var fields = ObjectFields(members)
    if let group = plan.fields.group {
      if let label = fields.text(group.label) {
        let values = fields.list(group.values)
        // A language whose proficiency nobody told is just one of the row.
        let facts = fields.restAsFacts()
        if values.isEmpty, facts.isEmpty { return append(label) }
        let more = facts.map { "\($0.label): \($0.values.joined(separator: ", "))" }
        if plan.kind == .languages { return append("\(label) (\((values + more).joined(separator: ", ")))") }
        return items.append(.fact(SectionFact(label: label, values: values + more)))
      }
    }
    let entry = SectionEntry(fields: &fields, plan: plan.fields)
    if !entry.isEmpty { items.append(.entry(entry)) }
  }
}
