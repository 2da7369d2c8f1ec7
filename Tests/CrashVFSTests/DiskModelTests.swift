import CCrashVFS
import Foundation
import Testing

/// The disk model by itself; `CCrashVFS.h` states it.
@Suite("Disk model")
struct DiskModelTests {
  let disk: Disk

  init() throws { disk = try Disk() }

  private func block(_ byte: UInt8, _ count: Int = 512) -> [UInt8] { [UInt8](repeating: byte, count: count) }

  @Test("A write is durable after the sync and not before")
  func syncMakesDurable() throws {
    defer { disk.remove() }
    let file = try RawFile(disk.path("a"))
    try file.write(block(1), at: 0)
    try file.sync()
    try file.write(block(2), at: 0)
    #expect(try disk.survivor("a", .dropUnsynced) == block(1))
    #expect(try disk.survivor("a", .keepAll) == block(2))
    try file.sync()
    #expect(try disk.survivor("a", .dropUnsynced) == block(2))
  }

  @Test("A truncation is durable after the sync and not before")
  func truncation() throws {
    defer { disk.remove() }
    let file = try RawFile(disk.path("a"))
    try file.write(block(1, 1024), at: 0)
    try file.sync()
    try file.truncate(to: 512)
    #expect(try disk.survivor("a", .dropUnsynced) == block(1, 1024))
    #expect(try disk.survivor("a", .keepAll) == block(1))
    try file.sync()
    try file.write(block(3), at: 1024)
    #expect(try disk.survivor("a", .dropUnsynced) == block(1))
    // What lay behind the truncation does not come back.
    #expect(try disk.survivor("a", .keepAll) == block(1) + block(0) + block(3))
  }

  @Test("A prefix image holds the oldest writes, and every length of prefix occurs")
  func prefixes() throws {
    defer { disk.remove() }
    let file = try RawFile(disk.path("a"))
    try file.write([], at: 0)
    try file.sync()
    for index in 0..<4 { try file.write([UInt8(index + 1)], at: Int64(index)) }
    let images = try (0..<100).map { try disk.survivor("a", seed: $0, .keepPrefix) }
    #expect(Set(images) == [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]])
  }

  @Test("A torn write lands in whole sectors, in any combination")
  func tornSectors() throws {
    defer { disk.remove() }
    let file = try RawFile(disk.path("a"))
    try file.write(block(1, 2048), at: 0)
    try file.sync()
    try file.write(block(2, 1024), at: 256)
    // Bytes 256..<1280 lie in the sectors 0, 1 and 2: a quarter, a whole, half a sector.
    let images = try (0..<200).compactMap { try disk.survivor("a", seed: $0, .tornSubset) }
    try #require(images.count == 200 && images.allSatisfy { $0.count == 2048 })
    let patterns = images.map { image in [256..<512, 512..<1024, 1024..<1280].map { Set(image[$0]) } }
    #expect(patterns.allSatisfy { $0.allSatisfy { $0 == [1] || $0 == [2] } })
    #expect(Set(patterns).count == 8)
    #expect(images.allSatisfy { Set($0[..<256] + $0[1280...]) == [1] })
  }

  @Test("Torn images may drop an older write and keep a newer one, or grow a file without its data")
  func reordering() throws {
    defer { disk.remove() }
    let file = try RawFile(disk.path("a"))
    try file.sync()
    try file.write(block(1), at: 0)
    try file.write(block(2), at: 512)
    let images = try Set((0..<200).map { try disk.survivor("a", seed: $0, .tornSubset) })
    #expect(images.contains(block(0) + block(2)))
    #expect(images.contains(block(1)))
    #expect(images.contains(block(0)))
    #expect(images.contains([]))
  }

  @Test("A new file may be missing until it is synced")
  func creation() throws {
    defer { disk.remove() }
    let file = try RawFile(disk.path("a"))
    try file.write(block(1), at: 0)
    #expect(try disk.survivor("a", .dropUnsynced) == nil)
    let torn = try (0..<50).map { try disk.survivor("a", seed: $0, .tornSubset) }
    #expect(torn.contains(nil) && torn.contains(block(1)))
    try file.sync()
    #expect(try (0..<50).allSatisfy { try disk.survivor("a", seed: $0, .tornSubset) == block(1) })
  }

