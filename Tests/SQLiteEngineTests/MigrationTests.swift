import CCrashVFS
import CelerityCore
import CelerityTesting
import Testing

@testable import SQLiteEngine

@Suite("Making the tables")
struct MigrationTests {
  @Test(
    "A store that is killed, or loses power, at any moment of its making is made anew", arguments: CrashMode.allCases)
  func interrupted(mode: CrashMode) async throws {
    let total = try await operationsOfOpening()
    let disk = try Disk()
    let stand = Stand()
    for operation in 1...total {
      let code = crash_materialise_at(
        disk.identifier, operation, disk.imageDirectory("\(operation)"), UInt64(operation), mode.code)
      try #require(code == 0)
    }
    _ = try await stand.open(disk, disk.path, TestTime())
    try #require(disk.stats.pending_points == 0)
    for operation in 1...total {
      let store = try await stand.open(disk, try disk.open("\(operation)"), TestTime())
      #expect(try await store.list(RecordQuery()).records.isEmpty)
      try await store.run("a")
      await store.close()
      let again = try await stand.open(disk, disk.imageDirectory("\(operation)") + "/store.db", TestTime())
      #expect(try await again.record("a").state == .success)
      await again.close()
    }
    await stand.close()
  }

  @Test("A store of the version before is brought up to date with all that is in it")
  func upgraded() async throws {
    let disk = try Disk()
    let stand = Stand()
    try await makeOldStore(disk, stand)
    let store = try await stand.open(disk, disk.path, TestTime())
    try await check(store)
    await store.close()
    #expect(try RawConnection(disk.path).run("PRAGMA user_version") == ["\(Schema.version)"])
    try await check(try await stand.open(disk, disk.path, TestTime()))
    await stand.close()
  }

  @Test("A backup of the version before is restored and brought up to date")
  func restored() async throws {
    let disk = try Disk()
    let stand = Stand()
    try await makeOldStore(disk, stand)
    let target = disk.path + "-restored"
    try SQLiteStore.restore(from: disk.path, to: target)
    #expect(try RawConnection(target).run("PRAGMA user_version") == ["1"])
    try await check(try await stand.open(disk, target, TestTime()))
    await stand.close()
  }

  @Test("A store of the version before whose tables are not those of that version is refused")
  func notThatVersion() async throws {
    let disk = try Disk()
    let stand = Stand()
    try await makeOldStore(disk, stand)
    try RawConnection(disk.path).run("PRAGMA user_version = 2; PRAGMA wal_checkpoint(TRUNCATE)")
    let error = await #expect(throws: EngineError.self) { try await stand.open(disk, disk.path, TestTime()) }
    #expect(error?.code == .corrupt)
    await stand.close()
  }

  @Test(
    "A store that is killed, or loses power, at any moment of its update is updated anew",
    arguments: [CrashMode.dropUnsynced, .tornSubset])
  func interruptedUpdate(mode: CrashMode) async throws {
    let total = try await operationsOfUpdate { _, _ in }
    _ = try await operationsOfUpdate { disk, begin in
      for operation in begin + 1...total {
        let code = crash_materialise_at(
          disk.identifier, operation, disk.imageDirectory("\(operation)"), UInt64(operation), mode.code)
        try #require(code == 0)
      }
    } then: { disk, stand, begin in
      for operation in begin + 1...total {
        let store = try await stand.open(disk, try disk.open("\(operation)"), TestTime())
        try await check(store)
        await store.close()
      }
    }
  }

  /// Opens an old store; answers the number of the last operation on the disk.
  private func operationsOfUpdate(
    before prepare: (Disk, _ begin: Int64) throws -> Void,
    then look: (Disk, Stand, _ begin: Int64) async throws -> Void = { _, _, _ in }
  ) async throws -> Int64 {
    let disk = try Disk()
    let stand = Stand()
    try await makeOldStore(disk, stand)
    let begin = disk.operations
    try prepare(disk, begin)
    _ = try await stand.open(disk, disk.path, TestTime())
    let total = disk.operations
    try await look(disk, stand, begin)
    await stand.close()
    return total
  }

  /// A closed store as the first version left it.
  private func makeOldStore(_ disk: Disk, _ stand: Stand) async throws {
    let store = try await stand.open(disk, disk.path, TestTime())
    for number in 0..<40 { try await store.run("\(number)") }
    try await store.accept("waiting")
    await store.close()
    let connection = try RawConnection(disk.path)
    try connection.run(
      """
      DROP INDEX task_promised; DROP INDEX task_tenant; CREATE INDEX task_tenant ON task (tenant);
      PRAGMA user_version = 1
      """)
    try connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
    let tables = try connection.run("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
    try #require(Set(tables) == Schema.statements(of: 1))
  }

  private func check(_ store: SQLiteStore) async throws {
    let records = try await store.list(RecordQuery(limit: 100)).records
    #expect(records.map(\.message.id.text) == ["waiting"] + (0..<40).reversed().map(String.init))
    #expect(try await store.list(RecordQuery(queue: "default", limit: 100)).records.count == 41)
  }

  /// How many operations on the disk the first opening takes.
  private func operationsOfOpening() async throws -> Int64 {
    let disk = try Disk()
    let stand = Stand()
    _ = try await stand.open(disk, disk.path, TestTime())
    let total = disk.operations
    await stand.close()
    return total
  }
}
