extension WordWriter {
  mutating func writeCentredHeader(_ person: DocumentPerson) {
    paragraph(.name, [.text(person.name)])
    if let headline = person.headline { paragraph(.headline, [.text(headline)]) }
    let contacts = person.contacts.map { [Piece.link($0.text, to: $0.target)] }
    if !contacts.isEmpty { paragraph(.contact, Array(contacts.joined(separator: [.quiet("  |  ")]))) }
  }

  mutating func writeSideHeader(_ person: DocumentPerson) {
    paragraph(.name, [.text(person.name)])
    if let headline = person.headline { paragraph(.headline, [.text(headline)]) }
    guard !person.contacts.isEmpty else { return }
    paragraph(.heading, [.text("Contact")])
    for contact in person.contacts { paragraph(.contact, [.link(contact.text, to: contact.target)]) }
  }

  mutating func write(_ section: DocumentSection) {
    paragraph(.heading, [.text(section.heading)])
    for item in section.items {
      switch item {
      case .paragraph(let text): paragraph(.text, [.text(text)])
      case .row(let texts): paragraph(.text, [.text(texts.joined(separator: " · "))])
      case .point(let text): paragraph(.point, [.text(text)])
      case .fact(let fact): write(fact)
      case .label(let text): paragraph(.label, [.text(text)])
      case .entry(let entry): write(entry)
      }
    }
  }

  mutating func write(_ fact: SectionFact) { write([fact]) }

  /// Facts beside each other.
  private mutating func write(_ facts: [SectionFact]) {
    let pieces = facts.map { fact in
      [Piece.bold(fact.label + ": "), .text(fact.values.joined(separator: ", "))]
    }
    paragraph(.text, Array(pieces.joined(separator: [.quiet(" · ")])))
  }

  private mutating func write(_ entry: SectionEntry) {
    let target = entry.url.flatMap(LinkTarget.web)
    let title: [Piece] = entry.title.isEmpty ? [] : [.link(entry.title, to: target)]
    let organization = entry.organization.map { [Piece.text($0)] }
    let url = entry.url.map { [Piece.link($0, to: target)] }
    let below = Array([organization, url].compactMap { $0 }.joined(separator: [.quiet(" · ")]))
    if isSide {
      if !title.isEmpty { paragraph(.entry, title) }
      if !below.isEmpty { paragraph(.subentry, below) }
      let quiet = [entry.dates, entry.place].compactMap { $0 }.joined(separator: " · ")
      if !quiet.isEmpty { paragraph(.quiet, [.text(quiet)]) }
    } else {
      sides(.entry, title, entry.dates)
      sides(.subentry, below, entry.place)
    }
    for text in entry.paragraphs { paragraph(.text, [.text(text)]) }
    for text in entry.points { paragraph(.point, [.text(text)]) }
    for facts in entry.factLines { write(facts) }
  }

  private mutating func sides(_ style: WordStyles.Paragraph, _ left: [Piece], _ right: String?) {
    if left.isEmpty, right == nil { return }
    paragraph(style, left + (right.map { [.tab, .quiet($0)] } ?? []))
  }

  mutating func write(_ letter: CoverLetter, from person: DocumentPerson) {
    paragraph(.letter, [.text(letter.date)])
    for text in letter.recipient { paragraph(.text, [.text(text)]) }
    if !letter.recipient.isEmpty { paragraph(.text, []) }
    if let subject = letter.subject { paragraph(.letter, [.bold(subject)]) }
    paragraph(.letter, [.text(letter.salutation)])
    for text in letter.paragraphs { paragraph(.letter, [.text(text)]) }
    paragraph(.letter, [.text(letter.closing)])
    paragraph(.letter, [.bold(person.name)])
    for fact in letter.notes { write(fact) }
  }
}
