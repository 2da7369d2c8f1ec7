import CCrashVFS
import Testing

/// Full disks and failing syncs, on each call in turn until a run meets none.
@Suite("Storage faults")
struct FaultTests {
  private static let durable = Ledger.Settings(journal: "WAL", synchronous: "FULL")

  /// The errors a ledger met, each with the step at which it came.
  private struct Outcome {
    var errors: [SQLiteError] = []
    var faults: Int64 = 0
    var final: Finding
  }

  /// Makes ten commits and a checkpoint, with one fault; each step that fails is tried once more.
  private func run(_ settings: Ledger.Settings, failing call: crash_call, nth: Int64, code: Int32) throws -> Outcome {
    let disk = try Disk()
    defer { disk.remove() }
    let ledger = try Ledger(disk.path(), settings, autocheckpoint: 0)
    for number in 1...5 { try ledger.commit(number) }
    try #require(crash_fail(disk.identifier, call, nth, code, 0) == 0)
    var outcome = Outcome(final: .empty)
    func attempt(_ step: () throws -> Void) throws {
      do { try step() } catch let error as SQLiteError {
        outcome.errors.append(error)
        try step()
      }
    }
    for number in 6...10 {
      try attempt { try ledger.commit(number) }
      if number == 8 { try attempt { try ledger.connection.run("PRAGMA wal_checkpoint") } }
      #expect(try ledger.count() == number)
    }
    outcome.faults = disk.stats.faults
    try disk.materialise("image", .dropUnsynced)
    outcome.final = Finding.of(imageAt: disk.image("image"))
    return outcome
  }

  /// Lets the first, second, third … call fail until a run has no such call, and returns the number of runs.
  private func sweep(_ settings: Ledger.Settings, failing call: crash_call, code: Int32) throws -> Int64 {
    for nth in Int64(1)... {
      let outcome = try run(settings, failing: call, nth: nth, code: code)
      #expect(outcome.final == .entries(10), "call \(nth)")
      if outcome.faults == 0 {
        #expect(outcome.errors.isEmpty)
        return nth
      }
      // Never in silence, and never twice.
      #expect(outcome.errors.map(\.code) == [code], "call \(nth)")
    }
    return 0
  }

  @Test(
    "A full disk fails the commit it hits, keeps the earlier ones, and takes new ones when there is room",
    arguments: [durable, Ledger.Settings(journal: "TRUNCATE", synchronous: "FULL")])
  func diskFull(settings: Ledger.Settings) throws {
    #expect(try sweep(settings, failing: CRASH_WRITE, code: SQLITE_FULL) > 40)
  }

  /// With WAL only: a rollback journal is ended before the last sync, so a commit that fails there may be in effect.
  @Test("A failed sync fails the commit it hits and costs no other one")
  func syncFails() throws {
    #expect(try sweep(Self.durable, failing: CRASH_SYNC, code: crash_ioerr_fsync) > 5)
  }

  @Test("While the disk stays full every commit fails and reading goes on; then work resumes")
  func diskStaysFull() throws {
    let disk = try Disk()
    defer { disk.remove() }
    let ledger = try Ledger(disk.path(), Self.durable)
    for number in 1...5 { try ledger.commit(number) }
    #expect(crash_fail(disk.identifier, CRASH_WRITE, 1, SQLITE_FULL, 1) == 0)
    for _ in 0..<3 {
      #expect { try ledger.commit(6) } throws: { ($0 as? SQLiteError)?.code == SQLITE_FULL }
      #expect(try ledger.count() == 5)
    }
    #expect(crash_heal(disk.identifier) == 0)
    try ledger.commit(6)
    try disk.materialise("image", .dropUnsynced)
    #expect(Finding.of(imageAt: disk.image("image")) == .entries(6))
  }

  @Test("A write that finds the disk full leaves its first half")
  func partialWrite() throws {
    let disk = try Disk()
    defer { disk.remove() }
    let file = try RawFile(disk.path("a"))
    #expect(crash_fail(disk.identifier, CRASH_WRITE, 2, SQLITE_FULL, 0) == 0)
    try file.write([UInt8](repeating: 1, count: 4096), at: 0)
    #expect(throws: SQLiteError.self) { try file.write([UInt8](repeating: 2, count: 4096), at: 0) }
    let expected = [UInt8](repeating: 2, count: 2048) + [UInt8](repeating: 1, count: 2048)
    #expect(try disk.survivor("a", .keepAll) == expected)
  }

  @Test("After a failed sync a second one succeeds, but the data are not on the disk")
  func secondSync() throws {
    let disk = try Disk()
    defer { disk.remove() }
    let file = try RawFile(disk.path("a"))
    try file.write([1], at: 0)
    try file.sync()
    try file.write([2], at: 0)
    #expect(crash_fail(disk.identifier, CRASH_SYNC, 1, crash_ioerr_fsync, 0) == 0)
    #expect { try file.sync() } throws: { ($0 as? SQLiteError)?.code == crash_ioerr_fsync }
    try file.sync()
    #expect(try disk.survivor("a", .dropUnsynced) == [1])
  }

  /// SQLite's own checkpoint after a commit drops its error, so whoever must know makes checkpoints himself.
  @Test("A failed sync in an automatic checkpoint is not reported")
  func automaticCheckpoint() throws {
    let disk = try Disk()
    defer { disk.remove() }
    let ledger = try Ledger(disk.path(), Self.durable, autocheckpoint: 1)
    try ledger.commit(1)
    // The first sync of a commit is that of the WAL; those of the checkpoint follow.
    #expect(crash_fail(disk.identifier, CRASH_SYNC, 3, crash_ioerr_fsync, 0) == 0)
    try ledger.commit(2)
    #expect(disk.stats.faults == 1)
    try ledger.commit(3)
    try disk.materialise("image", .dropUnsynced)
    #expect(Finding.of(imageAt: disk.image("image")) == .entries(3))
  }

  /// Recovery reads the WAL from the page cache and takes the commit that failed for a good one.
  @Test("A restart after a failed sync loses later commits unless it begins with a checkpoint")
  func restart() throws {
    #expect(try restartAfterFailedSync(checkpoint: false) == .entries(1))
    #expect(try restartAfterFailedSync(checkpoint: true) == .entries(3))
  }

  private func restartAfterFailedSync(checkpoint: Bool) throws -> Finding {
    let disk = try Disk()
    defer { disk.remove() }
    do {
      let ledger = try Ledger(disk.path(), Self.durable, autocheckpoint: 0)
      try ledger.commit(1)
      try #require(crash_fail(disk.identifier, CRASH_SYNC, 1, crash_ioerr_fsync, 0) == 0)
      #expect(throws: SQLiteError.self) { try ledger.commit(2) }
      try #require(crash_leave_wal(ledger.connection.handle) == SQLITE_OK)
    }
    let ledger = try Ledger(disk.path(), Self.durable, autocheckpoint: 0)
    #expect(try ledger.count() == 2)
    if checkpoint { try ledger.connection.run("PRAGMA wal_checkpoint(TRUNCATE)") }
    try ledger.commit(3)
    try disk.materialise("image", .dropUnsynced)
    return Finding.of(imageAt: disk.image("image"))
  }
}
