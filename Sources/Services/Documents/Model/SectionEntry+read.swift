extension SectionEntry {
  /// Reads an entry by the names its parts go by. What goes by no known name is kept as a fact, so that nothing is lost.
  init(fields: inout ObjectFields, plan: EntryFields) {
    title = fields.text(plan.title) ?? ""
    organization = fields.text(plan.organization)
    place = fields.text(plan.place)
    url = fields.text(plan.url)
    dates = Self.dates(&fields, plan)
    for value in fields.values(plan.paragraphs) {
      if case .string(let text) = value {
        paragraphs += PrintedText.lines(text)
      } else {
        points += PrintedText.values(value)
      }
    }
    points += fields.list(plan.points)
    for (label, names) in plan.facts {
      let values = fields.list(names)
      if !values.isEmpty { facts.append(SectionFact(label: label, values: values)) }
    }
    facts += fields.restAsFacts()
    if title.isEmpty, let organization {
      title = organization
      self.organization = nil
    }
    if title.isEmpty, let dates {
      // Dates stand beside a title; without one they are a fact among others.
      facts.insert(SectionFact(label: "Dates", values: [dates]), at: 0)
      self.dates = nil
    }
  }

  private static func dates(_ fields: inout ObjectFields, _ plan: EntryFields) -> String? {
    let start = fields.text(plan.start)
    var end = fields.text(plan.end)
    let date = fields.text(plan.date)
    if start != nil, end == nil, date == nil { end = plan.openEnd }
    let span = [start, end ?? (start == nil ? nil : date)].compactMap { $0 }.joined(separator: " – ")
    if span.isEmpty { return date }
    // A date beside a whole span says something else, as that of graduation.
    if let date, end != nil, date != end { return "\(span) (\(date))" }
    return span
  }
}
