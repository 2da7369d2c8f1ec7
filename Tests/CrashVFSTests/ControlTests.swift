import CCrashVFS
import Foundation
import Testing

/// Counters, crash points, attaching and the answers to wrong calls.
@Suite("Control of the crash VFS")
struct ControlTests {
  @Test("The same seed gives the same image and another seed another one")
  func seeds() throws {
    let disk = try Disk()
    defer { disk.remove() }
    let ledger = try Ledger(disk.path(), .init(journal: "WAL", synchronous: "OFF"))
    for number in 1...20 { try ledger.commit(number) }
    for mode in [CrashMode.keepPrefix, .tornSubset] {
      let images = try (0..<20).map { try disk.survivor("ledger.db-wal", seed: $0, mode) }
      #expect(Set(images).count > 5)
      #expect(try disk.survivor("ledger.db-wal", seed: 7, mode) == images[7])
    }
  }

  @Test("A crash point freezes the moment after its operation while the process goes on")
  func crashPoints() throws {
    let disk = try Disk()
    defer { disk.remove() }
    let file = try RawFile(disk.path("a"))  // operation 1
    for (operation, name) in [(2, "write"), (3, "sync"), (3, "again"), (4, "later"), (9, "never")] {
      #expect(crash_materialise_at(disk.identifier, Int64(operation), disk.image(name), 0, CRASH_KEEP_ALL) == 0)
    }
    try file.write([1], at: 0)
    try file.sync()
    try file.write([2], at: 0)
    try file.truncate(to: 0)
    func content(_ name: String) -> [UInt8]? {
      FileManager.default.contents(atPath: disk.image(name) + "/a").map { [UInt8]($0) }
    }
    #expect(["write", "sync", "again", "later", "never"].map(content) == [[1], [1], [1], [2], nil])
    let stats = disk.stats
    #expect(stats.operations == 5 && disk.operations == 5)
    #expect(stats.creations == 1 && stats.writes == 2 && stats.syncs == 1 && stats.truncations == 1)
    #expect(stats.images == 4 && stats.pending_points == 1 && stats.image_failures == 0)
  }

  @Test("An image that cannot be written is counted and does not disturb the process")
  func failedImage() throws {
    let disk = try Disk()
    defer { disk.remove() }
    #expect(crash_materialise_at(disk.identifier, 2, disk.image("missing/parent"), 0, CRASH_KEEP_ALL) == 0)
    let file = try RawFile(disk.path("a"))
    try file.write([1], at: 0)
    #expect(disk.stats.image_failures == 1)
    #expect(disk.stats.images == 0)
  }

  @Test("An image is not mixed into a directory that has files")
  func occupiedDirectory() throws {
    let disk = try Disk()
    defer { disk.remove() }
    let file = try RawFile(disk.path("a"))
    try file.sync()
    try disk.materialise("image", .keepAll)
    #expect(throws: POSIXError(.ENOTEMPTY)) { try disk.materialise("image", .keepAll) }
  }

  @Test("Files outside attached directories go to the real VFS")
  func untracked() throws {
    let disk = try Disk()
    defer { disk.remove() }
    #expect(try RawFile(disk.path("a")).isTracked)
    #expect(try !RawFile(disk.root.appending(path: "a").path).isTracked)
    // A sibling whose name begins like the disk's.
    let sibling = disk.root.appending(path: "live2")
    try FileManager.default.createDirectory(at: sibling, withIntermediateDirectories: true)
    #expect(try !RawFile(sibling.appending(path: "a").path).isTracked)
    #expect(disk.stats.files == 1)
  }

  @Test("A disk can be attached once at a time, and its number is not used again")
  func attaching() throws {
    let disk = try Disk()
    defer { disk.remove() }
    let live = disk.path("")
    #expect(crash_disk_attach(live) == -1 && errno == EEXIST)
    #expect(crash_disk_attach(disk.root.path) == -1 && errno == EEXIST)
    #expect(crash_disk_attach(live + "missing") == -1 && errno == ENOENT)
    let file = try RawFile(disk.path("a"))
    crash_disk_detach(disk.identifier)
    try file.write([1], at: 0)
    #expect(crash_operations(disk.identifier) == -1)
    let next = crash_disk_attach(live)
    #expect(next > disk.identifier)
    crash_disk_detach(next)
  }

  @Test("Wrong calls are refused")
  func wrongCalls() throws {
    let disk = try Disk()
    defer { disk.remove() }
    try RawFile(disk.path("a")).sync()
    #expect(crash_materialise_at(disk.identifier, 2, disk.image("past"), 0, CRASH_KEEP_ALL) == -1 && errno == EINVAL)
    #expect(crash_fail(disk.identifier, CRASH_WRITE, 0, SQLITE_FULL, 0) == -1 && errno == EINVAL)
    #expect(crash_fail(disk.identifier, CRASH_WRITE, 1, SQLITE_OK, 0) == -1 && errno == EINVAL)
    #expect(crash_limit_log(disk.identifier, -1) == -1 && errno == EINVAL)
    let unknown = crash_disk.max
    #expect(crash_materialise(unknown, disk.image("x"), 0, CRASH_KEEP_ALL) == -1 && errno == EINVAL)
    #expect(crash_materialise_at(unknown, 2, disk.image("x"), 0, CRASH_KEEP_ALL) == -1 && errno == EINVAL)
    #expect(crash_fail(unknown, CRASH_WRITE, 1, SQLITE_FULL, 0) == -1 && errno == EINVAL)
    #expect(crash_heal(unknown) == -1 && crash_operations(unknown) == -1)
    #expect(crash_disk_stats(unknown).operations == 0)
  }

  @Test("SQLite names the VFS of a tracked database")
  func vfsName() throws {
    let disk = try Disk()
    defer { disk.remove() }
    let connection = try Connection(disk.path())
    var name: UnsafeMutablePointer<CChar>?
    #expect(sqlite3_file_control(connection.handle, "main", SQLITE_FCNTL_VFSNAME, &name) == SQLITE_OK)
    defer { sqlite3_free(name) }
    #expect(name.map { String(cString: $0) } == "crash/unix")
  }
}
