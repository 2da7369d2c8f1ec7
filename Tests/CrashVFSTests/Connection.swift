import CCrashVFS

/// What SQLite answered instead of success.
struct SQLiteError: Error, Equatable {
  /// The extended result code.
  let code: Int32
  let message: String
}

/// A SQLite connection with just enough to run statements and read single values.
final class Connection {
  let handle: OpaquePointer

  /// Opens or creates the database at `path` through a VFS, by default the one under test.
  init(_ path: String, vfs: String = "crash") throws {
    try requireCrashVFS()
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs)
    guard code == SQLITE_OK, let opened else {
      sqlite3_close_v2(opened)
      throw SQLiteError(code: code, message: String(cString: sqlite3_errstr(code)))
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, 5000)
  }

  deinit {
    sqlite3_close_v2(handle)
  }

  /// Runs statements and drops their rows.
  func run(_ sql: String) throws {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    if code != SQLITE_OK { throw failure(code) }
  }

  /// The first column of every row, as text; NULL becomes an empty string.
  func column(_ sql: String) throws -> [String] {
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
    guard code == SQLITE_OK else { throw failure(code) }
    defer { sqlite3_finalize(statement) }
    var rows: [String] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: rows.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
      case SQLITE_DONE: return rows
      case let code: throw failure(code)
      }
    }
  }

  private func failure(_ code: Int32) -> SQLiteError {
    SQLiteError(code: code, message: String(cString: sqlite3_errmsg(handle)))
  }
}

/// Registers the VFS, not as the default: other suites of the process keep their own.
func requireCrashVFS() throws {
  let code = crash_vfs_register(0)
  if code != SQLITE_OK { throw SQLiteError(code: code, message: "the VFS cannot be registered") }
}
