import CelerityJSON

/// Writes a JSON value as YAML 1.2 in block style, for people to read and change.
struct YAMLText {
  private var text = ""

  /// The value, which must be an object, as a document.
  static func text(_ value: RawJSON) -> String {
    var yaml = YAMLText()
    yaml.write(JSONTree(value), indent: 0)
    return yaml.text
  }

  private mutating func write(_ value: JSONTree, indent: Int) {
    let margin = String(repeating: " ", count: indent)
    switch value {
    case .object(let members):
      for member in members {
        text += "\(margin)\(Self.scalar(member.name)):"
        writeInner(member.value, indent: indent + 2)
      }
    case .array(let elements):
      for element in elements {
        guard case .object(let members) = element, let first = members.first else {
          text += "\(margin)-"
          writeInner(element, indent: indent + 2)
          continue
        }
        // The first member stands behind the dash, the others below it.
        text += "\(margin)- \(Self.scalar(first.name)):"
        writeInner(first.value, indent: indent + 4)
        write(.object(Array(members.dropFirst())), indent: indent + 2)
      }
    case .string, .scalar: text += "\(margin)\(Self.inline(value))\n"
    }
  }

  private mutating func writeInner(_ value: JSONTree, indent: Int) {
    switch value {
    case .object(let members) where !members.isEmpty:
      text += "\n"
      write(value, indent: indent)
    case .array(let elements) where !elements.isEmpty:
      text += "\n"
      write(value, indent: indent)
    case .object, .array, .string, .scalar: text += " \(Self.inline(value))\n"
    }
  }

  private static func inline(_ value: JSONTree) -> String {
    switch value {
    case .string(let text): scalar(text)
    case .object, .array, .scalar: value.raw.description
    }
  }

  /// A text without quotes where nobody could take it for something else; else as JSON writes it, which is YAML too.
  private static func scalar(_ text: String) -> String {
    let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
    let isPlain =
      text.utf8.first.map { (0x61...0x7A).contains($0 | 0x20) } ?? false && !text.hasSuffix(" ")
      && !words.contains(text.lowercased()) && text.count < 100
      && text.unicodeScalars.allSatisfy { scalar in
        HostName.isAlphanumeric(scalar) || " ,.()/'_-+".unicodeScalars.contains(scalar)
      }
    return isPlain ? text : RawJSON.string(text).description
  }
}
