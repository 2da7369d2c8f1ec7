import CelerityCore
import CelerityJSON
import GRDB
import GRDBSQLite

/// The columns of the row a statement stands on.
struct Columns {
  let statement: SQLiteStatement

  var count: Int32 { sqlite3_column_count(statement) }

  func isNull(_ index: Int32) -> Bool { sqlite3_column_type(statement, index) == SQLITE_NULL }
  func integer(_ index: Int32) -> Int64 { sqlite3_column_int64(statement, index) }
  func int(_ index: Int32) -> Int { Int(sqlite3_column_int64(statement, index)) }
  func optionalInteger(_ index: Int32) -> Int64? { isNull(index) ? nil : integer(index) }
  func flag(_ index: Int32) -> Bool { integer(index) != 0 }
  func timestamp(_ index: Int32) -> Timestamp? { optionalInteger(index).map(Timestamp.init(microseconds:)) }

  func text(_ index: Int32) -> String { String(decoding: textBytes(index), as: UTF8.self) }
  func optionalText(_ index: Int32) -> String? { isNull(index) ? nil : text(index) }
  func blob(_ index: Int32) -> [UInt8] { Array(blobBytes(index)) }
  func json(_ index: Int32) -> RawJSON? { isNull(index) ? nil : RawJSON(unchecked: blob(index)) }

  /// The bytes of a text, valid until the statement moves on.
  func textBytes(_ index: Int32) -> UnsafeRawBufferPointer {
    let bytes = sqlite3_column_text(statement, index)
    return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, index)))
  }

  /// The bytes of a blob, valid until the statement moves on.
  func blobBytes(_ index: Int32) -> UnsafeRawBufferPointer {
    let bytes = sqlite3_column_blob(statement, index)
    return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, index)))
  }
}
