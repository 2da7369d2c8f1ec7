import CelerityCore
import CelerityJSON
import CelerityTesting
import Foundation
import SQLiteEngine
import Testing

@Suite("Backups, and putting them back")
struct BackupTests {
  private func code(_ call: () async throws -> Void) async -> EngineError.Code? {
    do {
      try await call()
      return nil
    } catch {
      return (error as? EngineError)?.code
    }
  }

  private func backupPath(_ disk: Disk, _ name: String = "backup.db") -> String {
    disk.root.appending(path: name).path
  }

  @Test("A backup taken while others write is one moment: all that was answered before, nothing in part")
  func whileWriting() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    let target = backupPath(disk)
    let payload = Submission.payload(300)
    // Each submission is a pair; the moment of a backup holds both or none.
    func submitPairs(_ range: Range<Int>) async throws {
      for number in range {
        _ = try await store.submit([Submission("\(number).a", args: payload), Submission("\(number).b", args: payload)])
      }
    }
    try await submitPairs(0..<200)
    async let more: Void = submitPairs(200..<600)
    try await store.backup(to: target)
    try await more
    let copy = try await stand.open(disk, target, TestTime())
    let ids = try await copy.list(RecordQuery(limit: 2000)).records.map(\.message.id.text)
    let numbers = Dictionary(grouping: ids) { $0.prefix { $0 != "." } }
    #expect(numbers.values.allSatisfy { $0.count == 2 })
    #expect((0..<200).allSatisfy { numbers["\($0)"] != nil })
    #expect(try await copy.queues(of: nil).map(\.ready) == [ids.count])
    #expect(try RawConnection(target).run("PRAGMA integrity_check") == ["ok"])
    await stand.close()
  }

  @Test("A backup does not overwrite a file, and one that fails leaves none")
  func refusals() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    let target = backupPath(disk)
    try Data("mine".utf8).write(to: URL(filePath: target))
    #expect(await code { try await store.backup(to: target) } == .invalid)
    #expect(try Data(contentsOf: URL(filePath: target)) == Data("mine".utf8))
    #expect(await code { try await store.backup(to: "/nowhere/backup.db") } == .unavailable)
    try await store.accept("a")
    await stand.close()
  }

  @Test("A backup is nobody else's to read")
  func permissions() async throws {
    let disk = try Disk()
    let stand = Stand()
    let target = backupPath(disk)
    try await stand.open(disk, disk.path, TestTime()).backup(to: target)
    let attributes = try FileManager.default.attributesOfItem(atPath: target)
    #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o077 } == 0)
    await stand.close()
  }

  @Test("A restored store is what the backup was, and the one that was there is kept beside it")
  func restore() async throws {
    let disk = try Disk()
    let stand = Stand()
    let first = try await stand.open(disk, disk.path, TestTime())
    try await first.accept("a")
    try await first.backup(to: backupPath(disk))
    try await first.accept("b")
    #expect(await code { try SQLiteStore.restore(from: backupPath(disk), to: disk.path, replacing: true) } == .owned)
    await stand.close()
    #expect(await code { try SQLiteStore.restore(from: backupPath(disk), to: disk.path) } == .invalid)
    try SQLiteStore.restore(from: backupPath(disk), to: disk.path, replacing: true)
    let restored = try await stand.open(disk, disk.path, TestTime())
    #expect(try await restored.records([TaskKey("a"), TaskKey("b")]).map { $0.record != nil } == [true, false])
    try await restored.run("c")
    await stand.close()
    let kept = try await stand.open(disk, disk.path + ".before-restore", TestTime())
    #expect(try await kept.records([TaskKey("a"), TaskKey("b")]).allSatisfy { $0.record != nil })
    await stand.close()
  }

  @Test("A store that died is kept with its log when a backup takes its place")
  func restoreOverCrash() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await store.backup(to: backupPath(disk))
    try await store.accept("a")
    let dead = try Disk(copyOf: disk.path)
    try SQLiteStore.restore(from: backupPath(disk), to: dead.path, replacing: true)
    let restored = try await stand.open(dead, dead.path, TestTime())
    #expect(try await restored.records([TaskKey("a")]) == [.unknown])
    let kept = try await stand.open(dead, dead.path + ".before-restore", TestTime())
    #expect(try await kept.record("a").phase == .ready)
    await stand.close()
  }

  @Test("A restored store forgets what its predecessor acknowledged, also when the file was lost")
  func restoreAfterLoss() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await store.backup(to: backupPath(disk))
    for number in 0..<20 { try await store.accept("\(number)") }
    await stand.close()
    try FileManager.default.removeItem(atPath: disk.path)
    try SQLiteStore.restore(from: backupPath(disk), to: disk.path)
    let restored = try await stand.open(disk, disk.path, TestTime())
    #expect(try await restored.list(RecordQuery()).records.isEmpty)
    await stand.close()
  }

  @Test("Only sound stores of known versions are restored, and nothing is touched before that is known")
  func unsoundBackups() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await store.accept("a")
    try await store.backup(to: backupPath(disk))
    await stand.close()
    let before = try Data(contentsOf: URL(filePath: disk.path))
    let sound = try Data(contentsOf: URL(filePath: backupPath(disk)))
    func variant(_ name: String, _ change: (String) throws -> Void) throws -> String {
      let path = backupPath(disk, name)
      try sound.write(to: URL(filePath: path))
      try change(path)
      return path
    }
    let cases: [(String, EngineError.Code)] = [
      (backupPath(disk, "missing"), .invalid),
      (try variant("empty") { try Data().write(to: URL(filePath: $0)) }, .invalid),
      (try variant("newer") { try RawConnection($0).run("PRAGMA user_version = 99") }, .invalid),
      (try variant("foreign") { try RawConnection($0).run("PRAGMA application_id = 1") }, .invalid),
      (try variant("text") { try Data("x".utf8).write(to: URL(filePath: $0)) }, .corrupt),
      (try variant("half") { try sound.prefix(sound.count / 2).write(to: URL(filePath: $0)) }, .corrupt),
      (try variant("changed") { try RawConnection($0).run("DROP TABLE document") }, .corrupt),
    ]
    for (path, wanted) in cases {
      let found = await code { try SQLiteStore.restore(from: path, to: disk.path, replacing: true) }
      #expect(found == wanted, "\(path)")
      #expect(try Data(contentsOf: URL(filePath: disk.path)) == before)
    }
    #expect(try await stand.open(disk, disk.path, TestTime()).record("a").phase == .ready)
    await stand.close()
  }

  @Test("A restore that was interrupted is seen, and done by running it again")
  func interrupted() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await store.accept("a")
    try await store.backup(to: backupPath(disk))
    await stand.close()
    // As the restore leaves it between its two moves.
    let mark = String(repeating: " ", count: 20) + "\n" + String(Int64.max) + " \n"
    try Data(mark.utf8).write(to: URL(filePath: disk.path + ".lock"))
    try FileManager.default.moveItem(atPath: disk.path, toPath: disk.path + ".before-restore")
    #expect(await code { _ = try await stand.open(disk, disk.path, TestTime()) } == .corrupt)
    try SQLiteStore.restore(from: backupPath(disk), to: disk.path)
    #expect(try await stand.open(disk, disk.path, TestTime()).record("a").phase == .ready)
    await stand.close()
  }
}
