import CelerityCore
import GRDB

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Opens the file of a store and reads what its writer must know.
enum StoreFile {
  struct Opened {
    var pool: DatabasePool
    var state: WriterState
    var storeTime: StoreTime?
  }

  /// Files up to this size are checked page by page at every start; larger ones by `celerity doctor`.
  private static let checkedSize = 32 << 20

  static func open(_ configuration: SQLiteConfiguration) throws -> Opened {
    var options = Configuration()
    options.maximumReaderCount = configuration.readers
    options.busyMode = .timeout(2)
    options.label = "celerity"
    options.foreignKeysEnabled = true
    options.prepareDatabase { db in
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY")
    }
    let pool = try DatabasePool(path: configuration.path, configuration: options)
    chmod(configuration.path, 0o600)
    try pool.writeWithoutTransaction { db in
      try setDurability(configuration.durability, db)
      try checkIntegrity(configuration.path, db)
      try db.inTransaction {
        try Schema.migrate(db)
        return .commit
      }
    }
    return try pool.writeWithoutTransaction { db in
      Opened(pool: pool, state: try readState(db), storeTime: try readStoreTime(db))
    }
  }

  /// The library's pool sets NORMAL itself when it switches to WAL, so the level is set afterwards and read back.
  private static func setDurability(_ durability: SQLiteConfiguration.Durability, _ db: Database) throws {
    try db.execute(sql: "PRAGMA synchronous = \(durability == .durable ? "FULL" : "NORMAL")")
    let level = try db.first("PRAGMA synchronous") { $0.integer(0) }
    let journal = try db.first("PRAGMA journal_mode") { $0.text(0) }
    guard level == (durability == .durable ? 2 : 1), journal == "wal" else {
      throw EngineError(
        .unavailable, "the store can't be made durable: journal mode \(journal ?? "?"), synchronous \(level ?? -1)",
        hint: "use a local file system that supports shared memory; network file systems do not")
    }
  }

  private static func checkIntegrity(_ path: String, _ db: Database) throws {
    var status = stat()
    guard stat(path, &status) == 0, status.st_size <= checkedSize else { return }
    let verdict = try db.first("PRAGMA quick_check(1)") { $0.text(0) }
    guard verdict == "ok" else { throw EngineError(.corrupt, "the store is damaged: \(verdict ?? "no answer")", hint: "restore a backup with `celerity restore`") }
  }

  private static func readState(_ db: Database) throws -> WriterState {
    var ledger = QueueLedger()
    let counts = try db.rows(
      "SELECT tenant, queue, phase, count(*) FROM task WHERE phase IN (0, 1, 2) GROUP BY queue, tenant, phase"
    ) { (QueueKey($0.text(1), tenant: Tenant(stored: $0.text(0))), TaskPhase(rawValue: $0.int(2)), $0.int(3)) }
    for (key, phase, count) in counts { ledger.move(key, from: nil, to: phase, by: count) }
    let paused = try db.rows("SELECT tenant, queue FROM paused") {
      QueueKey($0.text(1), tenant: Tenant(stored: $0.text(0)))
    }
    for key in paused { ledger.setPaused(key, true) }
    let highest = try db.first("SELECT max(seq) FROM task") { $0.integer(0) } ?? 0
    let remembered = try meta("seq", db) ?? 0
    let forgotten = try meta("forgotten_seq", db) ?? 0
    // A jump leaves room for numbers given out in relaxed commits that the disk never saw.
    let seq = max(highest, remembered, forgotten) + 1000
    return WriterState(seq: seq, forgottenSeq: forgotten, ledger: ledger, counters: StoreCounters())
  }

  private static func readStoreTime(_ db: Database) throws -> StoreTime? {
    try meta("store_time", db).map(StoreTime.init(microseconds:))
  }

  static func meta(_ name: String, _ db: Database) throws -> Int64? {
    try db.first("SELECT value FROM meta WHERE name = ?", [.text(name)]) { $0.integer(0) }
  }

  static func setMeta(_ name: String, _ value: Int64, _ db: Database) throws {
    try db.run("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", [.text(name), .integer(value)])
  }
}
