import CelerityCore
import GRDB

/// The store's row about itself, written with every commit that changed something.
struct StoreRow: Sendable {
  /// Counts commits; see `FileLock.acknowledge`.
  var commits: Int64 = 0
  /// The store's time of the last commit, from which it goes on after a restart; zero before the first.
  var time = StoreTime(microseconds: 0)
  /// Change numbers up to here may have been given out. Commits that no sync followed are lost with the machine's power
  /// while somebody may remember their numbers, so the next owner of the file begins above.
  var seqLimit: ChangeNumber = 0
  /// The highest number of a change whose record was forgotten.
  var forgottenSeq: ChangeNumber = 0

  init() {}

  init(_ db: Database) throws {
    let row = try db.first("SELECT 1, commits, time, seq_limit, forgotten_seq, seal FROM store") { columns in
      try columns.checkSeal(6)
      return (columns.integer(1), columns.integer(2), columns.integer(3), columns.integer(4))
    }
    guard let row else { throw EngineError.damagedRow }
    (commits, time, seqLimit, forgottenSeq) = (row.0, StoreTime(microseconds: row.1), row.2, row.3)
  }

  func write(_ db: Database) throws {
    try db.seal(
      "INSERT OR REPLACE INTO store (one, commits, time, seq_limit, forgotten_seq, seal) VALUES (?, ?, ?, ?, ?, ?)",
      [.integer(1), .integer(commits), .integer(time.microseconds), .integer(seqLimit), .integer(forgottenSeq)])
  }
}
