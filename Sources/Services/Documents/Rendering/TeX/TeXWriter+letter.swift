extension TeXWriter {
  mutating func writeClassicLetter(_ person: DocumentPerson, _ letter: CoverLetter) {
    writeCentredHeader(person)
    line("\\vskip1cm")
    writeLetter(person, letter)
  }

  mutating func writeColumnLetter(_ person: DocumentPerson, _ letter: CoverLetter) {
    writeSideColumn(person, [])
    line("\\begin{maincolumn}")
    line("\\vskip0.8cm")
    writeLetter(person, letter)
    line("\\end{maincolumn}")
    line("\\shipcolumns")
  }

  private mutating func writeLetter(_ person: DocumentPerson, _ letter: CoverLetter) {
    command("letterparagraph", TeXText.escaped(letter.date))
    for text in letter.recipient { command("paragraphtext", TeXText.escaped(text)) }
    if !letter.recipient.isEmpty { line("\\vskip10pt") }
    if let subject = letter.subject { command("letterparagraph", "\\textbf{\(TeXText.escaped(subject))}") }
    command("letterparagraph", TeXText.escaped(letter.salutation))
    for text in letter.paragraphs { command("letterparagraph", TeXText.escaped(text)) }
    line("\\nobreak\\vskip6pt")
    command("paragraphtext", TeXText.escaped(letter.closing))
    line("\\nobreak\\vskip16pt")
    command("paragraphtext", "\\textbf{\(TeXText.escaped(person.name))}")
    if !letter.notes.isEmpty { line("\\vskip10pt") }
    for fact in letter.notes { write(fact) }
  }
}
