import CelerityJSON
import GRDB
import GRDBSQLite

/// A value bound to a statement.
enum SQLValue {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }
  static func flag(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
  static func optional(_ value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }
  static func optional(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
  static func optional(_ value: RawJSON?) -> SQLValue { value.map { .blob($0.bytes) } ?? .null }
}

/// The columns of the row a statement stands on.
struct Columns {
  fileprivate let statement: SQLiteStatement

  func isNull(_ index: Int32) -> Bool { sqlite3_column_type(statement, index) == SQLITE_NULL }
  func integer(_ index: Int32) -> Int64 { sqlite3_column_int64(statement, index) }
  func int(_ index: Int32) -> Int { Int(sqlite3_column_int64(statement, index)) }
  func optionalInteger(_ index: Int32) -> Int64? { isNull(index) ? nil : integer(index) }
  func flag(_ index: Int32) -> Bool { integer(index) != 0 }

  func text(_ index: Int32) -> String {
    guard let bytes = sqlite3_column_text(statement, index) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, index))
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  func optionalText(_ index: Int32) -> String? { isNull(index) ? nil : text(index) }

  func blob(_ index: Int32) -> [UInt8] {
    guard let bytes = sqlite3_column_blob(statement, index) else { return [] }
    let count = Int(sqlite3_column_bytes(statement, index))
    return Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  func json(_ index: Int32) -> RawJSON? { isNull(index) ? nil : RawJSON(unchecked: blob(index)) }
}

/// Statements are bound and stepped directly: the library's own argument and row types cost more than SQLite itself on
/// the rows of a queue. Preparation, caching and threads stay the library's.
extension Database {
  /// Runs a statement; answers how many rows it changed.
  @discardableResult
  func run(_ sql: String, _ values: [SQLValue] = []) throws -> Int {
    try step(sql, values) { _ in }
    return Int(sqlite3_changes(sqliteConnection))
  }

  /// All rows of a query.
  func rows<T>(_ sql: String, _ values: [SQLValue] = [], _ make: (Columns) throws -> T) throws -> [T] {
    var rows: [T] = []
    try step(sql, values) { rows.append(try make($0)) }
    return rows
  }

  /// The first row of a query.
  func first<T>(_ sql: String, _ values: [SQLValue] = [], _ make: (Columns) throws -> T) throws -> T? {
    try rows(sql, values, make).first
  }

  private func step(_ sql: String, _ values: [SQLValue], _ row: (Columns) throws -> Void) throws {
    let statement = try cachedStatement(sql: sql).sqliteStatement
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() { try bind(value, to: statement, at: Int32(index + 1)) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: try row(Columns(statement: statement))
      case SQLITE_DONE: return
      case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage, sql: sql)
      }
    }
  }

  private func bind(_ value: SQLValue, to statement: SQLiteStatement, at index: Int32) throws {
    let code =
      switch value {
      case .null: sqlite3_bind_null(statement, index)
      case .integer(let integer): sqlite3_bind_int64(statement, index, integer)
      case .real(let real): sqlite3_bind_double(statement, index, real)
      case .text(var text):
        text.withUTF8 { utf8 in
          utf8.withMemoryRebound(to: CChar.self) {
            sqlite3_bind_text(statement, index, $0.baseAddress ?? Self.emptyText, Int32($0.count), Self.transient)
          }
        }
      case .blob(let bytes):
        bytes.withUnsafeBytes {
          sqlite3_bind_blob(statement, index, $0.baseAddress ?? UnsafeRawPointer(Self.emptyText), Int32($0.count), Self.transient)
        }
      }
    if code != SQLITE_OK { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage) }
  }

  /// SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
  private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  /// A non-null pointer for values without bytes, which SQLite would otherwise take for NULL.
  private static var emptyText: UnsafePointer<CChar> { UnsafePointer(bitPattern: 1).unsafelyUnwrapped }
}
