import CCrashVFS
import Testing

@Suite("Power failure")
struct DurabilityTests {
  @Test("WAL with synchronous=FULL keeps every acknowledged commit", arguments: CrashMode.allCases)
  func fullyDurable(mode: CrashMode) throws {
    let run = try CrashRun(.init(journal: "WAL", synchronous: "FULL"), mode, points: 300, seed: 1)
    run.expectDurable()
    // The points do fall into the middle of the work.
    #expect(Set(run.images.map(\.acknowledged)).count > 40)
  }

  @Test("Each acknowledged commit is on the disk at the moment it is acknowledged")
  func durableOnReturn() throws {
    let disk = try Disk()
    defer { disk.remove() }
    let ledger = try Ledger(disk.path(), .init(journal: "WAL", synchronous: "FULL"))
    for number in 1...60 {
      try ledger.commit(number)
      let mode = CrashMode.allCases[number % 4]
      try disk.materialise("\(number)", seed: UInt64(number), mode)
      #expect(Finding.of(imageAt: disk.image("\(number)")) == .entries(number), "\(mode)")
    }
  }

  @Test("WAL with synchronous=NORMAL stays sound but loses acknowledged commits")
  func normalLoses() throws {
    let settings = Ledger.Settings(journal: "WAL", synchronous: "NORMAL")
    for mode in [CrashMode.dropUnsynced, .keepPrefix, .tornSubset] {
      let run = try CrashRun(settings, mode, points: 100, seed: 2)
      run.expectConsistent()
      #expect(run.images.contains { $0.lostCommits }, "\(mode)")
    }
    try CrashRun(settings, .keepAll, points: 100, seed: 2).expectDurable()
  }

  @Test("synchronous=OFF loses acknowledged commits and damages the file", arguments: ["WAL", "DELETE"])
  func offLoses(journal: String) throws {
    let settings = Ledger.Settings(journal: journal, synchronous: "OFF")
    let dropped = try CrashRun(settings, .dropUnsynced, points: 50, seed: 3)
    #expect(dropped.images.contains { $0.lostCommits })
    let torn = try CrashRun(settings, .tornSubset, points: 100, seed: 3)
    #expect(torn.images.contains { $0.isDamaged })
    // Without power failure nothing is lost: what is missing above is missing because it was not synced.
    try CrashRun(settings, .keepAll, points: 50, seed: 3).expectDurable()
  }

  @Test(
    "Rollback journals keep every acknowledged commit",
    arguments: [
      Ledger.Settings(journal: "TRUNCATE", synchronous: "FULL"),
      Ledger.Settings(journal: "PERSIST", synchronous: "FULL"),
      Ledger.Settings(journal: "DELETE", synchronous: "EXTRA"),
    ], CrashMode.allCases)
  func rollbackJournals(settings: Ledger.Settings, mode: CrashMode) throws {
    try CrashRun(settings, mode, points: 100, commits: 40, seed: 4).expectDurable()
  }

  /// The reason for synchronous=EXTRA (https://www.sqlite.org/pragma.html#pragma_synchronous).
  @Test("A deleted journal that comes back undoes the last commit with synchronous=FULL")
  func resurrectedJournal() throws {
    let settings = Ledger.Settings(journal: "DELETE", synchronous: "FULL")
    let run = try CrashRun(settings, .dropUnsynced, points: 100, commits: 40, seed: 5)
    run.expectConsistent()
    #expect(run.images.contains { $0.lostCommits })
  }
}
