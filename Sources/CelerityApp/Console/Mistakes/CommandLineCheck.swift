import CelerityCore

/// Finds out what is wrong with a command line that the parser refused. The parser's own words name one thing and leave
/// the rest to the reader; these say what was meant, if that can be guessed, and give a line that can be pasted.
struct CommandLineCheck {
  let words: [String]

  init(_ words: [String]) { self.words = words }

  /// The first mistake, or `nil` when the line follows the declarations.
  func mistake() -> Mistake? {
    let (verb, count) = Verb.root.descend(words)
    let rest = Array(words.dropFirst(count))
    guard verb.isGroup else {
      return OperandCheck(verb: verb, before: Array(words.prefix(count)), rest: rest).mistake()
    }
    guard let first = rest.first else { return missingVerb(verb) }
    if first.hasPrefix("-"), first != "-" { return optionBeforeVerb(verb, rest, at: count) }
    return unknownVerb(first, below: verb, at: count)
  }

  // MARK: Verbs

  private func missingVerb(_ verb: Verb) -> Mistake {
    let names = verb.children.map(\.name)
    return Mistake(
      error: "'\(verb.title)' needs one of its verbs", cause: "there are \(Self.list(names))",
      hint: VerbNotes(of: verb).examples.first?.command ?? "\(verb.title) --help")
  }

  private func unknownVerb(_ word: String, below verb: Verb, at index: Int) -> Mistake {
    let error =
      verb.isRoot
      ? "there is no verb '\(SafeText.line(word))'" : "'\(verb.title)' has no verb '\(SafeText.line(word))'"
    if let swapped = swapped(word, at: index) { return Mistake(error: error, cause: swapped.cause, hint: swapped.line) }
    if let meant = ForeignWords.verb(word, below: verb) {
      return Mistake(
        error: error, cause: "here that is '\(meant)'", hint: corrected(at: index, with: [meant], orVerb: true))
    }
    if verb.title == "celerity config", ForeignWords.assigns.contains(word) { return settingIsSet(error, at: index) }
    let foreign = verb.isRoot ? ForeignWords.meaning(of: word) : nil
    if let meant = closest(to: word, below: verb) {
      let line = corrected(at: index, with: [meant])
      // A word of another tool may be nearly one of ours, and mean something else.
      if foreign == nil || line.wholeLine {
        return Mistake(error: error, cause: "did you mean '\(meant)'?", hint: line.text)
      }
    }
    if let foreign { return Mistake(error: error, cause: foreign.cause, hint: foreign.line) }
    if verb.isRoot, let home = home(of: word, at: index) {
      return Mistake(error: error, cause: home.cause, hint: home.line)
    }
    let names = verb.children.map(\.name)
    return Mistake(
      error: error, cause: verb.isRoot ? nil : "there are \(Self.list(names))", hint: "\(verb.title) --help")
  }

  /// `celerity config set worker.concurrency 8`.
  private func settingIsSet(_ error: String, at index: Int) -> Mistake {
    let name = words.dropFirst(index + 1).first.map { String($0.prefix { $0 != "=" }) }
    let known = name.flatMap { try? Settings.named($0) }
    return Mistake(
      error: error, cause: "settings are read at the start: from a file, the environment and options",
      hint: "celerity config explain \(known?.name ?? "worker.concurrency")")
  }

  private func closest(to word: String, below verb: Verb) -> String? {
    let offered = verb.children
    let names = offered.flatMap { [$0.name] + $0.aliases }
    // `lis` and `sub` are beginnings; `submitt` is a slip.
    if word.count >= 3 {
      let beginnings = offered.map(\.name).filter { $0.hasPrefix(word) }
      if beginnings.count == 1 { return beginnings[0] }
    }
    return closestMatch(to: word, among: names)
  }

  /// `celerity pause queue default` and `celerity queue-pause default`: the right words in another order or joined.
  private func swapped(_ word: String, at index: Int) -> (cause: String, line: String)? {
    guard index == 0 else { return nil }
    if words.count > 1, let noun = Verb.root.child(named: words[1]), noun.isGroup, noun.child(named: word) != nil {
      return (
        "the thing comes first, then what to do with it", corrected(replacing: 0..<2, with: [noun.name, word]).text
      )
    }
    for separator: Character in ["-", ":", ".", "_", "/"] {
      let parts = word.split(separator: separator, maxSplits: 1).map(String.init)
      guard parts.count == 2, let noun = Verb.root.child(named: parts[0]), noun.child(named: parts[1]) != nil else {
        continue
      }
      return ("these are two words", corrected(at: 0, with: [noun.name, parts[1]]).text)
    }
    return nil
  }

  /// `celerity redrive ID`: a verb of one or some of the groups.
  private func home(of word: String, at index: Int) -> (cause: String, line: String)? {
    let homes = Verb.root.children.filter { $0.isGroup && $0.child(named: word)?.isOffered == true }
    guard let first = homes.first else { return nil }
    let line = corrected(at: index, with: [first.name, word]).text
    guard homes.count > 1 else { return ("'\(word)' is a verb of '\(first.title)'", line) }
    return ("'\(word)' is a verb of \(Self.list(homes.map { "'\($0.title)'" }))", line)
  }

  private func optionBeforeVerb(_ verb: Verb, _ rest: [String], at index: Int) -> Mistake {
    let option = String(rest[0].prefix { $0 != "=" })
    let hasValue = !rest[0].contains("=") && rest.count > 1 && verb.child(named: rest[1]) == nil
    let skipped = hasValue ? 2 : 1
    if let next = rest.dropFirst(skipped).first, verb.child(named: next) != nil {
      let line = Array(words.prefix(index) + rest.dropFirst(skipped) + rest.prefix(skipped))
      let isWhole = CommandLineParse.accepts(line)
      return Mistake(
        error: "\(option) stands before the verb", cause: "options come after the verb they belong to",
        hint: isWhole ? CommandLineParse.line(line) : "celerity \(next) --help")
    }
    return Mistake(
      error: "there is no option \(SafeText.line(option)) here", cause: "'\(verb.title)' needs a verb first",
      hint: "\(verb.title) --help")
  }

  // MARK: Lines to paste

  private struct Correction {
    var text: String
    /// The person's own line, and right.
    var wholeLine: Bool
  }

  /// The line with a word replaced if it is right then, otherwise the help of its verb.
  private func corrected(at index: Int, with replacement: [String], orVerb: Bool) -> String {
    let line = corrected(at: index, with: replacement)
    if line.wholeLine { return line.text }
    let words = Array(words.prefix(index)) + replacement
    return "\(Verb.root.descend(words).verb.title) --help"
  }

  private func corrected(at index: Int, with replacement: [String]) -> Correction {
    corrected(replacing: index..<(index + 1), with: replacement)
  }

  /// The line with some words replaced, if it is right then; otherwise an example or the help of what it means.
  private func corrected(replacing range: Range<Int>, with replacement: [String]) -> Correction {
    var line = words
    line.replaceSubrange(range, with: replacement)
    if CommandLineParse.accepts(line) {
      return Correction(text: CommandLineParse.line(line), wholeLine: true)
    }
    let verb = Verb.root.descend(line).verb
    let example = verb.isGroup ? nil : VerbNotes(of: verb).examples.first?.command
    return Correction(text: example ?? "\(verb.title) --help", wholeLine: false)
  }

  static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "none" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}
