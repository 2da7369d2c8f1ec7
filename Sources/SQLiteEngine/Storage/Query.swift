import GRDB
import GRDBSQLite
import Synchronization

/// A statement of the writer's daily work, known by a number, because finding it by its text costs as much as running it.
struct Query: Sendable {
  private static let count = Atomic(0)

  let sql: String
  fileprivate let number: Int

  init(_ sql: String) {
    self.sql = sql
    number = Self.count.wrappingAdd(1, ordering: .relaxed).oldValue
  }
}

/// The prepared statements of one connection.
final class Statements {
  private let db: Database
  private var prepared: [Statement?] = []

  init(_ db: Database) {
    self.db = db
  }

  /// Runs a statement; answers how many rows it changed.
  @discardableResult
  func run(_ query: Query, _ bind: (inout Binder) throws -> Void) throws -> Int {
    try db.step(try statement(query), bind) { _ in false }
    return Int(sqlite3_changes(db.sqliteConnection))
  }

  /// All rows of a query.
  func rows<T>(
    _ query: Query, _ bind: (inout Binder) throws -> Void, _ make: (Columns) throws -> T
  ) throws -> [T] {
    var rows: [T] = []
    try db.step(try statement(query), bind) {
      rows.append(try make($0))
      return true
    }
    return rows
  }

  /// The first row of a query.
  func first<T>(
    _ query: Query, _ bind: (inout Binder) throws -> Void, _ make: (Columns) throws -> T
  ) throws -> T? {
    var found: T?
    try db.step(try statement(query), bind) {
      found = try make($0)
      return false
    }
    return found
  }

  private func statement(_ query: Query) throws -> SQLiteStatement {
    while prepared.count <= query.number { prepared.append(nil) }
    if let found = prepared[query.number] { return found.sqliteStatement }
    let made = try db.makeStatement(sql: query.sql)
    prepared[query.number] = made
    return made.sqliteStatement
  }
}
