public import CelerityCore
import GRDB
import GRDBSQLite

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What can be seen of a store's file from outside, for a look at an installation. Nothing is written, and while the
/// contents are looked at no process can take the store.
public struct StoreInspection: Sendable {
  /// The version of SQLite in use.
  public static var libraryVersion: String { String(cString: sqlite3_libversion()) }

  /// Bytes of the file, without the log beside it.
  public var size: Int64 = 0
  /// Bytes of the log beside it: what a process that ended suddenly left to be taken over.
  public var logSize: Int64 = 0
  /// Whether a process owns the store, and which one as far as it said so.
  public var isOwned = false
  public var owner: Int32?
  /// Whether the contents were looked at; they are not while a process owns the store.
  public var isChecked = false
  /// Whether every row was read; in a large store only the structure of the file is checked.
  public var isCheckedWholly = false
  public var schemaVersion: Int64 = 0
  public var journalMode = ""
  /// What is wrong with it.
  public var problem: EngineError?

  /// Files up to this size are read row by row.
  private static let wholeSize: Int64 = 64 << 20

  /// Looks at the store at a path; `nil` when there is none.
  public static func look(at path: String) async -> StoreInspection? {
    guard FileSystem.exists(path) else { return nil }
    return try? await onOwnThread { StoreInspection(path) }
  }

  private init(_ path: String) {
    size = FileSystem.size(path)
    logSize = FileSystem.size(path + "-wal")
    let lock = open(path + ".lock", O_RDONLY | O_CLOEXEC)
    defer { if lock >= 0 { close(lock) } }
    if lock >= 0, flock(lock, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      isOwned = true
      owner = Self.process(in: lock)
      return
    }
    do {
      try check(path)
      isChecked = true
    } catch {
      problem = EngineError(describing: error)
    }
  }

  private static func process(in lock: Int32) -> Int32? {
    var buffer = [UInt8](repeating: 0, count: 20)
    let count = pread(lock, &buffer, buffer.count, 0)
    return Int32(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).filter { !$0.isWhitespace })
  }

  private mutating func check(_ path: String) throws {
    guard size > 0 else { throw EngineError(.corrupt, "the file is empty", hint: EngineError.restoreHint) }
    var options = Configuration()
    options.readonly = true
    options.busyMode = .timeout(StoreFile.patience)
    let queue = try DatabaseQueue(path: path, configuration: options)
    defer { try? queue.close() }
    let isSmall = size <= Self.wholeSize
    let found = try queue.inDatabase { db -> (version: Int64, journal: String) in
      try Schema.check(db)
      if isSmall { try StoreCheck.run(db) } else { try Self.checkStructure(db) }
      return (
        try db.first("PRAGMA user_version") { $0.integer(0) } ?? 0,
        try db.first("PRAGMA journal_mode") { $0.text(0) } ?? ""
      )
    }
    isCheckedWholly = isSmall
    schemaVersion = found.version
    journalMode = found.journal
  }

  private static func checkStructure(_ db: Database) throws {
    let verdict = try db.first("PRAGMA quick_check(1)") { $0.text(0) }
    guard verdict == "ok" else {
      throw EngineError(
        .corrupt, "the store's file is damaged: \(verdict ?? "no answer")", hint: EngineError.restoreHint)
    }
    try Schema.verify(db)
  }
}
