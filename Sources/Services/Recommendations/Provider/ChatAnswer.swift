import CelerityJSON

/// Reads songs out of what a chat model wrote, which is only asked to be JSON.
enum ChatAnswer {
  /// Fewer are no answer.
  static let fewest = 3
  private static let longestText = 200

  /// The songs in the body of an answer, at most so many, without the one asked for.
  static func songs(
    in body: [UInt8], besides question: String, limit: Int
  ) throws(ProviderError) -> [Recommendation] {
    guard let answer = try? RawJSON(validating: body),
      let content = answer["choices"]?.elements()?.first?["message"]?["content"]?.stringValue
    else { throw ProviderError(.badAnswer, "the provider's answer has no message") }
    guard let list = list(in: content) else {
      throw ProviderError(.badAnswer, "the provider's message holds no list of songs")
    }
    let asked = SongKey(question)
    var seen: Set<[SongKey]> = []
    var songs: [Recommendation] = []
    for entry in list where songs.count < limit {
      guard let title = text(entry["title"]), let artist = text(entry["artist"]) else { continue }
      let (titleKey, artistKey) = (SongKey(title), SongKey(artist))
      let names = [
        titleKey, SongKey("\(artist) \(title)"), SongKey("\(title) \(artist)"), SongKey("\(title) by \(artist)"),
      ]
      guard !titleKey.isEmpty, !names.contains(asked), seen.insert([titleKey, artistKey]).inserted else { continue }
      songs.append(Recommendation(artist: artist, title: title, reason: text(entry["reason"])))
    }
    guard songs.count >= min(fewest, limit) else {
      throw ProviderError(.badAnswer, "the provider's message holds only \(songs.count) songs")
    }
    return songs
  }

  /// The array in a message: alone, in an object, or between other words and fences.
  private static func list(in content: String) -> [RawJSON]? {
    for (open, close) in [("{", "}"), ("[", "]")] {
      guard let start = content.firstIndex(of: Character(open)), let end = content.lastIndex(of: Character(close)),
        start < end, let value = try? RawJSON(validating: String(content[start...end]))
      else { continue }
      if let list = value.elements() ?? value["recommendations"]?.elements() { return list }
    }
    return nil
  }

  /// A text of a sensible length on one line; `nil` when there is none.
  private static func text(_ value: RawJSON?) -> String? {
    guard let text = value?.stringValue else { return nil }
    var printable = String.UnicodeScalarView()
    printable.append(
      contentsOf: text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 })
    let line = String(printable).split { $0.isWhitespace }.joined(separator: " ")
    var view = String.UnicodeScalarView()
    view.append(contentsOf: line.unicodeScalars.prefix(longestText))
    return view.isEmpty ? nil : String(view)
  }
}
