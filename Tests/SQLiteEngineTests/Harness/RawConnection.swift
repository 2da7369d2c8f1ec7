import GRDBSQLite

/// What SQLite answered instead of success.
struct RawError: Error {
  let code: Int32
  let message: String
}

/// Another program's connection to a store's file.
final class RawConnection {
  private let handle: OpaquePointer

  init(_ path: String) throws {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
    guard code == SQLITE_OK, let opened else {
      sqlite3_close_v2(opened)
      throw RawError(code: code, message: "can't open \(path)")
    }
    handle = opened
  }

  deinit { sqlite3_close_v2(handle) }

  /// Runs statements and answers the first column of their rows, as text.
  @discardableResult
  func run(_ sql: String) throws -> [String] { try rows(sql).map { $0.first ?? "" } }

  /// Runs statements and answers their rows, as text.
  func rows(_ sql: String) throws -> [[String]] {
    var rows: [[String]] = []
    let code = withUnsafeMutablePointer(to: &rows) { rows in
      sqlite3_exec(
        handle, sql,
        { rows, count, values, _ in
          let row = (0..<Int(count)).map { column in values?[column].map { String(cString: $0) } ?? "" }
          rows?.assumingMemoryBound(to: [[String]].self).pointee.append(row)
          return 0
        }, rows, nil)
    }
    guard code == SQLITE_OK else { throw RawError(code: code, message: String(cString: sqlite3_errmsg(handle))) }
    return rows
  }
}
