/// The reference page of the command line.
enum CommandReference {
  static var markdown: String {
    var lines = [
      "# Command line", "",
      "Made from the declarations by `celerity manual --format markdown`; a test compares the two.", "",
      CommandLineFacts.output, "", "## Exit codes", "", "| code | meaning |", "| --- | --- |",
    ]
    lines += ExitStatus.allCases.map { "| \($0.rawValue) | \(CommandLineFacts.meaning(of: $0)) |" }
    lines += ["", "## Environment", "", "| variable | meaning |", "| --- | --- |"]
    lines += CommandLineFacts.environment.map { "| `\($0.name)` | \(cell($0.meaning)) |" }
    for group in Verb.root.groups {
      lines += ["", "## \(group.title)"]
      for verb in group.verbs.flatMap(\.leaves) { lines += section(verb) }
    }
    return lines.joined(separator: "\n")
  }

  private static func section(_ verb: Verb) -> [String] {
    let notes = VerbNotes(of: verb)
    let syntax = VerbSyntax(of: verb)
    var lines = ["", "### \(verb.title)", "", verb.summary]
    if !notes.examples.isEmpty {
      lines += ["", "```sh"]
      lines += notes.examples.map { $0.note == nil ? $0.command : "\($0.command)  # \($0.note ?? "")" }
      lines.append("```")
    }
    lines += ["", "```text", UsageLine(verb, syntax).text, "```"]
    for paragraph in notes.paragraphs { lines += ["", paragraph] }
    let arguments = syntax.shown.filter { !$0.isHelp }
    guard !arguments.isEmpty else { return lines }
    lines += ["", "| | |", "| --- | --- |"]
    return lines + arguments.map { "| `\($0.synopsis.replacing("|", with: "\\|"))` | \(cell($0.explanation)) |" }
  }

  private static func cell(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("<", with: "&lt;")
  }
}
