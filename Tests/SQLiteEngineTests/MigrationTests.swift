import CCrashVFS
import CelerityCore
import CelerityTesting
import SQLiteEngine
import Testing

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
