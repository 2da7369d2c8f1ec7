import CelerityCore
import CelerityJSON

/// Compares what follows a verb with what the verb takes.
struct OperandCheck {
  let verb: Verb
  /// The words up to and including the verb.
  let before: [String]
  let rest: [String]
  private let syntax: VerbSyntax
  private var given: [VerbArgument] = []
  /// Positions in `rest` of words that are no options.
  private var operands: [Int] = []

  init(verb: Verb, before: [String], rest: [String]) {
    self.verb = verb
    self.before = before
    self.rest = rest
    syntax = VerbSyntax(of: verb)
  }

  func mistake() -> Mistake? {
    var check = self
    guard var mistake = check.options() ?? check.positionals() ?? check.required() else { return nil }
    if verb.title == "celerity submit", let meant = SubmitWords(rest, of: verb, syntax)?.line {
      let line = before + meant
      guard CommandLineParse.accepts(line) else { return mistake }
      mistake.cause = "what the task is given is JSON: named in --kwargs, by position in --args"
      mistake.hint = CommandLineParse.line(line)
    }
    return mistake
  }

  // MARK: Options

  private mutating func options() -> Mistake? {
    var index = 0
    while index < rest.count {
      let word = rest[index]
      if word == "--" {
        operands += (index + 1)..<rest.count
        return nil
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(index)
        index += 1
        continue
      }
      let taken: Int
      switch option(at: index) {
      case .success(let count): taken = count
      case .failure(let mistake): return mistake
      }
      index += taken
    }
    return nil
  }

  /// How many words the option and its value take.
  private mutating func option(at index: Int) -> Result<Int, Mistake> {
    let word = rest[index]
    let name = String(word.prefix { $0 != "=" })
    let value = word.count > name.count ? String(word.dropFirst(name.count + 1)) : nil
    guard let option = syntax.option(named: name) else {
      return isFlagBundle(word) ? .success(1) : .failure(unknownOption(name, value, at: index))
    }
    given.append(option)
    if option.kind == .flag {
      guard value == nil else { return .failure(valueOfFlag(option, name, at: index)) }
      return .success(1)
    }
    let next = index + 1 < rest.count ? rest[index + 1] : nil
    guard let text = value ?? next.flatMap({ $0.hasPrefix("-") && $0 != "-" ? nil : $0 }) else {
      if option.isValueOptional { return .success(1) }
      return .failure(missingValue(option, name, next, at: index))
    }
    if let wrong = wrongValue(option, name, text, at: index, isJoined: value != nil) { return .failure(wrong) }
    return .success(value == nil ? 2 : 1)
  }

  /// `-vq` for `-v -q`.
  private func isFlagBundle(_ word: String) -> Bool {
    !word.hasPrefix("--") && word.dropFirst().allSatisfy { syntax.option(named: "-\($0)")?.kind == .flag }
  }

  private func unknownOption(_ name: String, _ value: String?, at index: Int) -> Mistake {
    if value == nil, let mistake = negativeOperand(at: index, operands, syntax) { return mistake }
    let error = "'\(verb.title)' has no option \(SafeText.line(name))"
    if let mistake = refusedOption(name, error) ?? foreignOption(name, value, error, at: index) { return mistake }
    let isShort = !name.hasPrefix("--")
    // `-queue` and `-json`: one dash too few.
    let wanted = isShort && name.count > 2 ? "-" + name : name
    if !isShort || name.count > 2, let meant = Self.meantOption(wanted, in: syntax) {
      let line = corrected(at: index, with: [meant + (value.map { "=\($0)" } ?? "")])
      return Mistake(error: error, cause: "did you mean \(meant)?", hint: line)
    }
    if isShort, name.count > 2, let option = syntax.option(named: String(name.prefix(2))), option.kind == .option {
      let line = corrected(at: index, with: [String(name.prefix(2)), String(rest[index].dropFirst(2))])
      return Mistake(error: error, cause: "a blank parts \(name.prefix(2)) from its value", hint: line)
    }
    if Double(name) != nil {
      return Mistake(
        error: error, cause: "a value that starts with '-' is joined to its option with '='",
        hint: "\(verb.title) --help")
    }
    return Mistake(error: error, cause: nil, hint: "\(verb.title) --help")
  }

