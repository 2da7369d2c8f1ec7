import CelerityJSON
import Testing

@testable import Recommendations

@Suite struct CatalogueTests {
  private let catalogue = Catalogue.bundled

  @Test("The catalogue has 150 songs at least, each once and each with what it is like")
  func entries() {
    let lines = [Catalogue.rockLines, Catalogue.popLines, Catalogue.soulLines, Catalogue.otherLines].joined()
    #expect(catalogue.songs.count == lines.split(separator: "\n").count)
    #expect(catalogue.songs.count >= 150)
    #expect(Set(catalogue.songs.map { SongKey($0.artist + "/" + $0.title) }).count == catalogue.songs.count)
    for song in catalogue.songs {
      #expect(!song.artist.isEmpty && !song.title.isEmpty)
      #expect((1700...2026).contains(song.year), "\(song.title)")
      #expect((1...2).contains(song.genres.count) && (1...2).contains(song.moods.count), "\(song.title)")
    }
    // A tag that only one song has finds nothing.
    for tags in [catalogue.songs.flatMap(\.genres), catalogue.songs.flatMap(\.moods)] {
      for tag in Set(tags) { #expect(tags.count { $0 == tag } > 1, "\(tag)") }
    }
  }

  @Test(
    "A song is known however it is written",
    arguments: [
      "Bohemian Rhapsody", "bohemian rhapsody", "Queen - Bohemian Rhapsody", "Bohemian Rhapsody — Queen",
      "Bohemian Rhapsody by Queen", " BOHEMIAN   RHAPSODY!! ", "Bohemian Rhapsody (Remastered 2011)",
      "Bohémian Rhäpsody", "Queen: “Bohemian Rhapsody” [live]",
    ])
  func spellings(question: String) {
    #expect(catalogue.song(of: question)?.title == "Bohemian Rhapsody")
  }

  @Test("Articles, ampersands, apostrophes and accents are no hindrance")
  func signs() {
    for (question, title) in [
      ("Beatles Yesterday", "Yesterday"), ("Simon and Garfunkel - Mrs. Robinson", "Mrs. Robinson"),
      ("dont stop me now", "Don't Stop Me Now"), ("Don’t Stop Me Now", "Don't Stop Me Now"),
      ("Sodade Cesaria Evora", "Sodade"), ("motorhead ace of spades", "Ace of Spades"),
      ("Björk Hyperballad", "Hyperballad"),
    ] {
      #expect(catalogue.song(of: question)?.title == title, "\(question)")
    }
    #expect(catalogue.song(of: "A song that nobody wrote") == nil)
  }

  @Test("S2.10: a song has at least three others, the same each time, and never itself")
  func everySong() {
    for song in catalogue.songs {
      for question in [song.title, "\(song.artist) - \(song.title)"] {
        let choice = catalogue.choice(for: question, limit: 5)
        #expect(choice.songs.count == 5)
        #expect(choice == catalogue.choice(for: "\(song.title) (live)", limit: 5))
        #expect(!choice.songs.contains { SongKey($0.title) == SongKey(song.title) }, "\(song.title)")
        #expect(Set(choice.songs.map(\.artist)).count == 5)
      }
    }
  }

  @Test("The nearest songs share the most with the one asked for")
  func nearest() {
    let choice = catalogue.choice(for: "The Trooper", limit: 5)
    #expect(choice.asked?.artist == "Iron Maiden")
    for song in choice.songs {
      #expect(song.genres.contains("metal") && !Set(song.moods).isDisjoint(with: ["energetic", "epic"]))
    }
    let calm = catalogue.choice(for: "Take Five", limit: 3)
    for song in calm.songs { #expect(song.genres.contains("jazz")) }
  }

  @Test("S2.10: a song that is not known is answered by its words, its artist, or by chance that is the same each time")
  func unknown() {
    let reggae = catalogue.choice(for: "some happy reggae tune", limit: 4)
    for song in reggae.songs { #expect(song.genres.contains("reggae") || song.moods.contains("happy")) }
    #expect(reggae.songs.first?.genres.contains("reggae") == true)
    let artist = catalogue.choice(for: "Metallica - One", limit: 3)
    for song in artist.songs { #expect(song.genres.contains("metal")) }
    let questions = (0..<40).map { "Zxqv \($0)" }
    for question in questions {
      let choice = catalogue.choice(for: question, limit: 5)
      #expect(choice.asked == nil && choice.songs.count == 5)
      #expect(choice == catalogue.choice(for: question.uppercased(), limit: 5))
    }
    #expect(Set(questions.map { catalogue.choice(for: $0, limit: 5).songs }).count > 20)
  }

  @Test("S2.10: somebody else's recording of a song is not recommended for it")
  func covers() {
    for question in ["Yesterday - A Street Musician", "A Street Musician: Hallelujah"] {
      let titles = catalogue.choice(for: question, limit: 10).songs.map { SongKey($0.title).description }
      #expect(!titles.contains("yesterday") || !question.contains("Yesterday"))
      #expect(!titles.contains("hallelujah") || !question.contains("Hallelujah"))
    }
  }

  @Test("S2.10: the task answers songs with reasons, without any provider")
  func task() async throws {
    let platform = TestPlatform()
    let message = try message(#"{"song": "Take On Me"}"#)
    let result = try await platform.run(message)
    #expect(result.names == ["song", "source", "recommendations"])
    #expect(try result.text("source") == "catalogue")
    #expect(try result.text("song") == "Take On Me")
    let songs = try #require(result["recommendations"]?.elements())
    #expect(songs.count == 5)
    for song in songs {
      #expect(song.names == ["artist", "title", "reason"])
      #expect(!(try song.text("reason")).isEmpty)
    }
    #expect(try await platform.run(message) == result)
    #expect(platform.web.requests.isEmpty)
  }

  @Test(
    "Songs that can't be looked for are refused",
    arguments: [#"{"song": ""}"#, #"{"song": "!?"}"#, #"{"song": "a", "limit": 2}"#])
  func refused(kwargs: String) async throws {
    await #expect(throws: (any Error).self) { try await TestPlatform().run(message(kwargs)) }
  }
}
