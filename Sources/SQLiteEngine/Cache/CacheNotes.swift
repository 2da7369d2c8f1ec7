/// What readers found since the last write: uses of entries, hits and misses.
struct CacheNotes: Sendable {
  /// The last use of an entry, by the entry's id.
  private(set) var uses: [Int64: Int64] = [:]
  private(set) var counts: [String: (hits: Int64, misses: Int64)] = [:]
  /// The number of the last use.
  private var lastUse: Int64

  init(lastUse: Int64) { self.lastUse = lastUse }

  mutating func nextUse() -> Int64 {
    lastUse += 1
    return lastUse
  }

  /// Notes a hit on an entry, or a miss.
  mutating func note(_ entry: Int64?, in cache: String) {
    if let entry {
      uses[entry] = nextUse()
      counts[cache, default: (0, 0)].hits += 1
    } else {
      counts[cache, default: (0, 0)].misses += 1
    }
  }

  mutating func take() -> CacheNotes {
    defer { (uses, counts) = ([:], [:]) }
    return self
  }

  /// Notes again what could not be written.
  mutating func putBack(_ notes: CacheNotes) {
    uses.merge(notes.uses) { max($0, $1) }
    counts.merge(notes.counts) { ($0.hits + $1.hits, $0.misses + $1.misses) }
  }
}
