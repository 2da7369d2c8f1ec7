import CelerityCore
import GRDB

/// Looks at every page, every index and every row of a file.
enum StoreCheck {
  /// Throws `corrupt` where something is not what was written.
  static func run(_ db: Database) throws {
    let verdict = try db.first("PRAGMA integrity_check(1)") { $0.text(0) }
    guard verdict == "ok" else {
      throw EngineError(
        .corrupt, "the store's file is damaged: \(verdict ?? "no answer")", hint: EngineError.restoreHint)
    }
    try Schema.verify(db)
    try db.each("SELECT \(RecordRow.columns) FROM task") {
      _ = try RecordRow.checkSeals($0)
      return true
    }
    for table in SchemaTables.sealed {
      try db.each("SELECT * FROM \(table)") {
        try $0.checkSeal($0.count)
        return true
      }
    }
  }
}
