import CelerityCore
import GRDB

/// What writers do to a cache, inside one transaction.
struct CacheTransaction {
  /// How many entries one transaction throws out at most: others wait meanwhile.
  static let most = 1000

  private let db: Database
  private let nextUse: () -> Int64

  init(_ db: Database, nextUse: @escaping () -> Int64) {
    self.db = db
    self.nextUse = nextUse
  }

  /// Writes what readers noted. An entry that is gone meanwhile has no use to note.
  func apply(_ notes: CacheNotes) throws {
    for (entry, use) in notes.uses {
      try db.run("UPDATE entry SET used = ? WHERE id = ?", [.integer(use), .integer(entry)])
    }
    for (cache, counts) in notes.counts {
      try change(cache, "hits = hits + ?, misses = misses + ?", [.integer(counts.hits), .integer(counts.misses)])
    }
  }

  /// Keeps an entry; `false` when so many had to go first that it must be called again.
  func keep(
    _ blob: Blob, at key: CacheKey, until: StoreTime, bound: Int, at now: StoreTime
  ) throws -> Bool {
    try add(key.cache)
    _ = try remove(key)
    let size = key.size(of: blob)
    guard until > now, size <= bound else { return true }
    if try sweep(key.cache, at: now) { return false }
    guard try makeRoom(in: key.cache, for: size, bound: bound) else { return false }
    let use = nextUse()
    let sealed: [SQLValue] = key.values + [.integer(until.microseconds), .text(blob.contentType), .blob(blob.bytes)]
    try db.run(
      "INSERT INTO entry (id, cache, name, until, type, used, size, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [.integer(use)] + sealed[..<4] + [.integer(use), .integer(size), .integer(Seal.of(sealed))])
    try db.run("INSERT INTO body (id, bytes) VALUES (?, ?)", [.integer(use), .blob(blob.bytes)])
    try change(
      key.cache, "entries = entries + 1, bytes = bytes + ?, sets = sets + 1", [.integer(size)])
    return true
  }

  /// Forgets an entry; whether there was one whose lifetime was not over.
  func forget(_ key: CacheKey, at now: StoreTime) throws -> Bool {
    guard let until = try remove(key) else { return false }
    return until > now
  }

  /// The figures of a cache, once all that ended is gone; `nil` when there is more of it than one transaction throws out.
  func figures(of cache: String, at now: StoreTime) throws -> CacheFigures? {
    if try sweep(cache, at: now) { return nil }
    return try db.first(
      "SELECT hits, misses, sets, evictions, entries, bytes FROM cache WHERE name = ?", [.text(cache)]
    ) { row in
      CacheFigures(
        hits: row.integer(0), misses: row.integer(1), sets: row.integer(2), evictions: row.integer(3),
        entries: row.integer(4), bytes: row.integer(5))
    } ?? CacheFigures()
  }

  /// The caches there are, by name.
  func names() throws -> [String] { try db.rows("SELECT name FROM cache ORDER BY name") { $0.text(0) } }

  // MARK: Parts

  private func add(_ cache: String) throws {
    try db.run(
      """
      INSERT INTO cache (name, hits, misses, sets, evictions, entries, bytes) VALUES (?, 0, 0, 0, 0, 0, 0)
      ON CONFLICT (name) DO NOTHING
      """, [.text(cache)])
  }

  private func change(_ cache: String, _ changes: String, _ values: [SQLValue]) throws {
    if try db.run("UPDATE cache SET \(changes) WHERE name = ?", values + [.text(cache)]) > 0 { return }
    try add(cache)
    try db.run("UPDATE cache SET \(changes) WHERE name = ?", values + [.text(cache)])
  }

  /// Removes an entry; answers when its lifetime ends.
  private func remove(_ key: CacheKey) throws -> StoreTime? {
    let found = try db.first("SELECT id, size, until FROM entry WHERE cache = ? AND name = ?", key.values) { row in
      (entry: Doomed(row), until: StoreTime(microseconds: row.integer(2)))
    }
    guard let found else { return nil }
    try remove([found.entry], from: key.cache)
    return found.until
  }

  /// Removes what has ended; whether there may be more.
  private func sweep(_ cache: String, at now: StoreTime) throws -> Bool {
    let ended = try db.rows(
      "SELECT id, size FROM entry WHERE cache = ? AND until <= ? LIMIT \(Self.most)",
      [.text(cache), .integer(now.microseconds)], Doomed.init)
    try remove(ended, from: cache)
    return ended.count == Self.most
  }

  /// Lets go what was used least recently; `false` when that was not enough.
  private func makeRoom(in cache: String, for size: Int, bound: Int) throws -> Bool {
    let bytes = try db.first("SELECT bytes FROM cache WHERE name = ?", [.text(cache)]) { $0.integer(0) } ?? 0
    var excess = bytes + Int64(size) - Int64(bound)
    guard excess > 0 else { return true }
    var oldest: [Doomed] = []
    try db.each("SELECT id, size FROM entry WHERE cache = ? ORDER BY used LIMIT \(Self.most)", [.text(cache)]) { row in
      let entry = Doomed(row)
      oldest.append(entry)
      excess -= entry.size
      return excess > 0
    }
    try remove(oldest, from: cache)
    try change(cache, "evictions = evictions + ?", [.integer(oldest.count)])
    return excess <= 0
  }

  private struct Doomed {
    var id: Int64
    var size: Int64

    init(_ row: Columns) {
      id = row.integer(0)
      size = row.integer(1)
    }
  }

  private func remove(_ entries: [Doomed], from cache: String) throws {
    if entries.isEmpty { return }
    for entry in entries {
      try db.run("DELETE FROM entry WHERE id = ?", [.integer(entry.id)])
      try db.run("DELETE FROM body WHERE id = ?", [.integer(entry.id)])
    }
    try change(
      cache, "entries = entries - ?, bytes = bytes - ?",
      [.integer(entries.count), .integer(entries.reduce(0) { $0 + $1.size })])
  }
}
