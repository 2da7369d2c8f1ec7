/// Names of fields as people write them.
enum FieldName {
  /// What `startDate`, `start_date` and `Start Date` have in common.
  static func canonical(_ name: String) -> String {
    var letters = String.UnicodeScalarView()
    for scalar in name.unicodeScalars where !"_- ".unicodeScalars.contains(scalar) { letters.append(scalar) }
    return String(letters).lowercased()
  }

  /// The name as a label: `programmingLanguages` and `programming_languages` are `Programming Languages`; what is written
  /// for people already (`C++ & Co`, `AWS`) stays.
  static func label(_ name: String) -> String {
    let cleaned = PrintedText.line(name)
    let isIdentifier = cleaned.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
    }
    guard isIdentifier, let first = cleaned.utf8.first, (0x61...0x7A).contains(first) else { return cleaned }
    var words: [String] = [""]
    var previousIsLower = false
    for character in cleaned {
      if character == "_" || (character.isUppercase && previousIsLower) { words.append("") }
      if character != "_" { words[words.count - 1].append(character) }
      previousIsLower = character.isLowercase || character.isNumber
    }
    return words.filter { !$0.isEmpty }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
  }
}
