public import CelerityJSON

/// JSON values as Python's `repr` writes them, for `argsrepr`, `kwargsrepr` and events: monitors show these texts, and Flower
/// reads them with a Python parser. Never evaluated by a worker.
public enum PythonRepr {
  /// Celery's `task_repr_maxlevels`: containers below are cut to `[...]` and `{...}`.
  static let maximumDepth = 3
  /// Celery's `RESULT_MAXLEN` and `ARGS_MAXLEN`.
  static let maximumLength = 1024

  /// Positional arguments as a tuple: `(2, 'a')`, `(1,)`, `()`.
  public static func tuple(_ args: RawJSON) -> String {
    let values = args.elements() ?? []
    var text = Text()
    text.add("(")
    for (index, value) in values.enumerated() {
      if index > 0 { text.add(", ") }
      write(value, depth: 1, to: &text)
    }
    text.add(values.count == 1 ? ",)" : ")")
    return text.finish()
  }

  /// One value: `{'z': 3}`, `[1, None, True]`.
  public static func value(_ value: RawJSON) -> String {
    var text = Text()
    write(value, depth: 0, to: &text)
    return text.finish()
  }

  /// Text that stops growing where it is cut anyway.
  private struct Text {
    private var text = ""
    var isFull: Bool { text.utf8.count > PythonRepr.maximumLength * 4 }

    mutating func add(_ more: some StringProtocol) {
      if !isFull { text += more }
    }

    func finish() -> String {
      guard text.unicodeScalars.count > PythonRepr.maximumLength else { return text }
      return String(String.UnicodeScalarView(text.unicodeScalars.prefix(PythonRepr.maximumLength - 5))) + ", ..."
    }
  }

  private static func write(_ value: RawJSON, depth: Int, to text: inout Text) {
    if text.isFull { return }
    switch value.kind {
    case .null: text.add("None")
    case .boolean: text.add(value.boolValue == true ? "True" : "False")
    case .number: text.add(value.description)
    case .string: writeString(value.stringValue ?? "", to: &text)
    case .array:
      guard depth < maximumDepth else { return text.add("[...]") }
      text.add("[")
      for (index, element) in (value.elements() ?? []).enumerated() {
        if index > 0 { text.add(", ") }
        write(element, depth: depth + 1, to: &text)
      }
      text.add("]")
    case .object:
      guard depth < maximumDepth else { return text.add("{...}") }
      text.add("{")
      for (index, member) in (value.members() ?? []).enumerated() {
        if index > 0 { text.add(", ") }
        writeString(member.name, to: &text)
        text.add(": ")
        write(member.value, depth: depth + 1, to: &text)
      }
      text.add("}")
    }
  }

  /// Single quotes, unless the text holds some and no double ones (CPython, `unicode_repr`).
  private static func writeString(_ string: String, to text: inout Text) {
    let quote: Character = string.contains("'") && !string.contains("\"") ? "\"" : "'"
    text.add(String(quote))
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\\": text.add("\\\\")
      case "\n": text.add("\\n")
      case "\r": text.add("\\r")
      case "\t": text.add("\\t")
      case _ where Character(scalar) == quote: text.add("\\" + String(quote))
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        text.add("\\x" + (digits.utf8.count < 2 ? "0" : "") + digits)
      default: text.add(String(Character(scalar)))
      }
    }
    text.add(String(quote))
  }
}
