/// A song of the catalogue with what it is like.
struct Song: Sendable, Hashable {
  var artist: String
  var title: String
  var year: Int
  var genres: [String]
  var moods: [String]

  /// Reads a line of the catalogue: `artist | title | year | genres | moods`; `nil` for anything else.
  init?(line: some StringProtocol) {
    let parts = line.split(separator: "|").map { part in
      part.split(separator: " ").joined(separator: " ")
    }
    guard parts.count == 5, let year = Int(parts[2]) else { return nil }
    artist = parts[0]
    title = parts[1]
    self.year = year
    genres = parts[3].split(separator: " ").map(String.init)
    moods = parts[4].split(separator: " ").map(String.init)
  }

  /// `1970s`.
  var era: String { "\(year / 10 * 10)s" }
}
