import CCrashVFS
import CelerityCore
import CelerityTesting
import Foundation
import GRDBSQLite
import Synchronization
import Testing

@testable import SQLiteEngine

@Suite("The cache beside a store in SQLite")
struct CacheTests {
  private let key = CacheKey("documents", "a")
  private let blob = Blob(contentType: "text/plain", bytes: Array("hello".utf8))

  /// What was warned of.
  private final class Warnings: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    @Sendable func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  /// What is free on a disk.
  private final class Free: Sendable {
    private let state: Mutex<Int64>
    init(_ bytes: Int64) { state = Mutex(bytes) }
    var bytes: Int64 {
      get { state.withLock { $0 } }
      set { state.withLock { $0 = newValue } }
    }
  }

  private func keep(_ store: SQLiteStore, _ name: String = "a", bytes: Int = 5) async throws {
    try await store.cache(
      Blob(contentType: "text/plain", bytes: [UInt8](repeating: 104, count: bytes)), at: CacheKey("documents", name),
      for: .seconds(3600), bound: 1 << 30)
  }

  private func code(_ call: () async throws -> Void) async -> EngineError.Code? {
    do {
      try await call()
      return nil
    } catch {
      return (error as? EngineError)?.code
    }
  }

  @Test("It is in a file of its own, which is made when it is first used and is for its owner alone")
  func ownFile() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    #expect(try await store.caches() == [:])
    #expect(try await store.cacheFigures(of: "documents") == CacheFigures())
    #expect(!FileSystem.exists(disk.path + ".cache"))
    let before = [disk.size(""), disk.size("-wal")]
    try await keep(store, bytes: 100_000)
    #expect(FileSystem.exists(disk.path + ".cache"))
    #expect([disk.size(""), disk.size("-wal")] == before)
    let rights = try FileManager.default.attributesOfItem(atPath: disk.path + ".cache")[.posixPermissions] as? Int
    #expect(rights == 0o600)
    await stand.close()
  }

  @Test("Closed and opened again, it has its entries, their order and its counters")
  func reopened() async throws {
    let disk = try Disk()
    let stand = Stand()
    let time = TestTime()
    let first = try await stand.open(disk, disk.path, time)
    for name in ["a", "b", "c"] { try await keep(first, name) }
    #expect(try await first.cached(key) != nil)
    #expect(try await first.cached(CacheKey("documents", "none")) == nil)
    await first.close()
    time.advance(by: .seconds(60))
    let second = try await stand.open(disk, disk.path, time)
    let size = key.size(of: blob)
    let wanted = CacheFigures(hits: 1, misses: 1, sets: 3, entries: 3, bytes: Int64(3 * size))
    #expect(try await second.cacheFigures(of: "documents") == wanted)
    try await second.cache(blob, at: CacheKey("documents", "d"), for: .seconds(60), bound: 2 * size)
    #expect(try await second.cached(CacheKey("documents", "c")) == nil)
    #expect(try await second.cached(key) != nil)
    time.advance(by: .seconds(3540))
    #expect(try await second.cached(key) == nil)
    await stand.close()
  }

  @Test("Nothing of it is waited for on the disk, neither reads nor writes")
  func noSync() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await keep(store)
    let syncs = disk.stats.syncs
    for number in 0..<300 {
      try await keep(store, "\(number)", bytes: 20_000)
      #expect(try await store.cached(key) != nil)
    }
    _ = try await store.cacheFigures(of: "documents")
    #expect(disk.stats.syncs == syncs)
    await stand.close()
  }

  @Test("A hit writes nothing: its use and its count reach the file with the next write")
  func hitsWriteNothing() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await keep(store)
    _ = try await store.cached(key)
    let operations = disk.operations
    for _ in 0..<500 { _ = try await store.cached(key) }
    #expect(disk.operations == operations)
    #expect(try await store.cacheFigures(of: "documents").hits == 501)
    #expect(disk.operations > operations)
    await stand.close()
  }

  @Test("Uses of very many entries are not held in memory for ever")
  func manyUses() async throws {
    let stand = Stand()
    let store = try await stand.make(TestTime())
    let size = CacheKey("documents", "0000").size(of: blob)
    for number in 1000..<2200 {
      try await store.cache(blob, at: CacheKey("documents", "\(number)"), for: .seconds(60), bound: 1200 * size)
    }
    for number in (1000..<2200).reversed() { _ = try await store.cached(CacheKey("documents", "\(number)")) }
    try await store.cache(blob, at: CacheKey("documents", "last"), for: .seconds(60), bound: 1200 * size)
    #expect(try await store.cached(CacheKey("documents", "2199")) == nil)
    #expect(try await store.cached(CacheKey("documents", "1000")) != nil)
    let figures = try await store.cacheFigures(of: "documents")
    #expect(figures.hits == 1201 && figures.misses == 1 && figures.evictions == 1)
    await stand.close()
  }

  /// Ways in which a file may be found.
  enum Damage: CaseIterable, Sendable {
    case noDatabase, empty, zeroedPage, otherTables, entryChanged
  }

  private func damage(_ path: String, _ damage: Damage) throws {
    let file = URL(filePath: path)
    var bytes = try Data(contentsOf: file)
    switch damage {
    case .noDatabase: bytes = Data(repeating: 65, count: 5000)
    case .empty: bytes = Data()
    case .zeroedPage: bytes.replaceSubrange(16_384..<49_152, with: Data(count: 32_768))
    case .otherTables:
      _ = try RawConnection(path).run("DROP INDEX entry_used")
      return
    case .entryChanged:
      _ = try RawConnection(path).run("UPDATE body SET bytes = CAST('jello' AS BLOB)")
      return
    }
    try bytes.write(to: file)
    for suffix in ["-wal", "-shm"] { FileSystem.remove(path + suffix) }
  }

  @Test(
    "A damaged file is made anew with a warning; the store and its tasks know nothing of it", arguments: Damage.allCases
  )
  func damaged(_ damage: Damage) async throws {
    let disk = try Disk()
    let stand = Stand()
    let first = try await stand.open(disk, disk.path, TestTime())
    try await first.accept("a")
    try await keep(first)
    await first.close()
    try self.damage(disk.path + ".cache", damage)
    let warnings = Warnings()
    let store = try await stand.open(disk, disk.path, TestTime()) { $0.warn = warnings.add }
    #expect(try await store.record("a").phase == .ready)
    // Damage that only an entry shows is an error for whoever reads it first, which is a miss for him.
    let found = try? await store.cached(key)
    #expect(found == nil)
    try await keep(store)
    #expect(try await store.cached(key) == Blob(contentType: "text/plain", bytes: Array("hhhhh".utf8)))
    #expect(try await store.cacheFigures(of: "documents").entries == 1)
    if damage != .empty { #expect(warnings.all.count == 1 && warnings.all[0].contains("made anew")) }
    try await store.accept("b")
    await stand.close()
  }

  @Test("A file that is another program's is not touched; without it there is no cache, and the store works")
  func foreign() async throws {
    let disk = try Disk()
    let stand = Stand()
    let path = disk.path + ".cache"
    _ = try RawConnection(path).run("CREATE TABLE mine (x); INSERT INTO mine VALUES (7)")
    let warnings = Warnings()
    let time = TestTime()
    let store = try await stand.open(disk, disk.path, time) { $0.warn = warnings.add }
    for _ in 0..<3 { #expect(await code { _ = try await store.cached(key) } == .invalid) }
    #expect(await code { try await keep(store) } == .invalid)
    #expect(warnings.all.count == 1)
    try await store.accept("a")
    #expect(try RawConnection(path).run("SELECT x FROM mine") == ["7"])
    for suffix in ["", "-wal", "-shm"] { FileSystem.remove(path + suffix) }
    #expect(await code { try await keep(store) } == .invalid)
    // It is tried again after a while.
    time.advance(by: .seconds(30))
    try await keep(store)
    #expect(try await store.cached(key) != nil)
    await stand.close()
  }

  @Test("Deleted under a running store, it begins anew sooner or later, and nothing else happens")
  func deleted() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await keep(store)
    for suffix in ["", "-wal", "-shm"] { FileSystem.remove(disk.path + ".cache" + suffix) }
    try await store.accept("a")
    // Whatever connection meets the gap first: no call does more than fail.
    for _ in 0..<20 {
      _ = try? await store.cached(key)
      try? await keep(store)
    }
    #expect(try await store.cached(key) != nil)
    await stand.close()
    let again = try await stand.open(disk, disk.path, TestTime())
    #expect(try await again.record("a").phase == .ready)
    try await keep(again)
    await stand.close()
  }

  @Test("When the disk is full, what can't be written is not kept, what is there is read, and it goes on by itself")
  func fullDisk() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await keep(store)
    _ = try await store.cached(key)
    disk.fail(CRASH_WRITE, 1, SQLITE_FULL, fromThenOn: true)
    #expect(await code { try await keep(store, "b", bytes: 100_000) } == .storageFull)
    #expect(try await store.cached(key) != nil)
    disk.heal()
    try await keep(store, "b", bytes: 100_000)
    let figures = try await store.cacheFigures(of: "documents")
    #expect(figures.hits == 2 && figures.sets == 2 && figures.entries == 2)
    await stand.close()
  }

  @Test("The last of a disk is left to the store")
  func reserve() async throws {
    let stand = Stand()
    let free = Free(SQLiteConfiguration.reservedSpace + 4)
    let store = try await stand.make(TestTime()) { $0.freeSpace = { _ in free.bytes } }
    #expect(await code { try await keep(store, bytes: 5) } == .storageFull)
    try await keep(store, bytes: 4)
    free.bytes = 0
    #expect(await code { try await keep(store, "b", bytes: 0) } == .storageFull)
    #expect(try await store.cached(key) != nil)
    await stand.close()
  }

  @Test("Free space is that of the disk a file is on")
  func freeSpace() throws {
    let directory = FileManager.default.temporaryDirectory.path
    let attributes = try FileManager.default.attributesOfFileSystem(forPath: directory)
    let size = try #require(attributes[.systemSize] as? NSNumber).int64Value
    #expect((1...size).contains(FileSystem.freeSpace(directory + "/a file that is not there")))
    #expect(FileSystem.freeSpace("/none/at all") == .max)
  }

  @Test("A power cut may cost what was cached, and nothing else", arguments: CrashMode.allCases)
  func powerCut(_ mode: CrashMode) async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    for number in 0..<40 {
      try await store.accept("t\(number)")
      try await keep(store, "\(number)", bytes: 30_000)
    }
    for seed in 0..<UInt64(4) {
      let image = try disk.image(mode, seed: seed)
      let survivor = try await stand.open(disk, image, TestTime())
      let records = try await survivor.records((0..<40).map { TaskKey("t\($0)") })
      #expect(records.allSatisfy { $0.record?.phase == .ready })
      for number in 0..<40 {
        let found = try? await survivor.cached(CacheKey("documents", "\(number)"))
        #expect(found == nil || found?.bytes == [UInt8](repeating: 104, count: 30_000))
      }
      // The first may meet damage that nobody has seen yet.
      try? await keep(survivor, "after")
      try await keep(survivor, "after")
      #expect(try await survivor.cached(CacheKey("documents", "after")) != nil)
      await survivor.close()
    }
    await stand.close()
  }

  @Test("A backup does not take it, and a restored store begins without one")
  func backup() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await store.accept("a")
    try await keep(store, bytes: 1_000_000)
    let target = disk.root.appending(path: "backup.db").path
    try await store.backup(to: target)
    #expect(FileSystem.size(target) < 500_000 && !FileSystem.exists(target + ".cache"))
    await stand.close()
    try SQLiteStore.restore(from: target, to: disk.path, replacing: true)
    #expect(!FileSystem.exists(disk.path + ".cache"))
    let restored = try await stand.open(disk, disk.path, TestTime())
    #expect(try await restored.cached(key) == nil)
    #expect(try await restored.record("a").phase == .ready)
    await stand.close()
  }

  @Test("A closed store has no cache any more")
  func closed() async throws {
    let stand = Stand()
    let store = try await stand.make(TestTime())
    try await keep(store)
    await store.close()
    #expect(await code { _ = try await store.cached(key) } == .closed)
    #expect(await code { try await keep(store) } == .closed)
    #expect(await code { _ = try await store.caches() } == .closed)
    await stand.close()
  }
}
