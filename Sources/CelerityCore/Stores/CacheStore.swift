/// Where services keep what can be made again: bounded, evictable, never mixed with what must not be lost.
///
/// A cache is named by who uses it, `documents`; all processes on a store share it, its bound and its counters. Whatever
/// is in it may be gone at any moment, so that every error of it means no more than a miss.
public protocol CacheStore: Sendable {
  /// Whether anything is kept at all; `true` unless whoever runs the platform has switched caches off.
  var keepsCache: Bool { get }

  /// What is kept under a key, or `nil` when there is nothing or its lifetime is over.
  ///
  /// - Parameter counting: whether this is a use, which counts as a hit or a miss and makes the entry the most recently
  ///   used one; not where the same use looks a second time.
  func cached(_ key: CacheKey, counting: Bool) async throws(EngineError) -> Blob?

  /// Keeps bytes under a key for a lifetime, to the microsecond on the store's time, replacing what was there. What was
  /// used least recently goes first when the cache would grow beyond its bound, in bytes by `CacheKey.size(of:)`. What
  /// alone is larger than the bound is not kept, nor is what has no lifetime; what it would have replaced is gone.
  func cache(_ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int) async throws(EngineError)

  /// Forgets an entry; whether there was one. Nothing is counted.
  func uncache(_ key: CacheKey) async throws(EngineError) -> Bool

  /// The counters of a cache, summed over all processes.
  func cacheFigures(of cache: String) async throws(EngineError) -> CacheFigures
}

extension CacheStore {
  public var keepsCache: Bool { true }

  /// Uses what is kept under a key.
  public func cached(_ key: CacheKey) async throws(EngineError) -> Blob? { try await cached(key, counting: true) }
}

/// What a store can tell of all its caches: for whoever shows them.
public protocol CacheStatistics: Sendable {
  /// The caches that were ever used, with what each has done, by name.
  func caches() async throws(EngineError) -> [String: CacheFigures]
}

/// A cache that is switched off: nothing is kept, nothing is found and nothing is counted.
public struct NoCache: CacheStore {
  /// No cache.
  public init() {}

  public var keepsCache: Bool { false }
  public func cached(_ key: CacheKey, counting: Bool) async throws(EngineError) -> Blob? { nil }
  public func cache(
    _ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int
  ) async throws(EngineError) {}
  public func uncache(_ key: CacheKey) async throws(EngineError) -> Bool { false }
  public func cacheFigures(of cache: String) async throws(EngineError) -> CacheFigures { CacheFigures() }
}

/// The key of an entry.
public struct CacheKey: Sendable, Hashable {
  /// Name of the cache: 1 to 100 of `a-z 0-9 . _ -`.
  public var cache: String
  /// A digest, usually.
  public var name: String

  /// A name in a cache.
  public init(_ cache: String, _ name: String) {
    self.cache = cache
    self.name = name
  }
}

extension CacheKey {
  /// What each entry counts for besides its bytes: about what a store needs to find it again. Without it a cache of empty
  /// entries would have no bound.
  public static let overhead = 128

  /// What an entry counts for against the bound of its cache, in bytes.
  public func size(of blob: Blob) -> Int {
    blob.bytes.count + blob.contentType.utf8.count + name.utf8.count + Self.overhead
  }

  /// Throws `invalid` unless the cache has a name that is one.
  public func check() throws(EngineError) { try Self.check(cache) }

  /// Throws `invalid` unless a text can name a cache.
  public static func check(_ cache: String) throws(EngineError) {
    let isName = cache.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isName, (1...100).contains(cache.utf8.count) else {
      throw EngineError(.invalid, "'\(cache)' can't name a cache", hint: "use 1 to 100 of a-z 0-9 . _ -")
    }
  }
}

/// What a cache has done since there is a store, or since its file was made anew, and what it holds.
public struct CacheFigures: Sendable, Hashable {
  /// Reads that found something.
  public var hits: Int64
  /// Reads that found nothing.
  public var misses: Int64
  /// Entries that were kept.
  public var sets: Int64
  /// Entries that gave way to the bound; those whose lifetime ended are not among them.
  public var evictions: Int64
  /// Entries whose lifetime is not over.
  public var entries: Int64
  /// What these count for, by `CacheKey.size(of:)`.
  public var bytes: Int64

  /// Figures, all zero by default.
  public init(
    hits: Int64 = 0, misses: Int64 = 0, sets: Int64 = 0, evictions: Int64 = 0, entries: Int64 = 0, bytes: Int64 = 0
  ) {
    self.hits = hits
    self.misses = misses
    self.sets = sets
    self.evictions = evictions
    self.entries = entries
    self.bytes = bytes
  }
}
