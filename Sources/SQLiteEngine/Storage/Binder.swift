import CelerityJSON
import GRDB
import GRDBSQLite

/// Binds values to a statement, one after the other, and seals them on the way.
struct Binder {
  private let statement: SQLiteStatement
  private var index: Int32 = 0
  private var seal = Seal()
  /// The first error.
  private(set) var code = SQLITE_OK

  init(_ statement: SQLiteStatement) {
    self.statement = statement
  }

  mutating func add(_ value: SQLValue) {
    switch value {
    case .null: addNull()
    case .integer(let integer): add(integer)
    case .text(let text): add(text)
    case .blob(let bytes): add(bytes)
    }
  }

  mutating func add(_ integer: Int64) {
    seal.add(integer)
    note(sqlite3_bind_int64(statement, next(), integer))
  }

  mutating func add(_ integer: Int) { add(Int64(integer)) }

  mutating func add(_ integer: Int64?) {
    if let integer { add(integer) } else { addNull() }
  }

  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      seal.add(.text, UnsafeRawBufferPointer(utf8))
      utf8.withMemoryRebound(to: CChar.self) { chars in
        note(
          sqlite3_bind_text(statement, next(), chars.baseAddress ?? Self.noBytes, Int32(chars.count), Self.transient))
      }
    }
  }

  mutating func add(_ text: String?) {
    if let text { add(text) } else { addNull() }
  }

  mutating func add(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in
      seal.add(.blob, bytes)
      let start = bytes.baseAddress ?? UnsafeRawPointer(Self.noBytes)
      note(sqlite3_bind_blob(statement, next(), start, Int32(bytes.count), Self.transient))
    }
  }

  mutating func add(_ json: RawJSON?) {
    if let json { add(json.bytes) } else { addNull() }
  }

  /// What is not bound is NULL.
  mutating func addNull() {
    seal.addNull()
    index += 1
  }

  /// The seal of what was added since this was asked last.
  mutating func takeSeal() -> Int64 {
    defer { seal = Seal() }
    return seal.value
  }

  private mutating func next() -> Int32 {
    index += 1
    return index
  }

  private mutating func note(_ code: Int32) {
    if code != SQLITE_OK, self.code == SQLITE_OK { self.code = code }
  }

  /// SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
  private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  /// A non-null pointer for values without bytes, which SQLite would otherwise take for NULL.
  private static var noBytes: UnsafePointer<CChar> { UnsafePointer(bitPattern: 1).unsafelyUnwrapped }
}
