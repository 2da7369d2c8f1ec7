/// How text for people is laid out: its width, and whether headings may be emphasised.
struct TextLayout {
  var width: Int
  var isEmphasised: Bool

  /// That of standard output: a terminal's own width, up to what is pleasant to read.
  static var standardOutput: TextLayout { TextLayout(.standard(isJSON: false)) }

  init(_ output: Output) {
    width = min(100, max(40, output.columns))
    isEmphasised = output.terminal.coloursOutput
  }

  init(width: Int, isEmphasised: Bool) {
    self.width = width
    self.isEmphasised = isEmphasised
  }

  func heading(_ text: String) -> String { isEmphasised ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  /// The words of a text in lines that fit; `hanging` is the indentation of all lines but the first.
  func wrapped(_ text: String, indentedBy indent: Int = 0, hanging: Int? = nil) -> [String] {
    let hanging = hanging ?? indent
    var lines: [String] = []
    var line = String(repeating: " ", count: indent)
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: hanging)
        isEmpty = true
      }
      line += isEmpty ? String(word) : " \(word)"
      isEmpty = false
    }
    return lines + [line]
  }

  /// Terms with explanations beside them, or below where a term is long.
  func definitions(_ rows: [(term: String, text: String)], indentedBy indent: Int = 2) -> [String] {
    let limit = max(16, width / 3)
    let column = indent + 2 + (rows.map(\.term.count).filter { $0 <= limit }.max() ?? 0)
    return rows.flatMap { term, text -> [String] in
      let head = String(repeating: " ", count: indent) + term
      if text.isEmpty { return [head] }
      if term.count > limit { return [head] + wrapped(text, indentedBy: column) }
      let body = wrapped(text, indentedBy: column)
      return [head.padded(to: column) + body[0].dropFirst(column)] + body.dropFirst()
    }
  }
}

extension TextLayout {
  /// Commands with what they show behind them; what is too wide goes on in another line, so that it can be pasted still.
  func examples(_ examples: [VerbNotes.Example]) -> [String] {
    let noted = examples.filter { $0.note != nil }.map(\.command.count).filter { $0 <= width / 2 }.max() ?? 0
    return examples.flatMap { example -> [String] in
      guard let note = example.note else { return command(example.command) }
      let line = "  \(example.command.padded(to: noted))  # \(note)"
      return line.count <= width ? [line] : wrapped("# " + note, indentedBy: 2) + command(example.command)
    }
  }

  /// A command in lines that fit, each but the last with a backslash; a word in quotes stays whole.
  private func command(_ text: String) -> [String] {
    var lines: [String] = []
    var line = "  "
    for word in Self.words(text) {
      if !line.allSatisfy({ $0 == " " }), line.count + word.count + 3 > width {
        lines.append(line + " \\")
        line = "    "
      }
      line += line.allSatisfy { $0 == " " } ? word : " " + word
    }
    return lines + [line]
  }

  /// The words with their quotes.
  private static func words(_ text: String) -> [String] {
    var words = [""]
    var quote: Character?
    for character in text {
      if character == quote { quote = nil } else if quote == nil, "'\"".contains(character) { quote = character }
      if character == " ", quote == nil { words.append("") } else { words[words.count - 1].append(character) }
    }
    return words.filter { !$0.isEmpty }
  }
}

extension Output {
  /// The output of a verb that talks to nobody.
  static func standard(isJSON: Bool) -> Output {
    let environment = SettingOptions.environment()
    return Output(
      terminal: .current(colour: .auto, environment: environment), environment: environment, isJSON: isJSON)
  }
}
