import CelerityJSON

/// Guesses which JSON was meant by a text that is none: one that lost its quotes in the shell, or one of Python.
enum JSONRepair {
  /// The guess, which is valid JSON; `nil` when there is none.
  static func guess(_ text: String) -> RawJSON? {
    var result = ""
    var rest = Substring(text)
    while let character = rest.first {
      switch character {
      case "{", "}", "[", "]", ":", ",", " ", "\n", "\t", "\r":
        rest = rest.dropFirst()
        if character == "}" || character == "]" { result = withoutTrailingComma(result) }
        result.append(character)
      case "\"", "'":
        guard let string = takeString(&rest, quote: character) else { return nil }
        result += string
      default:
        let word = rest.prefix { !"{}[]:,\"'\n".contains($0) }
        rest = rest.dropFirst(word.count)
        result += value(word.trimmed)
      }
    }
    guard let value = try? RawJSON(validating: result), value.kind == .object || value.kind == .array else {
      return nil
    }
    return value
  }

  private static func withoutTrailingComma(_ text: String) -> String {
    let trimmed = text[...].trimmed
    return trimmed.hasSuffix(",") ? String(trimmed.dropLast()) : text
  }

  /// A string up to its own quote; backslashes stay what they are.
  private static func takeString(_ rest: inout Substring, quote: Character) -> String? {
    var content = ""
    rest = rest.dropFirst()
    while let character = rest.first {
      rest = rest.dropFirst()
      if character == quote { return "\"" + content + "\"" }
      if character == "\\", let next = rest.first {
        content += next == "'" ? "'" : "\\\(next)"
        rest = rest.dropFirst()
      } else {
        content += character == "\"" ? "\\\"" : String(character)
      }
    }
    return nil
  }

  /// A bare word: a number and the words of JSON and Python stay values, everything else was a string.
  private static func value(_ word: Substring) -> String {
    switch word {
    case "true", "True": return "true"
    case "false", "False": return "false"
    case "null", "None", "undefined": return "null"
    default:
      let isNumber = (try? RawJSON(validating: String(word)))?.kind == .number
      return isNumber ? String(word) : RawJSON.string(String(word)).description
    }
  }
}

extension Substring {
  /// The text without blanks around it.
  var trimmed: Substring {
    var text = self
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return text
  }
}
