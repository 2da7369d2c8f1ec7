public import CelerityJSON

/// JSON values as Python's `repr` writes them, for `argsrepr`, `kwargsrepr` and events: monitors show these texts, and Flower
/// reads them with a Python parser. Never evaluated by a worker.
public enum PythonRepr {
  /// Celery's `task_repr_maxlevels`: containers below are cut to `[...]` and `{...}`.
  static let maximumDepth = 3
  /// Celery's `RESULT_MAXLEN` and `ARGS_MAXLEN`, in characters.
  static let maximumLength = 1024

  /// Positional arguments as a tuple: `(2, 'a')`, `(1,)`, `()`.
  public static func tuple(_ args: RawJSON) -> String {
    let values = args.elements() ?? []
    var text = ReprText()
    text.add("(")
    for (index, value) in values.enumerated() {
      if index > 0 { text.add(", ") }
      write(value, depth: 1, to: &text)
      if text.isFull { break }
    }
    text.add(values.count == 1 ? ",)" : ")")
    return text.finish()
  }

  /// One value: `{'z': 3}`, `[1, None, True]`.
  public static func value(_ value: RawJSON) -> String {
    var text = ReprText()
    write(value, depth: 0, to: &text)
    return text.finish()
  }

  private static func write(_ value: RawJSON, depth: Int, to text: inout ReprText) {
    switch value.kind {
    case .null: text.add("None")
    case .boolean: text.add(value.boolValue == true ? "True" : "False")
    case .number: text.add(value.bytes)
    case .string: text.quote(value)
    case .array:
      guard depth < maximumDepth else { return text.add("[...]") }
      text.add("[")
      for (index, element) in (value.elements() ?? []).enumerated() where !text.isFull {
        if index > 0 { text.add(", ") }
        write(element, depth: depth + 1, to: &text)
      }
      text.add("]")
    case .object:
      guard depth < maximumDepth else { return text.add("{...}") }
      text.add("{")
      for (index, member) in (value.members() ?? []).enumerated() where !text.isFull {
        if index > 0 { text.add(", ") }
        text.quote(member.name)
        text.add(": ")
        write(member.value, depth: depth + 1, to: &text)
      }
      text.add("}")
    }
  }
}

/// A growing text that stops growing where it is cut anyway.
private struct ReprText {
  private var bytes: [UInt8] = []

  /// A character has four bytes at most.
  private static let enough = PythonRepr.maximumLength * 4 + 4

  var isFull: Bool { bytes.count >= Self.enough }

  mutating func add(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func add(_ text: [UInt8]) {
    bytes.append(contentsOf: text.prefix(max(0, Self.enough - bytes.count)))
  }

  /// A JSON string as Python quotes it.
  mutating func quote(_ string: RawJSON) {
    let content = string.bytes.dropFirst().dropLast().prefix(Self.enough)
    let isPlain = content.allSatisfy {
      (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "'")
    }
    guard isPlain, string.bytes.count > 1 else { return quote(string.stringValue ?? "") }
    add("'")
    bytes.append(contentsOf: content)
    add("'")
  }

  /// Single quotes, unless the text holds some and no double ones (CPython, `unicode_repr`).
  mutating func quote(_ string: String) {
    let isDouble = string.utf8.contains(UInt8(ascii: "'")) && !string.utf8.contains(UInt8(ascii: "\""))
    let quote = UInt8(ascii: isDouble ? "\"" : "'")
    bytes.append(quote)
    for scalar in string.unicodeScalars {
      if isFull { break }
      switch scalar {
      case "\\": add("\\\\")
      case "\n": add("\\n")
      case "\r": add("\\r")
      case "\t": add("\\t")
      case _ where scalar.value == UInt32(quote):
        add("\\")
        bytes.append(quote)
      case _ where !scalar.isPrintableInPython: escape(scalar.value)
      default: bytes.append(contentsOf: UTF8.encode(scalar)?.map { $0 } ?? [])
      }
    }
    bytes.append(quote)
  }

  /// `\x00`, `\u200b` or `\U000e0001`.
  private mutating func escape(_ value: UInt32) {
    let digits = String(value, radix: 16)
    let (letter, width) = value < 0x100 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
    bytes.append(contentsOf: ("\\" + letter + String(repeating: "0", count: width - digits.utf8.count) + digits).utf8)
  }

  consuming func finish() -> String {
    guard bytes.count > PythonRepr.maximumLength else { return String(decoding: bytes, as: UTF8.self) }
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    guard scalars.count > PythonRepr.maximumLength else { return String(scalars) }
    return String(String.UnicodeScalarView(scalars.prefix(PythonRepr.maximumLength - 5))) + ", ..."
  }
}

extension Unicode.Scalar {
  /// CPython's `str.isprintable` (unicodeobject.c, `_PyUnicode_IsPrintable`): neither of the categories "other" nor a
  /// separator, except the blank.
  fileprivate var isPrintableInPython: Bool {
    if value < 0x7F { return value >= 0x20 }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }
}