  /// The option that was meant by a long name that none has.
  static func meantOption(_ name: String, in syntax: VerbSyntax) -> String? {
    let candidates = syntax.options.filter(\.isShown).flatMap(\.names).filter { $0.hasPrefix("--") }
    let beginnings = candidates.filter { name.count >= 4 && $0.hasPrefix(name) }
    if beginnings.count == 1 { return beginnings[0] }
    let word = String(name.dropFirst(2)).replacing("_", with: "-")
    return closestMatch(to: word, among: candidates.map { String($0.dropFirst(2)) }).map { "--" + $0 }
  }

  private func foreignOption(_ name: String, _ joined: String?, _ error: String, at index: Int) -> Mistake? {
    let next = index + 1 < rest.count && !rest[index + 1].hasPrefix("-") ? rest[index + 1] : nil
    guard
      let (cause, words) = ForeignOptions(verb: verb, syntax: syntax).meaning(of: name, joined ?? next, others: rest)
    else { return nil }
    let place = index..<(index + (joined == nil ? 2 : 1))
    return Mistake(error: error, cause: cause, hint: corrected(replacing: place, with: words))
  }

  private func valueOfFlag(_ option: VerbArgument, _ name: String, at index: Int) -> Mistake {
    Mistake(
      error: "\(name) takes no value", cause: "it is a switch: \(option.summary)",
      hint: corrected(at: index, with: [name]))
  }

  private func missingValue(_ option: VerbArgument, _ name: String, _ next: String?, at index: Int) -> Mistake {
    if let next, Double(next) != nil,
      let mistake = wrongForm(option, name, next, index..<(index + 2))
    {
      return mistake
    }
    let error = "\(name) needs a value: \(name) <\(option.valueName)>"
    if let next, next.count > 1, syntax.option(named: String(next.prefix { $0 != "=" })) == nil, next != "--" {
      return Mistake(
        error: error, cause: "a value that starts with '-' is joined to its option with '='",
        hint: corrected(replacing: index..<(index + 2), with: ["\(name)=\(next)"]))
    }
    let usual = ValueForm(of: option, in: verb)?.mended("") ?? option.values.first
    return Mistake(
      error: error, cause: option.explanation,
      hint: usual.map { corrected(at: index, with: [name, $0]) } ?? "\(verb.title) --help")
  }

  private func wrongValue(
    _ option: VerbArgument, _ name: String, _ text: String, at index: Int, isJoined: Bool
  ) -> Mistake? {
    guard !option.values.isEmpty else {
      return wrongForm(option, name, text, index..<(index + (isJoined ? 1 : 2)))
    }
    guard !option.values.contains(text) else { return nil }
    let meant =
      option.values.first { $0.lowercased() == text.lowercased() } ?? closestMatch(to: text, among: option.values)
    let place = isJoined ? index..<(index + 1) : index..<(index + 2)
    let words = (meant ?? option.values.first).map { isJoined ? ["\(name)=\($0)"] : [name, $0] } ?? []
    return Mistake(
      error: "\(name) can't be '\(SafeText.line(text))'",
      cause: "it is one of \(CommandLineCheck.list(option.values))", hint: corrected(replacing: place, with: words))
  }

  // MARK: Arguments

