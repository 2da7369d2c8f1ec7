import CelerityCore
import GRDBSQLite

/// A checksum over the values of a row, stored in its last column: SQLite checks the structure of its pages and not what
/// is in them, so without it a bit that flips on the disk would come back as somebody's result.
///
/// Each value is a word of kind and length and then its bytes, eight at a time, through the inner step of MurmurHash64A
/// (Austin Appleby, `MurmurHash2.cpp`). The step is a bijection of its word and of the state, so a change within one word
/// is always found.
struct Seal {
  private static let multiplier: UInt64 = 0xC6A4_A793_5BD1_E995
  private var hash: UInt64 = 0x434C_5254

  /// What is stored.
  var value: Int64 {
    var hash = hash
    hash ^= hash >> 47
    hash = hash &* Self.multiplier
    hash ^= hash >> 47
    return Int64(bitPattern: hash)
  }

  /// The seal of these values in their order.
  static func of(_ values: some Sequence<SQLValue>) -> Int64 {
    var seal = Seal()
    for value in values { seal.add(value) }
    return seal.value
  }

  /// The seal of some columns in their order.
  static func of(_ columns: Columns, _ range: Range<Int32>) -> Int64 {
    var seal = Seal()
    for index in range { seal.add(columns, index) }
    return seal.value
  }

  enum Kind: UInt64 {
    case null, integer, text, blob
  }

  mutating func addNull() { begin(.null, 0) }

  mutating func add(_ integer: Int64) {
    begin(.integer, 8)
    add(word: UInt64(bitPattern: integer))
  }

  mutating func add(_ kind: Kind, _ bytes: UnsafeRawBufferPointer) {
    begin(kind, bytes.count)
    var offset = 0
    while offset + 8 <= bytes.count {
      add(word: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      offset += 8
    }
    guard offset < bytes.count else { return }
    var word: UInt64 = 0
    for byte in bytes[offset...].reversed() { word = word << 8 | UInt64(byte) }
    add(word: word)
  }

  private mutating func add(_ value: SQLValue) {
    switch value {
    case .null: addNull()
    case .integer(let integer): add(integer)
    case .text(var text): text.withUTF8 { add(.text, UnsafeRawBufferPointer($0)) }
    case .blob(let bytes): bytes.withUnsafeBytes { add(.blob, $0) }
    }
  }

  private mutating func add(_ columns: Columns, _ index: Int32) {
    switch sqlite3_column_type(columns.statement, index) {
    case SQLITE_INTEGER: add(columns.integer(index))
    case SQLITE_TEXT: add(.text, columns.textBytes(index))
    case SQLITE_BLOB: add(.blob, columns.blobBytes(index))
    default: addNull()
    }
  }

  private mutating func begin(_ kind: Kind, _ count: Int) { add(word: UInt64(count) << 2 | kind.rawValue) }

  private mutating func add(word: UInt64) {
    var word = word &* Self.multiplier
    word ^= word >> 47
    word = word &* Self.multiplier
    hash = (hash ^ word) &* Self.multiplier
  }
}

extension Columns {
  /// Throws unless the last of these columns is the seal of the others.
  func checkSeal(_ count: Int32) throws {
    guard Seal.of(self, 0..<count - 1) == integer(count - 1) else { throw EngineError.damagedRow }
  }
}

extension EngineError {
  /// A row that is not what was written.
  static var damagedRow: EngineError {
    EngineError(.corrupt, "the store's file is damaged: a row is not what was written", hint: restoreHint)
  }

  /// What to do with a file that can't be trusted.
  static var restoreHint: String { "stop, keep the file, and restore a backup with `celerity restore`" }
}
