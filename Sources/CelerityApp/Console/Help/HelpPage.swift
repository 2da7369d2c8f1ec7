/// The help of a verb: examples first, because that is what people look for, then usage and options.
struct HelpPage {
  let verb: Verb
  let layout: TextLayout
  private let syntax: VerbSyntax

  init(_ verb: Verb, _ layout: TextLayout = .standardOutput) {
    self.verb = verb
    self.layout = layout
    syntax = verb.isGroup ? VerbSyntax(arguments: []) : VerbSyntax(of: verb)
  }

  var text: String {
    let notes = VerbNotes(of: verb)
    var blocks = [layout.wrapped(introduction), examples(notes), usage]
    blocks += notes.paragraphs.map { layout.wrapped($0) }
    blocks += verb.isGroup ? verbs : arguments
    if verb.isRoot { blocks.append(footer) }
    return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private var introduction: String {
    verb.isRoot ? "Celerity \(celerityVersion) \(CommandLineFacts.summary)." : verb.summary
  }

  private func examples(_ notes: VerbNotes) -> [String] {
    guard !notes.examples.isEmpty else { return [] }
    return [layout.heading("Examples")] + layout.examples(notes.examples)
  }

  private var usage: [String] {
    [layout.heading("Usage")] + layout.wrapped(UsageLine(verb, syntax).text, indentedBy: 2, hanging: 6)
  }

  private var verbs: [[String]] {
    let groups = verb.groups
    let longest = groups.flatMap(\.verbs).map(\.name.count).max() ?? 0
    return groups.map { group in
      let rows = group.verbs.map { (term: $0.name.padded(to: longest), text: $0.summary) }
      return [layout.heading(group.title.isEmpty ? "Verbs" : group.title)] + layout.definitions(rows)
    } + (verb.isRoot ? [] : [["\(verb.title) <verb> --help tells more about a verb."]])
  }

  private var arguments: [[String]] {
    let positionals = syntax.positionals.filter(\.isShown)
    var blocks: [[String]] = []
    if !positionals.isEmpty { blocks.append(block("Arguments", positionals)) }
    for (title, options) in syntax.sections { blocks.append(block(title, options)) }
    return blocks
  }

  private func block(_ title: String, _ arguments: [VerbArgument]) -> [String] {
    let rows = arguments.map { (term: $0.alignedSynopsis, text: $0.explanation) }
    return [layout.heading(title)] + layout.definitions(rows)
  }

  private var footer: [String] {
    [
      "celerity <verb> --help tells more about a verb; celerity completion --help sets up your shell.",
      CommandLineFacts.output,
    ].flatMap { layout.wrapped($0) }
  }
}

/// The line that shows what may follow a verb: `celerity queue pause <name> [options]`.
struct UsageLine {
  let text: String

  init(_ verb: Verb, _ syntax: VerbSyntax) {
    if verb.isGroup {
      text = "\(verb.title) <verb> [options]"
      return
    }
    let required = syntax.options.filter { !$0.isOptional && !$0.isHelp }.map { "\($0.longName) <\($0.valueName)>" }
    let positionals = syntax.positionals.filter(\.isShown).map(\.synopsis)
    text = ([verb.title] + positionals + required + ["[options]"]).joined(separator: " ")
  }
}

extension VerbSyntax {
  /// Shown options by section: the verb's own first, that of `--help` last.
  var sections: [(title: String, options: [VerbArgument])] {
    let options = options.filter(\.isShown)
    var titles: [String] = []
    for option in options { if let title = option.section, !titles.contains(title) { titles.append(title) } }
    let own = options.filter { $0.section == nil }
    return ([("Options", own)] + titles.map { title in (title, options.filter { $0.section == title }) })
      .filter { !$0.1.isEmpty }
  }
}

extension VerbArgument {
  /// Long names stand below each other whether there is a short one or not.
  var alignedSynopsis: String { kind != .positional && names.first?.count != 2 ? "    " + synopsis : synopsis }
}
