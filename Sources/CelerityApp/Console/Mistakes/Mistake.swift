/// What is wrong with a command line, why, and what to type instead.
struct Mistake: Error, Hashable {
  var error: String
  var cause: String?
  var hint: String?
}

/// Words as a shell reads them back.
enum ShellWords {
  static func joined(_ words: some Sequence<String>) -> String { words.map(quoted).joined(separator: " ") }

  /// The word itself where a shell leaves it alone, otherwise in quotes. Control characters become spaces: this is shown
  /// on terminals.
  static func quoted(_ word: String) -> String {
    let word = SafeText.line(word)
    if !word.isEmpty, word.unicodeScalars.allSatisfy(isPlain) { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// Splits a line of our own: single quotes, double quotes, no expansion.
  static func split(_ line: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        (quote, word) = (character, word ?? "")
      } else if character == " " {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    return words
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", "=", ",", "@", "%", "+": true
    default: !scalar.isASCII && !SafeText.isDangerous(scalar)
    }
  }
}
