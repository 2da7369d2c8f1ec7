public import CelerityCore

/// A cache: its entries and what it has done.
struct CacheState: Sendable {
  struct Entry: Sendable {
    var blob: Blob
    var size: Int
    var until: StoreTime
    /// Grows with every use.
    var used: Int64
  }

  private var entries: [ByteText: Entry] = [:]
  private var figures = CacheFigures()
  private var uses: Int64 = 0
  private var bytes = 0

  mutating func read(_ name: ByteText, at now: StoreTime) -> Blob? {
    sweep(at: now)
    guard let entry = entries[name] else {
      figures.misses += 1
      return nil
    }
    figures.hits += 1
    uses += 1
    entries[name]?.used = uses
    return entry.blob
  }

  func look(_ name: ByteText, at now: StoreTime) -> Blob? {
    entries[name].flatMap { $0.until > now ? $0.blob : nil }
  }

  mutating func keep(_ blob: Blob, _ name: ByteText, size: Int, until: StoreTime, bound: Int, at now: StoreTime) {
    remove(name)
    sweep(at: now)
    guard until > now, size <= bound else { return }
    while bytes + size > bound, let oldest = entries.min(by: { $0.value.used < $1.value.used }) {
      remove(oldest.key)
      figures.evictions += 1
    }
    uses += 1
    entries[name] = Entry(blob: blob, size: size, until: until, used: uses)
    bytes += size
    figures.sets += 1
  }

  mutating func forget(_ name: ByteText, at now: StoreTime) -> Bool {
    sweep(at: now)
    return remove(name)
  }

  mutating func figures(at now: StoreTime) -> CacheFigures {
    sweep(at: now)
    var figures = figures
    figures.entries = Int64(entries.count)
    figures.bytes = Int64(bytes)
    return figures
  }

  private mutating func sweep(at now: StoreTime) {
    for (name, entry) in entries where entry.until <= now { remove(name) }
  }

  @discardableResult
  private mutating func remove(_ name: ByteText) -> Bool {
    guard let entry = entries.removeValue(forKey: name) else { return false }
    bytes -= entry.size
    return true
  }
}

extension StoreModel {
  /// `CacheStore.cached`.
  public mutating func cached(_ key: CacheKey, counting: Bool, at moment: Moment) throws(EngineError) -> Blob? {
    try key.check()
    if !counting { return caches[key.cache]?.look(ByteText(key.name), at: moment.storeTime) }
    return caches[key.cache, default: CacheState()].read(ByteText(key.name), at: moment.storeTime)
  }

  /// `CacheStore.cache`.
  public mutating func cache(
    _ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int, at moment: Moment
  ) throws(EngineError) {
    try key.check()
    caches[key.cache, default: CacheState()].keep(
      blob, ByteText(key.name), size: key.size(of: blob), until: moment.storeTime + lifetime, bound: bound,
      at: moment.storeTime)
  }

  /// `CacheStore.uncache`.
  public mutating func uncache(_ key: CacheKey, at moment: Moment) throws(EngineError) -> Bool {
    try key.check()
    return caches[key.cache]?.forget(ByteText(key.name), at: moment.storeTime) ?? false
  }

  /// `CacheStore.cacheFigures`.
  public mutating func cacheFigures(of cache: String, at moment: Moment) throws(EngineError) -> CacheFigures {
    try CacheKey.check(cache)
    return caches[cache]?.figures(at: moment.storeTime) ?? CacheFigures()
  }

  /// `CacheStatistics.caches`.
  public mutating func cacheFigures(at moment: Moment) -> [String: CacheFigures] {
    var figures: [String: CacheFigures] = [:]
    for name in caches.keys { figures[name] = caches[name]?.figures(at: moment.storeTime) }
    return figures
  }
}
