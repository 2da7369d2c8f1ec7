import CelerityCore

/// The songs that the service knows by itself, and how it chooses among them. Nothing here is chance: the same question has
/// the same answer everywhere.
struct Catalogue: Sendable {
  /// The bundled one.
  static let bundled = Catalogue(lines: Self.rockLines + Self.popLines + Self.soulLines + Self.otherLines)

  let songs: [Song]
  /// Songs by all the ways in which people name them.
  private let byKey: [SongKey: Int]
  private let titles: [SongKey]
  private let numbers: [UInt64]

  init(lines: String) {
    songs = lines.split(separator: "\n").compactMap { Song(line: $0) }
    titles = songs.map { SongKey($0.title) }
    numbers = titles.map { Self.number($0.description) }
    var byKey: [SongKey: Int] = [:]
    for (index, song) in songs.enumerated() {
      for key in Self.names(of: song) where byKey[key] == nil { byKey[key] = index }
    }
    self.byKey = byKey
  }

  /// What is found for a song.
  struct Choice: Sendable, Hashable {
    /// The song asked for, when the catalogue has it.
    var asked: Song?
    var songs: [Song]
    /// What the choice went by, of which each song has some.
    var profile: Profile
  }

  /// What songs are compared with.
  struct Profile: Sendable, Hashable {
    var genres: Set<String>
    var moods: Set<String>
    var year: Int?
    var artist: String?
  }

  /// The songs nearest to one, the nearest first, never the song itself. One that the catalogue does not have is taken for
  /// what its words say (a genre, a mood, an artist), else for what a number made from it picks.
  func choice(for question: String, limit: Int) -> Choice {
    let key = SongKey(question)
    let asked = song(of: question)
    // However a song that is known is written, its answer is the same.
    let seed = Self.number(asked.map { SongKey("\($0.artist) \($0.title)").description } ?? key.description)
    let title = asked.map { SongKey($0.title) }
    let profile = asked.map(Self.profile) ?? self.profile(of: key, seed)
    let ranked = songs.indices.filter { !isAsked($0, key, title) }.map { index in
      (index, score: Self.score(songs[index], profile), tie: Self.mixed(seed ^ numbers[index]))
    }.sorted { ($1.score, $0.tie) < ($0.score, $1.tie) }
    var chosen: [Song] = []
    var artists: Set<String> = []
    for (index, _, _) in ranked where chosen.count < limit && artists.insert(songs[index].artist).inserted {
      chosen.append(songs[index])
    }
    return Choice(asked: asked, songs: chosen, profile: profile)
  }

  /// The song a question names: its title, with its artist before or behind it.
  func song(of question: String) -> Song? {
    (byKey[SongKey(question)] ?? byKey[SongKey(Self.bare(question))]).map { songs[$0] }
  }

  /// A text without what stands in brackets, which says which recording is meant: "(Remastered 2011)".
  private static func bare(_ text: String) -> String {
    var depth = 0
    return text.filter { character in
      if "([".contains(character) { depth += 1 }
      defer { if ")]".contains(character) { depth = max(0, depth - 1) } }
      return depth == 0
    }
  }

  private func isAsked(_ index: Int, _ key: SongKey, _ title: SongKey?) -> Bool {
    if let title { return titles[index] == title }
    // Somebody else's recording of a song is the song too.
    let (title, whole) = (titles[index].description, key.description)
    return whole == title || whole.hasPrefix(title + " ") || whole.hasSuffix(" " + title)
  }

  private static func profile(_ song: Song) -> Profile {
    Profile(genres: Set(song.genres), moods: Set(song.moods), year: song.year, artist: song.artist)
  }

  private func profile(of key: SongKey, _ seed: UInt64) -> Profile {
    let words = Set(key.words.map(String.init))
    let genres = Set(songs.flatMap(\.genres)).intersection(words)
    let moods = Set(songs.flatMap(\.moods)).intersection(words)
    if !genres.isEmpty || !moods.isEmpty { return Profile(genres: genres, moods: moods) }
    let byArtist = songs.first { song in
      let artist = SongKey(song.artist)
      return artist.words.count > 1 ? key.description.contains(artist.description) : words.contains(artist.description)
    }
    if let byArtist { return Self.profile(byArtist) }
    guard !songs.isEmpty else { return Profile(genres: [], moods: []) }
    var picked = Self.profile(songs[Int(seed % UInt64(songs.count))])
    picked.artist = nil
    return picked
  }

  private static func score(_ song: Song, _ profile: Profile) -> Int {
    var score = 3 * profile.genres.intersection(song.genres).count + 2 * profile.moods.intersection(song.moods).count
    if let year = profile.year {
      let distance = abs(year - song.year)
      score += distance <= 5 ? 2 : distance <= 15 ? 1 : 0
    }
    if profile.artist == song.artist { score += 1 }
    return score
  }

  /// A number that is the same for a text everywhere.
  private static func number(_ text: String) -> UInt64 {
    SHA256.digest(Array(text.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Numbers that are alike are not, mixed (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
  private static func mixed(_ number: UInt64) -> UInt64 {
    var mixed = number
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  private static func names(of song: Song) -> [SongKey] {
    let artists = [song.artist] + (song.artist.hasPrefix("The ") ? [String(song.artist.dropFirst(4))] : [])
    return [song.title, bare(song.title)].flatMap { title in
      [SongKey(title)]
        + artists.flatMap { artist in
          [SongKey("\(artist) \(title)"), SongKey("\(title) \(artist)"), SongKey("\(title) by \(artist)")]
        }
    }
  }
}
