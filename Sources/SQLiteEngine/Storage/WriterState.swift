import CelerityCore
import GRDB

/// What the writer knows beside the tables. A value: a transaction works on a copy, which becomes the writer's when the
/// commit succeeded and is dropped when it did not.
struct WriterState: Sendable {
  var seq: ChangeNumber
  var row: StoreRow
  var ledger: QueueLedger
  var counters = StoreCounters()
  /// Ends with the process, like the leases it belongs to.
  var permits = PermitTable()
  /// Whether there may be any, so that nobody looks for what is not there.
  var hasRevocations: Bool
  var hasTombstones: Bool

  /// What a file tells.
  init(_ row: StoreRow, _ db: Database) throws {
    let highest = try db.first("SELECT max(seq) FROM task") { $0.integer(0) } ?? 0
    seq = max(highest, row.seqLimit, row.forgottenSeq)
    self.row = row
    ledger = try QueueLedger(db)
    hasRevocations = try db.first("SELECT 1 FROM revocation LIMIT 1") { _ in true } ?? false
    hasTombstones = try db.first("SELECT 1 FROM tombstone LIMIT 1") { _ in true } ?? false
  }

  /// Takes over what a file tells after it was opened again under a running store; what lives in memory alone stays.
  mutating func reread(_ file: WriterState) {
    let before = self
    self = file
    seq = max(file.seq, before.seq)
    counters = before.counters
    permits = before.permits
  }
}

extension QueueLedger {
  /// Counts what is in the tables, by their indexes alone as far as there may be many.
  init(_ db: Database) throws {
    for phase in [TaskPhase.delayed, .ready, .leased] {
      try db.each("SELECT tenant, queue, count(*) FROM task WHERE phase = \(phase.rawValue) GROUP BY queue, tenant") {
        move(QueueKey($0.text(1), tenant: Tenant(stored: $0.text(0))), from: nil, to: phase, by: $0.int(2))
        return true
      }
    }
    try db.each("SELECT tenant, queue, seal FROM paused") {
      try $0.checkSeal(3)
      setPaused(QueueKey($0.text(1), tenant: Tenant(stored: $0.text(0))), true)
      return true
    }
  }
}
