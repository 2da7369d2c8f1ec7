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
    let statement = try cachedStatement(sql: sql).sqliteStatement
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for index in values.indices { try bind(values[index], to: statement, at: Int32(index + 1)) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: if try !row(Columns(statement: statement)) { return }
      case SQLITE_DONE: return
      case let code: throw failure(code, sql)
      }
    }
  }

  private func bind(_ value: SQLValue, to statement: SQLiteStatement, at index: Int32) throws {
    let code =
      switch value {
      case .null: SQLITE_OK  // what is not bound is NULL
      case .integer(let integer): sqlite3_bind_int64(statement, index, integer)
      case .text(var text):
        text.withUTF8 { utf8 in
          utf8.withMemoryRebound(to: CChar.self) {
            sqlite3_bind_text(statement, index, $0.baseAddress ?? Self.noBytes, Int32($0.count), Self.transient)
          }
        }
      case .blob(let bytes):
        bytes.withUnsafeBytes {
          sqlite3_bind_blob(
            statement, index, $0.baseAddress ?? UnsafeRawPointer(Self.noBytes), Int32($0.count), Self.transient)
        }
      }
    if code != SQLITE_OK { throw failure(code, nil) }
  }

  private func failure(_ code: Int32, _ sql: String?) -> DatabaseError {
    DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage, sql: sql)
  }

  /// SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
  private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  /// A non-null pointer for values without bytes, which SQLite would otherwise take for NULL.
  private static var noBytes: UnsafePointer<CChar> { UnsafePointer(bitPattern: 1).unsafelyUnwrapped }
}
