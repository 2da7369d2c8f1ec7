import CCrashVFS
import CelerityCore
import CelerityJSON
import CelerityTesting
import Foundation
import SQLiteEngine
import Testing

@Suite("What is on the disk when a caller is answered")
struct DurabilityTests {
  /// The syncs that a verb causes.
  private func syncs(_ disk: Disk, _ verb: () async throws -> Void) async throws -> Int64 {
    let before = disk.stats.syncs
    try await verb()
    return disk.stats.syncs - before
  }

  @Test("Each durable verb syncs the log once before it returns, also after relaxed ones, which never do")
  func levels() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    for round in 0..<3 {
      #expect(try await syncs(disk) { try await store.accept("a\(round)") } == 1)
      var delivery: Delivery?
      #expect(try await syncs(disk) { delivery = try await store.take() } == 0)
      let taken = try #require(delivery)
      let report = ProgressReport(taken.key, token: taken.lease.token, value: .true)
      #expect(try await syncs(disk) { _ = try await store.report([report]) } == 0)
      let step = StepResult(name: "s", value: .true)
      #expect(
        try await syncs(disk) { _ = try await store.save(step, for: taken.key, token: taken.lease.token) } == 1)
      #expect(try await syncs(disk) { _ = try await store.maintain(MaintenanceRequest()) } == 0)
      #expect(try await syncs(disk) { _ = try await store.settle([Settlement(taken, .success(.null))]) } == 1)
      let write = DocumentWrite(DocumentKey("c", "\(round)"), .true)
      #expect(try await syncs(disk) { _ = try await store.write([write]) } == 1)
    }
    await stand.close()
  }

  @Test("A relaxed store does not wait for the disk")
  func relaxed() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime()) { $0.durability = .relaxed }
    #expect(try await syncs(disk) { for id in 0..<10 { try await store.run("\(id)") } } == 0)
    await stand.close()
  }

  @Test("A store that is open for long moves its log into the database, and begins the log anew")
  func checkpoints() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    let payload = Submission.payload(20_000)
    for batch in 0..<40 {
      _ = try await store.submit((0..<50).map { Submission("\(batch).\($0)", args: payload) })
    }
    // 40 MB went through the log.
    #expect(disk.size("-wal") < 24 << 20)
    #expect(disk.size("") > 30 << 20)
    await stand.close()
    #expect(disk.size("-wal") == 0)
  }

  @Test("A reader that stays long lets the log grow, and when it is gone the log shrinks")
  func longReader() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    let reader = try RawConnection(disk.path)
    try reader.run("BEGIN; SELECT count(*) FROM task")
    let payload = Submission.payload(20_000)
    for batch in 0..<80 {
      _ = try await store.submit((0..<50).map { Submission("\(batch).\($0)", args: payload) })
    }
    #expect(disk.size("-wal") > 72 << 20)
    try reader.run("COMMIT")
    for batch in 80..<100 {
      _ = try await store.submit((0..<50).map { Submission("\(batch).\($0)", args: payload) })
    }
    #expect(disk.size("-wal") <= 64 << 20)
    await stand.close()
  }

  @Test("Numbers given out in commits that the disk never saw are not given out again")
  func numbersAfterPowerCut() async throws {
    let disk = try Disk()
    let stand = Stand()
    let time = TestTime()
    let store = try await stand.open(disk, disk.path, time)
    _ = try await store.submit((0..<3000).map { Submission("\($0)") })
    let taken = try await store.fetch(.up(to: 3000))
    let highest = try #require(taken.map(\.lease.token).max())
    let path = try disk.image(.dropUnsynced)
    let survivor = try await stand.open(disk, path, time)
    #expect(try await survivor.record("0").phase == .ready)
    let again = try await survivor.fetch(.up(to: 1))
    #expect(try #require(again.first).lease.token > highest)
    await stand.close()
  }

  @Test("What the lock file says was acknowledged is never ahead of what a power cut leaves")
  func acknowledgedNumber() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await store.accept("a")
    _ = try await store.take()
    let path = try disk.image(.dropUnsynced)
    try FileManager.default.copyItem(atPath: disk.path + ".lock", toPath: path + ".lock")
    #expect(try await stand.open(disk, path, TestTime()).record("a").phase == .ready)
    await stand.close()
  }

  @Test("A store that was closed goes on with the next number")
  func numbersAfterClosing() async throws {
    let disk = try Disk()
    let stand = Stand()
    let first = try await stand.open(disk, disk.path, TestTime())
    try await first.accept("a")
    let seq = try await first.record("a").seq
    await first.close()
    let second = try await stand.open(disk, disk.path, TestTime())
    try await second.accept("b")
    #expect(try await second.record("b").seq == seq + 1)
    await stand.close()
  }
}
