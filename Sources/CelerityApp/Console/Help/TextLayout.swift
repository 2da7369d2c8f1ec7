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

extension Output {
  /// The output of a verb that talks to nobody.
  static func standard(isJSON: Bool) -> Output {
    let environment = SettingOptions.environment()
    return Output(
      terminal: .current(colour: .auto, environment: environment), environment: environment, isJSON: isJSON)
  }
}
