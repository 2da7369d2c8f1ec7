import ArgumentParser

/// From words to a verb that can run, or to the help that was asked for, or to a mistake in our own words.
enum CommandLineParse {
  enum Result {
    case verb(any ParsableCommand)
    case text(String)
    case completion(CompletionRequest)
  }

  static func parse(_ typed: [String]) throws(ClientError) -> Result {
    if let request = CompletionRequest(typed) { return .completion(request) }
    if typed == ["--version"] || typed == ["-V"] { return .text(celerityVersion) }
    let words = WaitLimit.joined(CeleryWords.inOrder(typed))
    if let verb = helpRequest(words) { return .text(HelpPage(verb).text) }
    if let refusal = WaitLimit.refusal(in: words) { throw refusal }
    do {
      let verb = try CelerityCommand.parseAsRoot(words)
      if doesSomething(verb) { return .verb(verb) }
    } catch {
      throw refusal(of: words, error)
    }
    throw refusal(of: words, nil)
  }

  /// The verb whose help is wanted: `celerity`, `celerity help queue`, `celerity queue --help`, `celerity queue list -h`.
  private static func helpRequest(_ words: [String]) -> Verb? {
    if words.isEmpty { return .root }
    if words[0] == "help" || words[0] == "--help" || words[0] == "-h" {
      let (verb, count) = Verb.root.descend(words.dropFirst())
      return count == words.count - 1 ? verb : nil
    }
    let (verb, count) = Verb.root.descend(words)
    let rest = words.dropFirst(count).prefix { $0 != "--" }
    guard rest.contains("--help") || rest.contains("-h") else { return nil }
    // `celerity pasue --help` asks for the help of a verb that is not there.
    if verb.isGroup, let first = rest.first, !first.hasPrefix("-") { return nil }
    return verb
  }

  /// Whether the parser takes a line, so that it can be recommended.
  static func accepts(_ words: [String]) -> Bool {
    (try? CelerityCommand.parseAsRoot(words)).map(doesSomething) ?? false
  }

  /// Not so a group without one of its verbs, and the parser's own help.
  private static func doesSomething(_ verb: any ParsableCommand) -> Bool {
    let type = type(of: verb)
    return type._commandName != "help" && type.configuration.subcommands.isEmpty
  }

  /// A line to paste.
  static func line(_ words: [String]) -> String {
    "celerity " + ShellWords.joined(words.map { $0 == "--wait=\(WaitLimit.none)" ? "--wait" : $0 })
  }

  private static func refusal(of words: [String], _ error: (any Error)?) -> ClientError {
    let words = words.first == "help" ? Array(words.dropFirst()) : words
    let mistake = CommandLineCheck(words).mistake() ?? refusedValue(words, error)
    return ClientError(mistake.error, cause: mistake.cause, hint: mistake.hint, status: .usage)
  }

  /// A value that its type refused. Only the parser knows which one it was, and only its message tells: the value and
  /// the option stand in it between quotes.
  private static func refusedValue(_ words: [String], _ error: (any Error)?) -> Mistake {
    let (verb, _) = Verb.root.descend(words)
    let message = error.map { CelerityCommand.message(for: $0) } ?? "this is not understood"
    let parts = message.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    let help = "\(verb.title) --help"
    guard message.hasPrefix("The value '"), parts.count >= 4 else {
      return Mistake(error: message.prefix(1).lowercased() + message.dropFirst(), cause: nil, hint: help)
    }
    let place = String(parts[3].prefix { $0 != " " })
    let argument = VerbSyntax(of: verb).arguments.first { $0.names.contains(place) || "<\($0.valueName)>" == place }
    return Mistake(
      error: "\(place) can't be '\(SafeText.line(parts[1]))'",
      cause: argument.map { "\($0.longName) <\($0.valueName)>: \($0.explanation)" },
      hint: help)
  }
}
