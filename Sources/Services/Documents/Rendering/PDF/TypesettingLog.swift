/// What TeX tells of a run.
struct TypesettingLog: Sendable {
  private let lines: [Substring]

  init(_ bytes: [UInt8]) {
    lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
  }

  /// "Output written on document.pdf (3 pages)."
  var pages: Int? {
    for line in lines.reversed() where line.hasPrefix("Output written on ") {
      return line.split(separator: "(").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }
    return nil
  }

  /// The characters that no font had, each once, as `U+1F600`.
  var missingCharacters: [String] {
    let mark = "No font has the character "
    var seen: Set<Substring> = []
    return lines.filter { $0.hasPrefix(mark) }.map { $0.dropFirst(mark.count) }.filter { seen.insert($0).inserted }
      .map(String.init)
  }

  /// Why it stopped, in few words of plain letters: what the source holds is not repeated.
  var reason: String {
    guard let line = lines.first(where: { $0.hasPrefix("!") || $0.contains(": fatal: ") }) else {
      return "it stopped without a reason"
    }
    if line.contains("TeX capacity exceeded") { return "it is too large" }
    let plain = line.drop { $0 == "!" || $0 == " " }.prefix { $0 != "`" && $0 != "\\" && $0 != "'" }
    return String(plain.filter { $0.isASCII }.prefix(80))
  }
}
