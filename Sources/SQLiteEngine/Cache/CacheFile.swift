import CelerityCore
import GRDB
import Synchronization

/// An open file with what is cached. One connection writes, without ever waiting for the disk; readers see snapshots and
/// note what they found in memory, so that a hit writes nothing: uses and counts reach the file with the next write.
final class CacheFile: Sendable {
  /// Files up to this size are looked over at every start; in larger ones damage is seen when an entry is read.
  private static let checkedSize: Int64 = 32 << 20
  /// So many entries' uses are held in memory at most.
  private static let mostNotes = 1000

  private let pool: DatabasePool
  private let notes: Mutex<CacheNotes>

  /// Opens or makes a file.
  init(_ path: String) throws {
    // SQLite gives its other files the permissions of this one.
    if !FileSystem.exists(path) { try FileSystem.create(path) }
    pool = try DatabasePool(path: path, configuration: Self.options)
    do {
      let isSmall = FileSystem.size(path) <= Self.checkedSize
      let lastUse = try pool.writeWithoutTransaction { db in
        // The library's pool sets another level itself when it switches to WAL.
        try db.execute(sql: "PRAGMA synchronous = OFF")
        try db.inTransaction(.immediate) {
          try CacheSchema.make(db)
          try CacheSchema.count(db)
          return .commit
        }
        if isSmall, try db.first("PRAGMA quick_check(1)", [], { $0.text(0) }) != "ok" {
          throw EngineError(.corrupt, "the cache's file is damaged")
        }
        // An entry's id is the number of its first use.
        return try db.first("SELECT max(ifnull(max(used), 0), ifnull(max(id), 0)) FROM entry") { $0.integer(0) } ?? 0
      }
      notes = Mutex(CacheNotes(lastUse: lastUse))
    } catch {
      try? pool.close()
      throw error
    }
  }

  private static var options: Configuration {
    var options = Configuration()
    options.maximumReaderCount = 3
    options.busyMode = .timeout(StoreFile.patience)
    options.label = "celerity.cache"
    options.prepareDatabase { db in
      if !db.configuration.readonly {
        try CacheSchema.check(db)
        // Documents of some tens of thousands of bytes are few pages then.
        try db.execute(
          sql: "PRAGMA page_size = 16384; PRAGMA secure_delete = OFF; PRAGMA journal_size_limit = 33554432")
      }
      try db.execute(sql: "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY")
    }
    return options
  }

  // MARK: Reading

  /// Finds an entry, and notes a hit or a miss if it counts.
  func read(_ key: CacheKey, counting: Bool, at now: StoreTime) async throws -> Blob? {
    let found = try await withCheckedThrowingContinuation { continuation in
      pool.asyncRead { snapshot in
        continuation.resume(with: Result { try Self.find(key, in: try snapshot.get()) })
      }
    }
    let live = found.flatMap { $0.until > now ? $0 : nil }
    if !counting { return live?.blob }
    let isFull = notes.withLock { notes in
      notes.note(live?.id, in: key.cache)
      return notes.uses.count >= Self.mostNotes
    }
    // Nobody waits for it, and what it can't write is noted again.
    if isFull { pool.asyncWriteWithoutTransaction { db in _ = try? self.transact(db) { _ in } } }
    return live?.blob
  }

  private struct Found: Sendable {
    var id: Int64
    var until: StoreTime
    var blob: Blob
  }

  private static func find(_ key: CacheKey, in db: Database) throws -> Found? {
    try db.first(
      """
      SELECT cache, name, until, type, bytes, seal, entry.id FROM entry JOIN body ON body.id = entry.id
      WHERE cache = ? AND name = ?
      """, key.values
    ) { row in
      try row.checkSeal(6)
      return Found(
        id: row.integer(6), until: StoreTime(microseconds: row.integer(2)),
        blob: Blob(contentType: row.text(3), bytes: row.blob(4)))
    }
  }

  // MARK: Writing

  /// Runs a write behind the others.
  func write<T: Sendable>(_ body: @escaping @Sendable (CacheTransaction) throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      pool.asyncWriteWithoutTransaction { db in
        continuation.resume(with: Result { try self.transact(db, body) })
      }
    }
  }

  /// One transaction, which begins with what was noted since the last one.
  private func transact<T>(_ db: Database, _ body: (CacheTransaction) throws -> T) throws -> T {
    let noted = notes.withLock { $0.take() }
    do {
      try db.run("BEGIN IMMEDIATE")
      let transaction = CacheTransaction(db) { self.notes.withLock { $0.nextUse() } }
      try transaction.apply(noted)
      let value = try body(transaction)
      try db.run("COMMIT")
      return value
    } catch {
      // Some errors (a full disk) end the transaction by themselves.
      if db.isInsideTransaction { _ = try? db.run("ROLLBACK") }
      notes.withLock { $0.putBack(noted) }
      throw error
    }
  }

  /// Writes what is noted and closes the file; blocks until whoever reads is done.
  func close() {
    _ = try? pool.writeWithoutTransaction { db in try transact(db) { _ in } }
    try? pool.close()
  }

  /// Closes a file that is not worth writing to.
  func giveUp() { try? pool.close() }
}

extension CacheKey {
  /// As the tables hold it.
  var values: [SQLValue] { [.text(cache), .blob(Array(name.utf8))] }
}
