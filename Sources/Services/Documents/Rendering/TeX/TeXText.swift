/// Text of people as source for XeLaTeX: whatever it holds, it is set as text.
enum TeXText {
  /// The text with every character that means something to TeX replaced, on one line.
  static func escaped(_ text: String) -> String {
    TextRun.runs(of: text).map(source).joined()
  }

  /// The characters of a PDF text string (ISO 32000-1, 7.9.2.2) in hexadecimal digits, which nothing can break out of.
  static func hexadecimal(_ text: String) -> String {
    var digits = "FEFF"
    for unit in text.utf16 {
      let hex = String(unit, radix: 16, uppercase: true)
      digits += String(repeating: "0", count: 4 - hex.count) + hex
    }
    return digits
  }

  /// A target of ``LinkTarget``, of whose characters five mean something to TeX.
  static func address(_ target: String) -> String {
    var source = ""
    for character in target {
      if "%#&~_".contains(character) { source.append("\\") }
      source.append(character)
    }
    return source
  }

  private static func source(_ run: TextRun) -> String {
    let text = String(run.scalars)
    switch run.kind {
    case .plain: return plain(text)
    case .ideographs: return ideographs(run.scalars)
    case .rightToLeft:
      let words = text.split(separator: " ", omittingEmptySubsequences: false)
      let source = words.map { $0.isEmpty ? "" : glyphs($0.unicodeScalars) }.joined(separator: " ")
      return "\\righttoleft{\(source)}"
    case .other: return glyphs(run.scalars)
    }
  }

  /// TeX looks at each character of an argument, and copies the rest of it every time: long ones are cut.
  private static let longestArgument = 40

  private static func glyphs(_ scalars: some Collection<Unicode.Scalar>) -> String {
    var source = "\\glyphs{"
    for (index, scalar) in scalars.enumerated() {
      // Not between a letter and its mark, unless somebody piles up marks without end.
      let mayCut = scalar.properties.generalCategory != .nonspacingMark || index % (4 * longestArgument) == 0
      if index > 0, index % longestArgument == 0, mayCut { source += "}\\softbreak{}\\glyphs{" }
      source.unicodeScalars.append(scalar)
    }
    return source + "}"
  }

  private static func ideographs(_ scalars: some Collection<Unicode.Scalar>) -> String {
    var source = "\\ideographs{"
    var length = 0
    for scalar in scalars {
      // A line must not begin with punctuation.
      if length >= longestArgument, scalar.properties.isAlphabetic || length >= 4 * longestArgument {
        source += "}\\softbreak{}\\ideographs{"
        length = 0
      }
      source.unicodeScalars.append(scalar)
      length += 1
    }
    return source + "}"
  }

  /// Words that are longer may end a line at any of their signs.
  private static let longestWord = 24

  private static func plain(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.unicodeScalars.count > longestWord ? breakable(word) : escapedWord(word.unicodeScalars)
    }.joined(separator: " ")
  }

  private static func breakable(_ word: Substring) -> String {
    var source = ""
    var part = String.UnicodeScalarView()
    for scalar in word.unicodeScalars {
      part.append(scalar)
      // Not between two hyphens or quotes, which would become one sign.
      if part.count >= 12 || (part.count > 1 && "/@._?&=:+".unicodeScalars.contains(scalar)) {
        source += escapedWord(part) + "\\softbreak{}"
        part = String.UnicodeScalarView()
      }
    }
    return source + escapedWord(part)
  }

  private static func escapedWord(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var source = ""
    var previous: Unicode.Scalar?
    for scalar in scalars {
      // Fonts and TeX have signs that are written as two: dashes, quotes.
      if scalar == previous, "-',".unicodeScalars.contains(scalar) { source += "{}" }
      if let command = commands[scalar] { source += command } else { source.unicodeScalars.append(scalar) }
      previous = scalar
    }
    return source
  }

  private static let commands: [Unicode.Scalar: String] = [
    "&": "\\&", "%": "\\%", "$": "\\$", "#": "\\#", "_": "\\_",
    "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "[": "\\lbrack{}", "]": "\\rbrack{}",
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "\\": "\\textbackslash{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "\"": "\\textquotedbl{}", "|": "\\textbar{}",
    "`": "\\textasciigrave{}", "\u{A0}": "~",
  ]
}
