import GRDB
import Testing

@testable import SQLiteEngine

@Suite("Seals of rows")
struct SealTests {
  private let values: [SQLValue] = [.integer(0), .text("käse"), .null, .blob(Array(0..<19)), .text(""), .integer(-1)]

  @Test("What was written and what is read have one seal")
  func bothWays() throws {
    let seal = Seal.of(values)
    try DatabaseQueue().inDatabase { db in
      let read = try db.first("SELECT ?, ?, ?, ?, ?, ?", values) { Seal.of($0, 0..<6) }
      #expect(read == seal)
    }
  }

  @Test("A bit that flips in any value changes the seal")
  func flippedBits() {
    let seal = Seal.of(values)
    for bit in 0..<64 {
      var changed = values
      changed[0] = .integer(Int64(bitPattern: 1 << UInt64(bit)))
      #expect(Seal.of(changed) != seal)
    }
    for bit in 0..<19 * 8 {
      var bytes = Array(UInt8(0)..<19)
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      var changed = values
      changed[3] = .blob(bytes)
      #expect(Seal.of(changed) != seal)
    }
  }

  @Test("Kinds, places and borders of values count")
  func structure() {
    let variants: [[SQLValue]] = [
      [], [.null], [.null, .null], [.integer(0)], [.text("")], [.blob([])], [.text("ab")], [.blob([97, 98])],
      [.text("a"), .text("b")], [.text("b"), .text("a")], [.text("ab"), .text("")], [.text("ab\0")],
      [.integer(25_185)], [.blob([97, 98, 0, 0, 0, 0, 0, 0])],
    ]
    #expect(Set(variants.map { Seal.of($0) }).count == variants.count)
  }
}
