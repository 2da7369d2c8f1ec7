import CelerityCore
import GRDB

/// Whose file it is and which tables are in it. Every change is a new migration; a published one is never edited.
enum Schema {
  /// "CLRT": marks the file as ours, so that another program's database is never taken for a store.
  static let applicationID: Int64 = 0x434C_5254
  /// The newest migration this program knows; a file with a higher one is refused.
  static let version: Int64 = 3

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
      try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
      try StoreRow().write(db)
    } else {
      for migration in migrations where migration.version > found {
        for statement in migration.drops + migration.creates { try db.execute(sql: statement) }
        try db.execute(sql: "PRAGMA user_version = \(migration.version)")
      }
    }
    try verify(db)
  }

  /// What makes a store of a version out of one of the version before.
  private struct Migration: Sendable {
    let version: Int64
    let drops: [String]
    /// How what is dropped was made.
    let dropped: [String]
    let creates: [String]
  }

  private static let migrations = [
    Migration(
      version: 2, drops: ["DROP INDEX task_tenant"], dropped: ["CREATE INDEX task_tenant ON task (tenant)"],
      creates: ["CREATE INDEX task_tenant ON task (tenant, position, queue, task)"]),
    Migration(
      version: 3, drops: [], dropped: [],
      creates: ["CREATE INDEX task_promised ON task (tenant, queue) WHERE phase = 4"]),
  ]

  /// The statements that made the tables of a version.
  static func statements(of version: Int64) -> Set<String> {
    migrations.reversed().filter { $0.version > version }.reduce(into: Set(SchemaTables.all)) { statements, migration in
      statements.subtract(migration.creates)
      statements.formUnion(migration.dropped)
    }
  }

  /// Throws unless the tables are exactly those of the version that the file names: SQLite keeps the text that made them.
  static func verify(_ db: Database) throws {
    let version = try db.first("PRAGMA user_version") { $0.integer(0) } ?? 0
    let found = try db.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL") { $0.text(0) }
    let wanted = statements(of: version)
    guard Set(found) == wanted, found.count == wanted.count else {
      throw EngineError(.corrupt, "the store's tables are not those of a store", hint: EngineError.restoreHint)
    }
  }
}
