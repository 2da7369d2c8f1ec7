/// Finds what may stand at a place of the command line, from the same declarations that the parser follows.
struct Completer {
  let words: [String]

  func candidates() -> Candidates {
    let done = words.dropLast()
    let (verb, count) = Verb.root.descend(done)
    if count == 0, done.first == "help" { return Self.verbs(below: Verb.root.descend(done.dropFirst()).verb) }
    guard !verb.isGroup else { return count == done.count ? Self.verbs(below: verb) : Candidates() }
    return operand(VerbSyntax(of: verb), Array(done.dropFirst(count)))
  }

  private var current: String { words.last ?? "" }

  private static func verbs(below verb: Verb) -> Candidates {
    var list = verb.children.map { Candidate($0.name, $0.summary) }
    if verb.isRoot { list.append(Candidate("help", "Tells more about a verb.")) }
    return Candidates(list: list)
  }

  private func operand(_ syntax: VerbSyntax, _ done: [String]) -> Candidates {
    var pending: VerbArgument?
    var operands = 0
    var given: [VerbArgument] = []
    var isEnded = false
    for word in done {
      if pending != nil {
        pending = nil
      } else if word == "--", !isEnded {
        isEnded = true
      } else if word.hasPrefix("-"), word.count > 1, !isEnded {
        guard let option = syntax.option(named: String(word.prefix { $0 != "=" })) else { continue }
        given.append(option)
        if option.kind == .option, !word.contains("=") { pending = option }
      } else {
        operands += 1
      }
    }
    if let pending { return values(of: pending) }
    if isEnded || !current.hasPrefix("-") { return positional(syntax, operands) }
    if let equals = current.firstIndex(of: "="), let option = syntax.option(named: String(current[..<equals])) {
      var candidates = values(of: option)
      candidates.list = candidates.list.map { Candidate(current[...equals] + $0.word, $0.meaning) }
      return candidates
    }
    return Candidates(list: options(syntax, without: given))
  }

  private func options(_ syntax: VerbSyntax, without given: [VerbArgument]) -> [Candidate] {
    syntax.options.filter { option in
      option.isShown && (option.isRepeating || !given.contains { $0.names == option.names })
    }.map { Candidate($0.longName, $0.summary) }
  }

  private func positional(_ syntax: VerbSyntax, _ place: Int) -> Candidates {
    let positionals = syntax.positionals
    guard let argument = place < positionals.count ? positionals[place] : positionals.last(where: \.isRepeating) else {
      return Candidates()
    }
    return values(of: argument)
  }

  private func values(of argument: VerbArgument) -> Candidates {
    var candidates = Candidates(list: argument.values.map { Candidate($0) }, completion: argument.completion)
    guard argument.values.isEmpty else { return candidates }
    switch NameSource(rawValue: argument.valueName) {
    case .setting: candidates.list = Settings.all.map { Candidate($0.name, $0.documentation) }
    case .some(let source): candidates.source = source
    case nil where argument.names.contains("--set"):
      candidates.list = Settings.all.map { Candidate($0.name + "=", $0.documentation) }
    case nil: break
    }
    return candidates
  }
}

/// A completion's answer as the scripts read it.
struct CompletionAnswer {
  let request: CompletionRequest
  var candidates: Candidates

  /// Candidates that go on from what is typed, one a line.
  var text: String {
    let typed = request.words.last ?? ""
    var lines = candidates.list.filter { $0.word.hasPrefix(typed) }.map { candidate in
      let word = SafeText.line(String(candidate.word.dropFirst(request.kept)))
      return candidate.meaning.isEmpty ? word : word + "\t" + SafeText.line(candidate.meaning)
    }
    switch candidates.completion {
    case .file: lines.append(":files")
    case .directory: lines.append(":directories")
    case .none: break
    }
    return lines.joined(separator: "\n")
  }
}
