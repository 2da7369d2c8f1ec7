/// What a shell's script asks: the words so far, of which the last one is being typed.
struct CompletionRequest {
  var shell: CompletionShellName
  /// Without `celerity`; the last one may be empty.
  var words: [String]
  /// How many characters of the last word the shell does not replace: bash parts words at `=` and `:`.
  var kept = 0

  /// The request in `__complete SHELL …`: `bash LINE WORD` or `zsh WORDS…`; `nil` when it is none.
  init?(_ arguments: [String]) {
    guard arguments.count >= 2, arguments[0] == "__complete", let shell = CompletionShellName(rawValue: arguments[1])
    else { return nil }
    self.shell = shell
    let rest = Array(arguments.dropFirst(2))
    guard shell == .bash else {
      words = rest.isEmpty ? [""] : rest
      return
    }
    let line = rest.first ?? ""
    words = Array(ShellWords.split(line).dropFirst())
    if line.hasSuffix(" ") || words.isEmpty { words.append("") }
    let current = rest.count > 1 ? rest[1] : ""
    if let last = words.last, last.hasSuffix(current) { kept = last.count - current.count }
  }
}

/// One thing that may stand at the place.
struct Candidate: Hashable {
  var word: String
  var meaning: String

  init(_ word: String, _ meaning: String = "") {
    self.word = word
    self.meaning = meaning
  }
}

/// What may stand at a place of the command line.
struct Candidates {
  var list: [Candidate] = []
  var completion = VerbArgument.Completion.none
  /// Names that only a gateway knows.
  var source: NameSource?
}

/// Things that have names, told apart by what stands for them in usage lines: `<queue>`, `<setting>`.
enum NameSource: String {
  case setting, queue, task, worker, schedule
}
