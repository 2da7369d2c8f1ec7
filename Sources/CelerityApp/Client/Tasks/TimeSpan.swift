import CelerityCore

/// A length of time on the command line: seconds, or numbers with units, `90`, `1.5`, `500ms`, `5m`, `1h30m`, `2d`.
struct TimeSpan: Sendable, Hashable {
  let duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  init?(argument: String) {
    // `Double` would also take signs, exponents, hexadecimal digits and words.
    if argument.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }), let seconds = Double(argument) {
      guard let duration = Duration(clientSeconds: seconds) else { return nil }
      self.duration = duration
      return
    }
    var total = 0.0
    var rest = Substring(argument.lowercased())
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let count = Double(number), let seconds = Self.units[String(unit)] else { return nil }
      total += count * seconds
    }
    guard let duration = Duration(clientSeconds: total) else { return nil }
    self.duration = duration
  }

  private static let units = ["ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800]
}
