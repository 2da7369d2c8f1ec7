public import CelerityCore
import Synchronization

/// Answers from a cache, and computes what is not there: once for all who ask for the same at the same time, in this
/// process. What was computed is kept; a failure is not, and is told to all who waited for it.
///
/// ```swift
/// let documents = CachedComputation(resources.cache, cache: "documents", bound: 512 << 20, time: resources.time)
/// let answer = try await documents.answer(digest, for: .seconds(86_400)) { try await render(request) }
/// ```
/// Without a cache, because it is switched off or its store is away, everything is computed, still once for all who ask
/// together. A store that can't be reached is left alone for a while, so that it costs one caller a wait and not each.
public final class CachedComputation: Sendable {
  /// Where an answer comes from.
  public enum Source: Sendable, Hashable {
    case cache
    /// It was computed for this caller.
    case computed
    /// It was computed for another one who asked at the same time.
    case shared
  }

  /// An answer with where it comes from.
  public struct Answer: Sendable, Hashable {
    public var blob: Blob
    public var source: Source
  }

  typealias Outcome = Result<Blob, any Error>

  /// What is known of a name while somebody asks for it.
  struct Place {
    var askers = 0
    /// How many computations have ended since somebody asks, and what the last one gave.
    var ended = 0
    var last: Outcome?
    var flight: Flight?
  }

  /// A computation under way, with those who wait for it.
  struct Flight {
    let number: Int
    var task: Task<Void, Never>?
    var waiting: [Int: CheckedContinuation<Outcome?, Never>] = [:]
  }

  struct State {
    var places: [ByteText: Place] = [:]
    var lastNumber = 0
    var errors: Int64 = 0
    /// Until when a store that was away is left alone, on monotone time.
    var rests: Duration?
    /// The figures as they were read last.
    var figures = CacheFigures()
  }

  /// How long a store that was away is left alone.
  static let rest = Duration.seconds(5)

  let store: any CacheStore
  let cache: String
  let bound: Int
  let isEnabled: Bool
  let time: any TimeSource
  let state = Mutex(State())

  /// Answers out of a cache.
  ///
  /// - Parameters:
  ///   - cache: the cache's name, 1 to 100 of `a-z 0-9 . _ -`.
  ///   - bound: what the cache may hold, in bytes by `CacheKey.size(of:)`.
  ///   - isEnabled: whether it is used at all; a cache that the platform has switched off is not, whatever this says.
  ///   - time: for leaving a store alone that is away.
  public init(
    _ store: any CacheStore, cache: String, bound: Int, isEnabled: Bool = true, time: any TimeSource = SystemTime()
  ) {
    self.store = store
    self.cache = cache
    self.bound = bound
    self.isEnabled = isEnabled && store.keepsCache
    self.time = time
  }

  /// The answer under a name: from the cache, or computed and kept for a lifetime.
  ///
  /// A caller who is cancelled gets a `CancellationError` and disturbs nobody else; when nobody waits any more, the
  /// computation is cancelled. It runs on Swift's own pool and must not block a thread.
  public func answer(
    _ name: String, for lifetime: Duration, compute: @escaping @Sendable () async throws -> Blob
  ) async throws -> Answer {
    // Who looks while another one's computation ends finds neither it nor, perhaps, the entry: hence the place comes first.
    let ended = enter(name)
    defer { leave(name) }
    let key = CacheKey(cache, name)
    if let blob = await look(key) { return Answer(blob: blob, source: .cache) }
    try Task.checkCancellation()
    return try await join(name, after: ended) {
      let blob = try await compute()
      await self.keep(blob, key, lifetime)
      return blob
    }
  }

  /// What can be told of the cache: counters over all processes, errors of this one.
  public func report() async -> CacheReport {
    var isConnected = false
    do {
      let figures = try await store.cacheFigures(of: cache)
      isConnected = isEnabled
      state.withLock { state in
        state.figures = figures
        state.rests = nil
      }
    } catch {
      note(error)
    }
    let (figures, errors) = state.withLock { ($0.figures, $0.errors) }
    return CacheReport(figures, errors: errors, isEnabled: isEnabled, isConnected: isConnected)
  }

  // MARK: The cache

  private var isUsed: Bool {
    isEnabled && state.withLock { state in state.rests.map { $0 <= time.uptime } ?? true }
  }

  private func look(_ key: CacheKey) async -> Blob? {
    guard isUsed else { return nil }
    do {
      return try await store.cached(key)
    } catch {
      note(error)
      return nil
    }
  }

  private func keep(_ blob: Blob, _ key: CacheKey, _ lifetime: Duration) async {
    guard isUsed else { return }
    do {
      try await store.cache(blob, at: key, for: lifetime, bound: bound)
    } catch {
      note(error)
    }
  }

  private func note(_ error: EngineError) {
    // Whose wait was cut short knows nothing of the store.
    if Task.isCancelled { return }
    state.withLock { state in
      state.errors += 1
      if error.code == .unavailable { state.rests = time.uptime + Self.rest }
    }
  }
}