  private func positionals() -> Mistake? {
    let places = syntax.positionals
    for (argument, place) in zip(places, operands) where !argument.values.isEmpty {
      let text = rest[place]
      guard !argument.values.contains(text) else { continue }
      let meant =
        argument.values.first { $0.lowercased() == text.lowercased() }
        ?? closestMatch(to: text, among: argument.values) ?? argument.values[0]
      return Mistake(
        error: "<\(argument.valueName)> can't be '\(SafeText.line(text))'",
        cause: "it is one of \(CommandLineCheck.list(argument.values))", hint: corrected(at: place, with: [meant]))
    }
    for (argument, place) in zip(places, operands) where argument.values.isEmpty {
      if let mistake = wrongForm(argument, at: place) { return mistake }
    }
    guard !places.contains(where: \.isRepeating), operands.count > places.count else { return nil }
    return extraWord(at: operands[places.count])
  }

  private func extraWord(at index: Int) -> Mistake {
    let error = "'\(SafeText.line(rest[index]))' is one word too many"
    if let mistake = otherNoun(rest[index], error) ?? brokenJSON(before: index, error) { return mistake }
    if let mistake = wordsOfOne(error) { return mistake }
    let count = syntax.positionals.count
    let takes = count == 0 ? "takes no arguments" : "takes " + syntax.positionals.map(\.synopsis).joined(separator: " ")
    var line = rest
    line.removeSubrange(index...)
    return Mistake(error: error, cause: "'\(verb.title)' \(takes)", hint: pasteable(line))
  }

  /// JSON without quotes around it, of which a shell has made several words.
  private func brokenJSON(before index: Int, _ error: String) -> Mistake? {
    if let option = rest.prefix(index).lastIndex(where: { $0 == "--kwargs" || $0 == "--args" }),
      let (value, count) = JSONRepair.join(rest[(option + 1)...]), count > 1
    {
      return Mistake(
        error: error, cause: "the shell took the JSON of \(rest[option]) apart: put it in single quotes",
        hint: corrected(replacing: (option + 1)..<(option + 1 + count), with: [value.description]))
    }
    guard let open = rest.prefix(index).last(where: Self.isBrokenJSON) else { return nil }
    return Mistake(
      error: error,
      cause: "the shell split the JSON that begins with \(SafeText.line(open)): put it in single quotes",
      hint: example(with: "'{") ?? example(with: "'[") ?? "\(verb.title) --help")
  }

  /// What is left of `{"amount": 1}` without quotes around it: it opens and does not close.
  private static func isBrokenJSON(_ word: String) -> Bool {
    let text = word.hasPrefix("--") ? word.drop { $0 != "=" }.dropFirst() : Substring(word)
    let open = text.count { $0 == "{" || $0 == "[" }
    return (text.hasPrefix("{") || text.hasPrefix("[")) && open > text.count { $0 == "}" || $0 == "]" }
  }

  private func required() -> Mistake? {
    let places = syntax.positionals
    if let missing = places.dropFirst(operands.count).first(where: { !$0.isOptional }) {
      return Mistake(
        error: "'\(verb.title)' needs <\(missing.valueName)>", cause: missing.explanation, hint: firstExample)
    }
    let absent = syntax.options.first { option in
      option.kind == .option && !option.isOptional && !given.contains { $0.names == option.names }
    }
    return absent.map { option in
      Mistake(
        error: "'\(verb.title)' needs \(option.longName) <\(option.valueName)>", cause: option.explanation,
        hint: firstExample)
    }
  }

  // MARK: Lines to paste

  private var firstExample: String { VerbNotes(of: verb).examples.first?.command ?? "\(verb.title) --help" }

  private func example(with text: String) -> String? {
    VerbNotes(of: verb).examples.first { $0.command.contains(text) }?.command
  }

  private func corrected(at index: Int, with replacement: [String]) -> String {
    corrected(replacing: index..<(index + 1), with: replacement)
  }

  func corrected(replacing range: Range<Int>, with replacement: [String]) -> String {
    var line = rest
    line.replaceSubrange(range, with: replacement)
    return pasteable(line)
  }

  func pasteable(_ line: [String]) -> String {
    CommandLineParse.accepts(before + line) ? CommandLineParse.line(before + line) : "\(verb.title) --help"
  }
}
