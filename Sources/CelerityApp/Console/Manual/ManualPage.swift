/// The manual page in the language of man(7), with only what groff and mandoc both know.
enum ManualPage {
  static var text: String {
    var page = Roff()
    // Without a date, so that two builds of one source are the same.
    page.macro("TH", "CELERITY", "1", "", "Celerity \(celerityVersion)", "User Commands")
    page.section("NAME")
    page.line("celerity \\- \(Roff.escaped(CommandLineFacts.summary))")
    page.section("SYNOPSIS")
    page.bold("celerity", then: " verb [options]")
    page.section("DESCRIPTION")
    page.text(CommandLineFacts.output)
    page.examples(VerbNotes(of: .root).examples)
    for group in Verb.root.groups {
      page.section(group.title.uppercased())
      for verb in group.verbs.flatMap(\.leaves) { page.verb(verb) }
    }
    page.section("EXIT STATUS")
    for status in ExitStatus.allCases {
      page.term(String(status.rawValue), CommandLineFacts.meaning(of: status))
    }
    page.section("ENVIRONMENT")
    for (name, meaning) in CommandLineFacts.environment { page.term(name, meaning) }
    page.section("FILES")
    page.term("./var/celerity.db", "The embedded store; --data and --engine name another place.")
    return page.lines.joined(separator: "\n")
  }
}

/// Writes man(7).
private struct Roff {
  var lines: [String] = []

  /// Backslashes, hyphens that must stay hyphens, and dots and quotes at the start of a line mean something to roff.
  static func escaped(_ text: String) -> String {
    let text = text.replacing("\\", with: "\\(rs").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
      .replacing("^", with: "\\(ha").replacing("~", with: "\\(ti").replacing("`", with: "\\(ga")
    let plain = text.replacing("…", with: "...").replacing("–", with: "\\(en")
    return plain.hasPrefix(".") ? "\\&" + plain : plain
  }

  mutating func line(_ text: String) { lines.append(text) }

  mutating func macro(_ name: String, _ arguments: String...) {
    lines.append(".\(name) " + arguments.map { "\"\($0)\"" }.joined(separator: " "))
  }

  mutating func section(_ title: String) { macro("SH", title) }

  mutating func bold(_ text: String, then rest: String = "") {
    line("\\fB\(Self.escaped(text))\\fR\(Self.escaped(rest))")
  }

  mutating func text(_ text: String) { line(Self.escaped(text)) }

  mutating func paragraph(_ text: String) {
    line(".PP")
    line(Self.escaped(text))
  }

  mutating func term(_ term: String, _ text: String) {
    line(".TP")
    bold(term)
    line(text.isEmpty ? "\\&" : Self.escaped(text))
  }

  mutating func examples(_ examples: [VerbNotes.Example]) {
    guard !examples.isEmpty else { return }
    line(".PP")
    line(".nf")
    for example in examples {
      line("    " + Self.escaped(example.command) + (example.note.map { "   # " + Self.escaped($0) } ?? ""))
    }
    line(".fi")
  }

  mutating func verb(_ verb: Verb) {
    let notes = VerbNotes(of: verb)
    let syntax = VerbSyntax(of: verb)
    macro("SS", Self.escaped(verb.title))
    line(Self.escaped(verb.summary))
    examples(notes.examples)
    line(".PP")
    bold(verb.title, then: String(UsageLine(verb, syntax).text.dropFirst(verb.title.count)))
    for paragraph in notes.paragraphs { self.paragraph(paragraph) }
    for argument in syntax.shown where !argument.isHelp {
      term(argument.synopsis, argument.explanation)
    }
  }
}
