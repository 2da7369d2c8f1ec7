extension TeXWriter {
  mutating func writeClassicResume(_ person: DocumentPerson, _ sections: [DocumentSection]) {
    writeCentredHeader(person)
    for section in sections { write(section) }
  }

  mutating func writeColumnResume(_ person: DocumentPerson, _ sections: [DocumentSection]) {
    writeSideColumn(person, sections.filter(\.kind.isInSideColumn))
    line("\\begin{maincolumn}")
    for section in sections where !section.kind.isInSideColumn { write(section) }
    line("\\end{maincolumn}")
    line("\\shipcolumns")
  }

  /// The name, the line below it, and the contacts between bars.
  mutating func writeCentredHeader(_ person: DocumentPerson) {
    command("centredname", TeXText.escaped(person.name))
    if let headline = person.headline { command("centredline", TeXText.escaped(headline)) }
    if !person.contacts.isEmpty {
      command("contactline", person.contacts.map(Self.unbroken).joined(separator: "\\bars "))
    }
  }

  /// A contact that stays on its line, unless it is too long for one.
  private static func unbroken(_ contact: DocumentPerson.Contact) -> String {
    let source = linked(contact.text, contact.target)
    return contact.text.unicodeScalars.count <= 40 ? "\\mbox{\(source)}" : source
  }

  /// The dark column.
  mutating func writeSideColumn(_ person: DocumentPerson, _ sections: [DocumentSection]) {
    line("\\begin{sidecolumn}")
    isNarrow = true
    // Long words need a smaller size, so that they need not be cut.
    let longestWord = person.name.split(separator: " ").map(\.count).max() ?? 0
    command("narrowname", longestWord > 16 ? "15" : longestWord > 12 ? "19" : "23", TeXText.escaped(person.name))
    if let headline = person.headline { command("narrowline", TeXText.escaped(headline)) }
    if !person.contacts.isEmpty {
      command("heading", "Contact")
      for contact in person.contacts { command("contact", Self.linked(contact.text, contact.target)) }
    }
    for section in sections { write(section) }
    line("\\end{sidecolumn}")
    isNarrow = false
  }

  private mutating func write(_ section: DocumentSection) {
    command("heading", TeXText.escaped(section.heading))
    for (index, item) in section.items.enumerated() {
      if index > 0, needsGap(section.items[index - 1], item) { line("\\gap") }
      write(item)
    }
  }

  private func needsGap(_ before: SectionItem, _ item: SectionItem) -> Bool {
    switch (before, item) {
    case (.label, _): false
    case (.entry, _), (_, .entry), (_, .label): true
    default: false
    }
  }

  private mutating func write(_ item: SectionItem) {
    switch item {
    case .paragraph(let text): command("paragraphtext", TeXText.escaped(text))
    case .row(let texts): command("paragraphtext", texts.map(TeXText.escaped).joined(separator: "\\dotted "))
    case .point(let text): command("point", TeXText.escaped(text))
    case .fact(let fact): write(fact)
    case .label(let text): command("sublabel", TeXText.escaped(text))
    case .entry(let entry): write(entry)
    }
  }

  mutating func write(_ fact: SectionFact) { write([fact]) }

  /// Facts beside each other.
  private mutating func write(_ facts: [SectionFact]) {
    let texts = facts.map { fact in
      "\\fact{\(TeXText.escaped(fact.label))}{\(fact.values.map(TeXText.escaped).joined(separator: ", "))}"
    }
    command("paragraphtext", texts.joined(separator: "\\dotted "))
  }

  private mutating func write(_ entry: SectionEntry) {
    let target = entry.url.flatMap(LinkTarget.web)
    let title = Self.linked(entry.title, target)
    let below = [
      entry.organization.map { "\\textit{\(TeXText.escaped($0))}" },
      entry.url.map { "\\quietly{\(Self.linked($0, target))}" },
    ].compactMap { $0 }.joined(separator: "\\dotted ")
    if isNarrow {
      if !entry.title.isEmpty { command("longentry", title) }
      if !below.isEmpty { command("longsubentry", below) }
      let quiet = [entry.dates, entry.place].compactMap { $0 }.map(TeXText.escaped)
      if !quiet.isEmpty { command("paragraphtext", "\\quietly{\(quiet.joined(separator: "\\dotted "))}") }
    } else {
      writeSides(("entry", "longentry"), title, length: entry.title.unicodeScalars.count, entry.dates)
      let length = (entry.organization ?? "").unicodeScalars.count + (entry.url ?? "").unicodeScalars.count
      writeSides(("subentry", "longsubentry"), below, length: length, entry.place)
    }
    for text in entry.paragraphs { command("paragraphtext", TeXText.escaped(text)) }
    for text in entry.points { command("point", TeXText.escaped(text)) }
    for facts in entry.factLines { write(facts) }
  }

  /// Two texts at the sides of a line if they have room there, else below each other.
  private mutating func writeSides(
    _ commands: (beside: String, above: String), _ left: String, length: Int, _ right: String?
  ) {
    guard let right else {
      if !left.isEmpty { command(commands.above, left) }
      return
    }
    let room = order.template == .classic ? 50 : 32
    if right.unicodeScalars.count <= room, length <= 300 {
      return command(commands.beside, left, TeXText.escaped(right))
    }
    if !left.isEmpty { command(commands.above, left) }
    line("\\onlyleft{\\quietly{\(TeXText.escaped(right))}}\\nobreak")
  }
}
