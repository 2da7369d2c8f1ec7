import CelerityJSON
import Foundation

/// Texts as they are printed.
enum PrintedText {
  /// The text without what nobody can see, its accents joined with their letters so that fonts and search find them.
  static func cleaned(_ text: String) -> String {
    CleanText.cleaned(text).precomposedStringWithCanonicalMapping
  }

  /// The text on one line.
  static func line(_ text: String) -> String {
    if CleanText.isPlain(text) { return text }
    return cleaned(text).split(whereSeparator: \.isWhitespaceToFold).joined(separator: " ")
  }

  /// The lines of the text that hold something.
  static func lines(_ text: String) -> [String] {
    cleaned(text).split(whereSeparator: \.isNewline).map { line(String($0)) }.filter { !$0.isEmpty }
  }

  /// The parts of the text that empty lines divide, each on one line.
  static func paragraphs(_ text: String) -> [String] {
    var paragraphs: [[String]] = [[]]
    for one in cleaned(text).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let line = line(String(one))
      if line.isEmpty { paragraphs.append([]) } else { paragraphs[paragraphs.count - 1].append(line) }
    }
    return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
  }

  /// The text of a scalar, empty for null.
  static func scalar(_ value: JSONTree) -> String {
    switch value {
    case .string(let text): text
    case .scalar(let raw): raw.isNull ? "" : raw.boolValue.map { $0 ? "Yes" : "No" } ?? raw.description
    case .array, .object: ""
    }
  }

  /// All that a value holds, each text on one line; members of objects after their labels.
  static func values(_ value: JSONTree) -> [String] {
    switch value {
    case .string, .scalar: [line(scalar(value))].filter { !$0.isEmpty }
    case .array(let elements): elements.flatMap(values)
    case .object(let members): members.flatMap { member in described(member) }
    }
  }

  private static func described(_ member: JSONTree.Member) -> [String] {
    let values = values(member.value)
    return values.isEmpty ? [] : ["\(FieldName.label(member.name)): \(values.joined(separator: ", "))"]
  }
}

extension Character {
  /// A no-break space holds words together and is kept.
  fileprivate var isWhitespaceToFold: Bool { isWhitespace && self != "\u{A0}" && self != "\u{202F}" }
}
