import CelerityCore
import GRDB

/// Opens the file of a store, makes sure that it is sound, and reads what its writer must know.
enum StoreFile {
  struct Opened: Sendable {
    var pool: DatabasePool
    var state: WriterState
    /// The store's time of the last commit; `nil` in a new store.
    var time: StoreTime?
  }

  /// Files up to this size are checked at every start; in larger ones a damaged row is seen when it is read.
  private static let checkedSize: Int64 = 32 << 20
  /// How long a statement waits for another program that has the file locked.
  static let patience = 2.0

  static func open(_ configuration: SQLiteConfiguration, _ lock: FileLock) throws -> Opened {
    try checkPresence(configuration.path, lock)
    // SQLite gives its other files the permissions of this one.
    if !FileSystem.exists(configuration.path) { try FileSystem.create(configuration.path) }
    let pool = try DatabasePool(path: configuration.path, configuration: options(configuration))
    do {
      return try pool.writeWithoutTransaction { db in try check(pool, db, configuration, lock) }
    } catch {
      try? pool.close()
      throw error
    }
  }

  private static func check(
    _ pool: DatabasePool, _ db: Database, _ configuration: SQLiteConfiguration, _ lock: FileLock
  ) throws -> Opened {
    try setDurability(configuration.durability, db)
    try truncateLog(db)
    try db.inTransaction(.immediate) {
      try Schema.migrate(db)
      return .commit
    }
    if FileSystem.size(configuration.path) <= checkedSize { try StoreCheck.run(db) }
    let row = try StoreRow(db)
    try checkAge(row, lock)
    let time = row.commits > 0 ? row.time : nil
    return Opened(pool: pool, state: try WriterState(row, db), time: time)
  }

  private static func options(_ configuration: SQLiteConfiguration) -> Configuration {
    var options = Configuration()
    options.maximumReaderCount = configuration.readers
    options.busyMode = .timeout(patience)
    options.label = "celerity"
    options.foreignKeysEnabled = true
    options.prepareDatabase { db in
      // Before the library makes it a WAL database: a file that is not ours is left as it is.
      if !db.configuration.readonly { try Schema.check(db) }
      // Checkpoints are the writer's, who hears of their errors; an automatic one keeps them to itself. Debian's SQLite
      // overwrites what is deleted with zeros unless told otherwise; `FAST` does so where it costs no page.
      try db.execute(
        sql: """
          PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;
          PRAGMA secure_delete = FAST; PRAGMA journal_size_limit = 67108864
          """)
    }
    return options
  }

  /// SQLite takes a file without bytes for a new database and deletes the log beside it.
  private static func checkPresence(_ path: String, _ lock: FileLock) throws {
    guard lock.acknowledged != FileLock.restoring else {
      throw EngineError(
        .corrupt, "restoring \(path) was interrupted", hint: "run `celerity restore` again with the same backup")
    }
    guard FileSystem.size(path) == 0 else { return }
    guard lock.acknowledged == 0, FileSystem.size(path + "-wal") == 0 else {
      throw EngineError(
        .corrupt, "the store \(path) is gone, although work was accepted in it",
        hint: "restore a backup with `celerity restore`, or begin anew by deleting \(path).lock and \(path)-wal")
    }
  }

  /// Whoever was told that his work is safe is not told otherwise by silence.
  private static func checkAge(_ row: StoreRow, _ lock: FileLock) throws {
    guard row.commits >= lock.acknowledged else {
      throw EngineError(
        .corrupt,
        "the store is older than its owner knew it: commit \(row.commits) instead of \(lock.acknowledged)",
        hint:
          "was the file replaced, or its -wal deleted? put back the right one, or take this one with `celerity restore`"
      )
    }
  }

  /// The library's pool sets NORMAL itself when it switches to WAL, so the level is set afterwards and read back.
  private static func setDurability(_ durability: SQLiteConfiguration.Durability, _ db: Database) throws {
    let level: Int64 = durability == .durable ? 2 : 1
    try db.execute(sql: "PRAGMA synchronous = \(level)")
    let found = try db.first("PRAGMA synchronous") { $0.integer(0) }
    let journal = try db.first("PRAGMA journal_mode") { $0.text(0) }
    guard found == level, journal == "wal" else {
      throw EngineError(
        .unavailable, "the store can't be made durable: journal mode \(journal ?? "?"), synchronous \(found ?? -1)",
        hint: "use a local file system that supports shared memory; network file systems do not")
    }
  }

  /// Moves everything from the log into the database and empties the log, before anything is added. After a failed sync
  /// the log may hold what reads well now and will not be on the disk after a power cut; whatever came after it would
  /// be lost with it, however often it is synced.
  private static func truncateLog(_ db: Database) throws {
    do {
      _ = try db.checkpoint(.truncate)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      throw EngineError(
        .unavailable, "another program is reading the store's file", hint: "end it, and use the HTTP API instead")
    }
  }
}