  @Test("The first sync of a new WAL makes the other names of its folder durable too")
  func directorySync() throws {
    defer { disk.remove() }
    let file = try RawFile(disk.path("a"))
    try file.write(block(1), at: 0)
    let log = try RawFile(disk.path("a-wal"), kind: SQLITE_OPEN_WAL)
    try log.sync()
    #expect(try disk.survivor("a", .dropUnsynced) == [])
  }

  @Test("A deleted file may come back until its folder is synced")
  func deletion() throws {
    defer { disk.remove() }
    for name in ["a", "b"] {
      let file = try RawFile(disk.path(name))
      try file.write(block(1), at: 0)
      try file.sync()
    }
    try RawFile.delete(disk.path("a"), syncingDirectory: false)
    #expect(try disk.survivor("a", .dropUnsynced) == block(1))
    #expect(try disk.survivor("a", .keepAll) == nil)
    try RawFile.delete(disk.path("b"), syncingDirectory: true)
    #expect(try disk.survivor("a", .dropUnsynced) == nil)
    #expect(try disk.survivor("b", .dropUnsynced) == nil)
    #expect(disk.stats.files == 0)
  }

  @Test("A name taken anew leads to the old content or the new, never to a mixture")
  func recreation() throws {
    defer { disk.remove() }
    let old = try RawFile(disk.path("a"))
    try old.write(block(1), at: 0)
    try old.sync()
    try RawFile.delete(disk.path("a"), syncingDirectory: false)
    let new = try RawFile(disk.path("a"))
    try new.write(block(2), at: 512)
    let images = try Set((0..<100).map { try disk.survivor("a", seed: $0, .keepPrefix) })
    #expect(images == [block(1), [], block(0) + block(2)])
    try new.sync()
    #expect(try disk.survivor("a", .dropUnsynced) == block(0) + block(2))
  }

  @Test("A name whose file was removed behind the back of SQLite begins anew")
  func foreignRemoval() throws {
    defer { disk.remove() }
    let old = try RawFile(disk.path("a"))
    try old.write(block(1), at: 0)
    try FileManager.default.removeItem(atPath: disk.path("a"))
    let new = try RawFile(disk.path("a"))
    try new.write(block(2), at: 512)
    #expect(try disk.survivor("a", .keepAll) == block(0) + block(2))
  }

  @Test("Files that were there before count as durable, also in folders below")
  func existingFiles() throws {
    defer { disk.remove() }
    let folder = disk.root.appending(path: "live/x/y")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(block(7)).write(to: folder.appending(path: "a"))
    let file = try RawFile(disk.path("x/y/a"))
    try file.write(block(8), at: 0)
    #expect(try disk.survivor("x/y/a", .dropUnsynced) == block(7))
    #expect(try disk.survivor("x/y/a", .keepAll) == block(8))
  }

  @Test("Beyond the limit of the log the oldest writes become durable without a sync")
  func writeBack() throws {
    defer { disk.remove() }
    #expect(crash_limit_log(disk.identifier, 1024) == 0)
    let file = try RawFile(disk.path("a"))
    try file.sync()
    for index in 0..<4 { try file.write(block(UInt8(index + 1)), at: Int64(index) * 512) }
    #expect(disk.stats.unsynced_bytes == 1024)
    #expect(try disk.survivor("a", .dropUnsynced) == block(1) + block(2))
  }

  @Test("The model of a database equals its files, byte for byte", arguments: ["WAL", "TRUNCATE", "DELETE"])
  func modelEqualsFiles(journal: String) throws {
    defer { disk.remove() }
    let ledger = try Ledger(disk.path(), .init(journal: journal, synchronous: "NORMAL"))
    for number in 1...40 { try ledger.commit(number) }
    try ledger.connection.run("DELETE FROM entry WHERE id > 20; VACUUM")
    try disk.materialise("all", .keepAll)
    let live = try FileManager.default.contentsOfDirectory(atPath: disk.path("")).filter { !$0.hasSuffix("-shm") }
    #expect(try Set(live) == Set(FileManager.default.contentsOfDirectory(atPath: disk.image("all"))))
    for name in live {
      #expect(FileManager.default.contentsEqual(atPath: disk.path(name), andPath: disk.image("all") + "/" + name))
    }
  }
}
