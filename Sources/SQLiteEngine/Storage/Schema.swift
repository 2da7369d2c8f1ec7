import CelerityCore
import GRDB

/// Whose file it is and which tables are in it. Every change is a new migration; a published one is never edited.
enum Schema {
  /// "CLRT": marks the file as ours, so that another program's database is never taken for a store.
  static let applicationID: Int64 = 0x434C_5254
  /// The newest migration this program knows; a file with a higher one is refused.
  static let version: Int64 = 1

  /// Throws unless the file is empty or a store of a version this program knows. Changes nothing.
  static func check(_ db: Database) throws {
    let owner = try db.first("PRAGMA application_id") { $0.integer(0) } ?? 0
    let found = try db.first("PRAGMA user_version") { $0.integer(0) } ?? 0
    let isEmpty = try db.first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) } == 0
    guard owner == applicationID || (owner == 0 && isEmpty) else {
      throw EngineError(.invalid, "the file is a database of another program", hint: "name another path for the store")
    }
    guard found <= version else {
      throw EngineError(
        .invalid, "the store has schema \(found), this program knows up to \(version)",
        hint: "use the newer program, or restore a backup made by this version")
    }
  }

  /// Brings the tables up to date, in the transaction of the caller.
  static func migrate(_ db: Database) throws {
    let found = try db.first("PRAGMA user_version") { $0.integer(0) } ?? 0
    let isEmpty = try db.first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) } == 0
    if found < 1, isEmpty {
      for statement in SchemaTables.all { try db.execute(sql: statement) }
      try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = 1")
      try StoreRow().write(db)
    }
    try verify(db)
  }

  /// Throws unless the tables are exactly those of this version: SQLite keeps the text that made them.
  static func verify(_ db: Database) throws {
    let found = try db.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL") { $0.text(0) }
    guard Set(found) == Set(SchemaTables.all), found.count == SchemaTables.all.count else {
      throw EngineError(.corrupt, "the store's tables are not those of a store", hint: EngineError.restoreHint)
    }
  }
}
