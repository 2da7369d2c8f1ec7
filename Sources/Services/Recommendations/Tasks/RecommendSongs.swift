import CelerityCore
public import CelerityTasks

/// `recommendations.recommend`: songs for a song, from the provider that is set, else from the bundled catalogue.
public struct RecommendSongs: TaskDefinition {
  public static let name = "recommendations.recommend"
  public static let summary = "Songs for somebody who likes a song."
  public static let options = TaskOptions(
    queue: "recommendations",
    retry: RetryPolicy(
      maxRetries: 3, backoff: .exponential(base: .seconds(1), factor: 2, cap: longestDelay),
      fatal: ProviderError.lasting.union(["SoftTimeLimitExceeded", "TimeLimitExceeded"])),
    timeLimit: .seconds(120), softTimeLimit: .seconds(100))

  static let longestDelay = Duration.seconds(60)

  /// What is asked.
  public struct Input: TaskInput {
    public var song: String
    public var limit: Int

    /// Songs for a song.
    public init(song: String, limit: Int = defaultLimit) {
      self.song = song
      self.limit = limit
    }

    public static let defaultLimit = 5
    static let longestSong = 500

    public static let arguments = [
      Argument(CodingKeys.song, "A song: its title, with its artist or without."),
      Argument(CodingKeys.limit, "How many songs.", default: defaultLimit, minimum: 3, maximum: 10),
    ]

    public func validate() throws {
      guard (1...Self.longestSong).contains(song.unicodeScalars.count), !SongKey(song).isEmpty else {
        throw SongRefusal(
          detail: "must be a text of 1 to \(Self.longestSong) characters, some of them letters or digits")
      }
    }
  }

  /// What is recommended.
  public struct Output: Codable, Sendable {
    /// The song as it was asked for.
    public var song: String
    /// `catalogue` or `provider`.
    public var source: String
    public var recommendations: [Recommendation]
  }

  public func run(_ input: Input, _ context: TaskContext) async throws -> Output {
    InteractionLog.record(.task, "Task started", ["status": .text("In Progress")], context)
    do {
      let output = try await Self.recommend(input, context)
      InteractionLog.record(.task, "Task finished", ["status": .text("Success")], context)
      return output
    } catch let error as ProviderError where !error.kind.isLasting && context.stopReason == nil {
      InteractionLog.record(
        .task, "Task failed: \(error)",
        ["status": .text(context.message.retries < Self.options.retry.maxRetries ? "Retrying" : "Failed")], context)
      throw Retry(after: error.delay ?? Self.delay(context), because: error)
    } catch {
      InteractionLog.record(.task, "Task failed: \(error)", ["status": .text("Failed")], context)
      throw error
    }
  }

  private static func recommend(_ input: Input, _ context: TaskContext) async throws -> Output {
    if let provider = try ChatProvider(context.resources.settings) {
      let songs = try await provider.songs(for: input.song, limit: input.limit, context.resources.web)
      return Output(song: input.song, source: "provider", recommendations: songs)
    }
    let choice = Catalogue.bundled.choice(for: input.song, limit: input.limit)
    return Output(
      song: input.song, source: "catalogue",
      recommendations: choice.songs.map { Recommendation($0, choice.profile) })
  }

  /// Base × 2ⁿ, spread over its upper half by the task's id, so that tasks that failed together don't come back together.
  private static func delay(_ context: TaskContext) -> Duration {
    let base = context.resources.settings[RecommendationsService.retryBase]
    let full = min(base * (1 << min(context.message.retries, 20)), longestDelay)
    return full * (0.5 + Double(SHA256.digest(Array(context.id.text.utf8))[0]) / 510)
  }
}

/// A song that is recommended.
public struct Recommendation: Codable, Sendable, Hashable {
  public var artist: String
  public var title: String
  /// Why.
  public var reason: String?

  init(artist: String, title: String, reason: String?) {
    self.artist = artist
    self.title = title
    self.reason = reason
  }

  /// A song of the catalogue, with what it shares with what was asked for.
  init(_ song: Song, _ profile: Catalogue.Profile) {
    let shared = song.genres.filter(profile.genres.contains) + song.moods.filter(profile.moods.contains)
    let isOfItsTime = profile.year.map { abs($0 - song.year) <= 15 } ?? false
    let reasons = shared + (isOfItsTime ? [song.era] : [])
    self.init(
      artist: song.artist, title: song.title, reason: (reasons.isEmpty ? song.genres : reasons).joined(separator: ", "))
  }
}

/// A song that can't be looked for.
struct SongRefusal: InputRefusal {
  let pointer = "/song"
  var detail: String
}
