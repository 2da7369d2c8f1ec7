import CelerityJSON
import GRDB
import GRDBSQLite

/// A value bound to a statement.
enum SQLValue {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])

  static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }
  static func flag(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
  static func optional(_ value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }
  static func optional(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
  static func optional(_ value: RawJSON?) -> SQLValue { value.map { .blob($0.bytes) } ?? .null }
}

/// Statements are bound and stepped directly: the library's own argument and row types cost more than SQLite itself on
/// the rows of a queue. Preparation, caching and threads stay the library's.
extension Database {
  /// Runs a statement; answers how many rows it changed.
  @discardableResult
  func run(_ sql: String, _ values: [SQLValue] = []) throws -> Int {
    try each(sql, values) { _ in false }
    return Int(sqlite3_changes(sqliteConnection))
  }

  /// Runs a statement that writes a row whose last column is its seal.
  @discardableResult
  func seal(_ sql: String, _ values: [SQLValue]) throws -> Int {
    try run(sql, values + [.integer(Seal.of(values))])
  }

  /// All rows of a query.
  func rows<T>(_ sql: String, _ values: [SQLValue] = [], _ make: (Columns) throws -> T) throws -> [T] {
    var rows: [T] = []
    try each(sql, values) {
      rows.append(try make($0))
      return true
    }
    return rows
  }

  /// The first row of a query.
  func first<T>(_ sql: String, _ values: [SQLValue] = [], _ make: (Columns) throws -> T) throws -> T? {
    var found: T?
    try each(sql, values) {
      found = try make($0)
      return false
    }
    return found
  }

  /// Rows of a query until one is answered with `false`.
  func each(_ sql: String, _ values: [SQLValue] = [], _ row: (Columns) throws -> Bool) throws {
    try step(
      try cachedStatement(sql: sql).sqliteStatement, { binder in for value in values { binder.add(value) } }, row)
  }

  /// Binds a statement and steps through its rows until one is answered with `false`.
  func step(
    _ statement: SQLiteStatement, _ bind: (inout Binder) throws -> Void, _ row: (Columns) throws -> Bool
  ) throws {
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    var binder = Binder(statement)
    try bind(&binder)
    if binder.code != SQLITE_OK { throw failure(binder.code, statement) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: if try !row(Columns(statement: statement)) { return }
      case SQLITE_DONE: return
      case let code: throw failure(code, statement)
      }
    }
  }

  private func failure(_ code: Int32, _ statement: SQLiteStatement) -> DatabaseError {
    let sql = sqlite3_sql(statement).map { String(cString: $0) }
    return DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage, sql: sql)
  }
}
