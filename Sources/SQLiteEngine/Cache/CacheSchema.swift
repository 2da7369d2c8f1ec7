import CelerityCore
import GRDB

/// The tables of a cache's file. It has no migrations: a file with other tables is made anew.
enum CacheSchema {
  /// "CLRC": marks the file as a cache of ours, so that another program's database is never thrown away.
  static let applicationID: Int64 = 0x434C_5243
  static let version: Int64 = 1

  /// `entry.used` grows with every use; `size` is what the entry counts for. An entry's bytes lie in a table of their own,
  /// so that noting a use does not write them again. Names are bytes, because any text is a name.
  static let statements = [
    """
    CREATE TABLE cache (
      name TEXT PRIMARY KEY, hits INTEGER NOT NULL, misses INTEGER NOT NULL, sets INTEGER NOT NULL,
      evictions INTEGER NOT NULL, entries INTEGER NOT NULL, bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE entry (
      id INTEGER PRIMARY KEY, cache TEXT NOT NULL, name BLOB NOT NULL, type TEXT NOT NULL, until INTEGER NOT NULL,
      used INTEGER NOT NULL, size INTEGER NOT NULL, seal INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE UNIQUE INDEX entry_name ON entry (cache, name)",
    "CREATE INDEX entry_used ON entry (cache, used, size)",
    "CREATE INDEX entry_until ON entry (cache, until, size)",
    "CREATE TABLE body (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
  ]

  /// Throws `invalid` when the file is another program's, `corrupt` when it is none of this version.
  static func check(_ db: Database) throws {
    let owner = try db.first("PRAGMA application_id") { $0.integer(0) } ?? 0
    let found = try db.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL") { $0.text(0) }
    if owner == 0, found.isEmpty { return }
    guard owner == applicationID else {
      throw EngineError(.invalid, "the cache's file is a database of another program", hint: "move it away")
    }
    let version = try db.first("PRAGMA user_version") { $0.integer(0) }
    guard version == Self.version, Set(found) == Set(statements) else {
      throw EngineError(.corrupt, "the cache's tables are not those of this version")
    }
  }

  /// Makes the tables where there are none.
  static func make(_ db: Database) throws {
    guard try db.first("SELECT count(*) FROM sqlite_schema", [], { $0.integer(0) }) == 0 else { return }
    for statement in statements { try db.execute(sql: statement) }
    try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
  }

  /// Counts what each cache holds: a power cut may have left sums that are wrong.
  static func count(_ db: Database) throws {
    try db.run("UPDATE cache SET entries = 0, bytes = 0")
    try db.run(
      """
      INSERT INTO cache (name, hits, misses, sets, evictions, entries, bytes)
      SELECT cache, 0, 0, 0, 0, count(*), sum(size) FROM entry WHERE true GROUP BY cache
      ON CONFLICT (name) DO UPDATE SET entries = excluded.entries, bytes = excluded.bytes
      """)
  }
}
