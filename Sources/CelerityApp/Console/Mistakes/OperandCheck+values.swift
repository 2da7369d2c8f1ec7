/// Values that are refused, and those that look like options because they start with a dash.
extension OperandCheck {
  /// A value that its option does not take, with the person's own line put right.
  func wrongForm(_ option: VerbArgument, _ name: String, _ text: String, _ place: Range<Int>) -> Mistake? {
    guard let form = ValueForm(of: option, in: verb), !form.accepts(text) else { return nil }
    let value = form.mended(text)
    return Mistake(
      error: "\(name) can't be '\(SafeText.line(text))'", cause: "it is \(form.expectation)",
      hint: corrected(replacing: place, with: place.count == 1 ? ["\(name)=\(value)"] : [name, value]))
  }

  /// An argument that is no value of its kind.
  func wrongForm(_ argument: VerbArgument, at place: Int) -> Mistake? {
    guard let form = ValueForm(of: argument, in: verb), !form.accepts(rest[place]) else { return nil }
    return Mistake(
      error: "<\(argument.valueName)> can't be '\(SafeText.line(rest[place]))'", cause: "it is \(form.expectation)",
      hint: corrected(replacing: place..<(place + 1), with: [form.mended(rest[place])]))
  }

  /// `-2` where a number stands.
  func negativeOperand(at index: Int, _ operands: [Int], _ syntax: VerbSyntax) -> Mistake? {
    guard Double(rest[index]) != nil, operands.count < syntax.positionals.count else { return nil }
    return wrongForm(syntax.positionals[operands.count], at: index)
  }

  /// Verbs whose argument is a text of several words, or the words of another verb.
  func wordsOfOne(_ error: String) -> Mistake? {
    let words = rest.prefix { !$0.hasPrefix("-") }
    switch verb.title {
    case "celerity schedule next":
      return Mistake(
        error: error, cause: "the shell took the schedule apart: put it in quotes",
        hint: pasteable([words.joined(separator: " ")] + rest.dropFirst(words.count)))
    case "celerity manual":
      let (meant, count) = Verb.root.descend(words)
      guard count > 0, count == words.count else { return nil }
      return Mistake(
        error: error, cause: "the manual is one page; a verb has its own help", hint: "\(meant.title) --help")
    default: return nil
    }
  }
}
