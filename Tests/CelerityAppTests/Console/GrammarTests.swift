import Testing

@testable import CelerityApp

/// The verbs as they are declared: every rule here holds for those of tomorrow, too.
@Suite struct VerbDeclarationTests {
  static let verbs = Verb.root.all.filter { !$0.isRoot }

  @Test(arguments: verbs.map(\.title)) func everyVerbHasASummaryThatIsASentence(title: String) throws {
    let summary = try verb(title).summary
    #expect(summary.hasSuffix("."))
    #expect(summary.first?.isUppercase == true)
  }

  @Test(arguments: verbs.map(\.title)) func everyVerbHasTwoExamplesAndTheFirstIsOfItself(title: String) throws {
    let verb = try verb(title)
    let examples = VerbNotes(of: verb).examples
    #expect(examples.count >= 2, "\(title)")
    #expect(examples.contains { $0.command.contains(verb.title) }, "\(title)")
  }

  @Test(arguments: verbs.map(\.title)) func everyExampleIsTakenByTheParser(title: String) throws {
    for example in VerbNotes(of: try verb(title)).examples {
      let lines = Self.commands(in: example.command)
      #expect(!lines.isEmpty, "\(example.command)")
      for words in lines { #expect(CommandLineParse.accepts(words), "\(example.command) → \(words)") }
    }
  }

  @Test(arguments: verbs.filter { !$0.isGroup }.map(\.title)) func everyOptionSaysWhatItIsFor(title: String) throws {
    for argument in VerbSyntax(of: try verb(title)).shown {
      #expect(!argument.summary.isEmpty, "\(title) \(argument.longName)")
      #expect(!argument.valueName.isEmpty)
    }
  }

  @Test func examplesOfTheRootAreTakenByTheParser() {
    for example in VerbNotes(of: .root).examples {
      for words in Self.commands(in: example.command) { #expect(CommandLineParse.accepts(words), "\(words)") }
    }
  }

  @Test func noTwoVerbsOfAGroupShareAName() {
    for group in [Verb.root] + Self.verbs.filter(\.isGroup) {
      let names = group.children.flatMap { [$0.name] + $0.aliases }
      #expect(Set(names).count == names.count, "\(group.title): \(names)")
    }
  }

  private func verb(_ title: String) throws -> Verb {
    let words = title.split(separator: " ").dropFirst().map(String.init)
    let (verb, count) = Verb.root.descend(words)
    try #require(count == words.count)
    return verb
  }

  /// The calls of the program in a line of a shell, without pipes, redirections and substitutions.
  static func commands(in line: String) -> [[String]] {
    var commands: [[String]] = []
    var current: [String]?
    for word in ShellWords.split(line) {
      if word == "celerity" || word.hasSuffix("(celerity") {
        if let current { commands.append(word == "celerity" ? current : current + ["x"]) }
        current = []
      } else if ["|", ">", "&&", ";"].contains(word) {
        if let current { commands.append(current) }
        current = nil
      } else {
        current?.append(line.contains("(celerity") && word.hasSuffix(")") ? String(word.dropLast()) : word)
      }
    }
    return commands + [current].compactMap { $0 }
  }
}

@Suite struct VerbNotesTests {
  @Test func linesThatAreCommandsAreExamplesAndTheRestIsProse() {
    let notes = VerbNotes(
      """
      celerity queue list
      celerity queue list --json   # for programs
      echo 1 | celerity submit x --args -

      A paragraph
      of two lines.

      Another.
      """)
    #expect(
      notes.examples == [
        .init(command: "celerity queue list"), .init(command: "celerity queue list --json", note: "for programs"),
        .init(command: "echo 1 | celerity submit x --args -"),
      ])
    #expect(notes.paragraphs == ["A paragraph of two lines.", "Another."])
  }

  @Test func blanksWithinQuotesDoNotBeginANote() {
    let notes = VerbNotes(#"celerity submit x --kwargs '{"a":  1}'  # two blanks"#)
    #expect(notes.examples == [.init(command: #"celerity submit x --kwargs '{"a":  1}'"#, note: "two blanks")])
  }

  @Test func nothingIsNothing() {
    #expect(VerbNotes("").examples.isEmpty)
    #expect(VerbNotes("").paragraphs.isEmpty)
  }
}

@Suite struct ShellWordsTests {
  @Test(arguments: [
    ("plain", "plain"), ("", "''"), ("two words", "'two words'"), ("it's", #"'it'\''s'"#),
    ("a;rm -rf b", "'a;rm -rf b'"),
    ("$HOME", "'$HOME'"), ("*", "'*'"), ("käse", "käse"), ("a\nb", #"'a\nb'"#), ("\u{1B}[31m", #"'\x1b[31m'"#),
    ("worker@host", "worker@host"), ("~", "'~'"),
  ]) func whatAShellWouldTakeApartIsQuoted(word: String, quoted: String) {
    #expect(ShellWords.quoted(word) == quoted)
  }

  @Test(arguments: [
    ("a b  c", ["a", "b", "c"]), ("'a b' c", ["a b", "c"]), (#"a"b c"d"#, ["ab cd"]), ("''", [""]), ("", []),
    ("'open end", ["open end"]),
  ]) func linesAreSplitAsAShellDoes(line: String, words: [String]) {
    #expect(ShellWords.split(line) == words)
  }
}
