import CelerityCore
import CelerityTesting
import Foundation
import SQLiteEngine
import Testing

@Suite("Whose file it is")
struct OwnershipTests {
  /// The error of an opening that must fail.
  private func refusal(_ path: String) async throws -> EngineError {
    do {
      let store = try await SQLiteStore.open(SQLiteConfiguration(path: path, time: TestTime()))
      await store.close()
    } catch {
      return error
    }
    throw EngineError(.invalid, "the store was opened")
  }

  @Test("A second owner in the same process is refused until the first has closed")
  func sameProcess() async throws {
    let disk = try Disk()
    let stand = Stand()
    let first = try await stand.open(disk, disk.path, TestTime())
    let error = try await refusal(disk.path)
    #expect(error.code == .owned && !error.isRetryable)
    #expect(error.message.contains("process \(ProcessInfo.processInfo.processIdentifier)"))
    #expect(try #require(error.hint).contains("over HTTP, or stop it first"))
    try await first.accept("a")
    await first.close()
    let second = try await stand.open(disk, disk.path, TestTime())
    #expect(try await second.record("a").phase == .ready)
    await stand.close()
  }

  @Test("A store that nobody holds any more gives its file free")
  func forgottenStore() async throws {
    let disk = try Disk()
    do {
      let store = try await SQLiteStore.open(SQLiteConfiguration(path: disk.path, time: TestTime()))
      try await store.accept("a")
    }
    var reopened: SQLiteStore?
    while reopened == nil {
      do {
        reopened = try await SQLiteStore.open(SQLiteConfiguration(path: disk.path, time: TestTime()))
      } catch {
        #expect(error.code == .owned)
        await Task.yield()
      }
    }
    #expect(try await reopened?.record("a").phase == .ready)
    await reopened?.close()
  }

  @Test("A second owner in another process is refused, named by its id, and gone when it is killed")
  func otherProcess() async throws {
    let disk = try Disk()
    let stand = Stand()
    let owner = try LockHolder(disk.path + ".lock")
    let error = try await refusal(disk.path)
    #expect(error.code == .owned)
    #expect(error.message.contains("process \(owner.identifier)"))
    owner.kill()
    _ = try await stand.open(disk, disk.path, TestTime())
    #expect(throws: LockHolder.Refused.self) { try LockHolder(disk.path + ".lock") }
    await stand.close()
  }

  @Test("Another program's database is refused and left as it is")
  func foreignDatabase() async throws {
    let disk = try Disk()
    try RawConnection(disk.path).run("CREATE TABLE accounts (id INTEGER PRIMARY KEY); INSERT INTO accounts VALUES (1)")
    let before = try Data(contentsOf: URL(filePath: disk.path))
    let error = try await refusal(disk.path)
    #expect(error.code == .invalid && error.message.contains("another program"))
    #expect(try Data(contentsOf: URL(filePath: disk.path)) == before)
    #expect(disk.size("-wal") == 0)
  }

  @Test("A database of another application is refused even when it is empty")
  func foreignApplication() async throws {
    let disk = try Disk()
    try RawConnection(disk.path).run("PRAGMA application_id = 77; VACUUM")
    #expect(try await refusal(disk.path).code == .invalid)
  }

  @Test("A text file is refused and left as it is")
  func notADatabase() async throws {
    let disk = try Disk()
    let text = Data(String(repeating: "not a database\n", count: 400).utf8)
    try text.write(to: URL(filePath: disk.path))
    let error = try await refusal(disk.path)
    #expect(error.code == .corrupt && error.hint != nil)
    #expect(try Data(contentsOf: URL(filePath: disk.path)) == text)
  }

  @Test("A store of a newer program is refused politely and left as it is")
  func newerSchema() async throws {
    let disk = try Disk()
    let stand = Stand()
    try await stand.open(disk, disk.path, TestTime()).accept("a")
    await stand.close()
    try RawConnection(disk.path).run("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)")
    let before = try Data(contentsOf: URL(filePath: disk.path))
    let error = try await refusal(disk.path)
    #expect(error.code == .invalid && error.message.contains("99") && error.hint?.contains("newer") == true)
    #expect(try Data(contentsOf: URL(filePath: disk.path)) == before)
  }

  @Test("A store whose tables were changed is refused")
  func changedTables() async throws {
    let disk = try Disk()
    let stand = Stand()
    try await stand.open(disk, disk.path, TestTime()).accept("a")
    await stand.close()
    try RawConnection(disk.path).run("DROP INDEX task_ready")
    #expect(try await refusal(disk.path).code == .corrupt)
  }

  @Test("A store that is gone, or older than its owner knew it, is not taken for a new one")
  func goneStore() async throws {
    let disk = try Disk()
    let stand = Stand()
    try await stand.open(disk, disk.path, TestTime()).accept("a")
    await stand.close()
    let files = FileManager.default
    try files.copyItem(atPath: disk.path, toPath: disk.path + ".old")
    try await stand.open(disk, disk.path, TestTime()).accept("b")
    await stand.close()

    try files.removeItem(atPath: disk.path)
    let gone = try await refusal(disk.path)
    #expect(gone.code == .corrupt && gone.message.contains("gone"))
    try Data().write(to: URL(filePath: disk.path))
    #expect(try await refusal(disk.path).code == .corrupt)
    try files.removeItem(atPath: disk.path)
    try files.moveItem(atPath: disk.path + ".old", toPath: disk.path)
    let older = try await refusal(disk.path)
    #expect(older.code == .corrupt && older.message.contains("older"))

    // Who means it can begin anew.
    try files.removeItem(atPath: disk.path)
    for suffix in [".lock", "-wal", "-shm"] { try? files.removeItem(atPath: disk.path + suffix) }
    _ = try await stand.open(disk, disk.path, TestTime())
    await stand.close()
  }

  @Test("A log without its database is not thrown away")
  func orphanedLog() async throws {
    let disk = try Disk()
    let stand = Stand()
    try await stand.open(disk, disk.path, TestTime()).accept("a")
    let copy = try Disk(copyOf: disk.path)
    #expect(copy.size("-wal") > 0)
    try FileManager.default.removeItem(atPath: copy.path)
    try FileManager.default.removeItem(atPath: copy.path + ".lock")
    #expect(try await refusal(copy.path).code == .corrupt)
    #expect(copy.size("-wal") > 0)
    await stand.close()
  }

  @Test("A directory that is not there is named, with what to do")
  func noDirectory() async throws {
    let error = try await refusal("/nowhere/store.db")
    #expect(error.code == .unavailable && error.message.contains("/nowhere") && error.hint != nil)
  }

  @Test("While another program holds the file locked, writes are unavailable; then they go on")
  func lockedByOther() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await store.accept("a")
    let other = try RawConnection(disk.path)
    try other.run("BEGIN IMMEDIATE")
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          await #expect { try await store.accept("b\(number)") } throws: { error in
            (error as? EngineError)?.code == .unavailable && (error as? EngineError)?.isRetryable == true
          }
        }
      }
    }
    #expect(try await store.record("a").phase == .ready)
    try other.run("COMMIT")
    try await store.accept("b1")
    await stand.close()
  }

  @Test("The file is nobody else's to read")
  func permissions() async throws {
    let disk = try Disk()
    let stand = Stand()
    _ = try await stand.open(disk, disk.path, TestTime())
    for suffix in ["", "-wal", ".lock"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: disk.path + suffix)
      #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o077 } == 0, "\(suffix)")
    }
    await stand.close()
  }
}

/// Another process that holds a lock.
private final class LockHolder {
  struct Refused: Error {}

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  /// Starts a process that takes the lock; throws `Refused` when it does not get it.
  init(_ path: String) throws {
    let program = """
      import fcntl, os, sys
      file = open(sys.argv[1], "a+")
      try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
      except OSError:
        sys.exit("refused")
      file.truncate(0)
      print(os.getpid(), file=file, flush=True)
      print("held", flush=True)
      sys.stdin.read()
      """
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program, path]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    guard try output.fileHandleForReading.read(upToCount: 5) == Data("held\n".utf8) else {
      process.waitUntilExit()
      throw Refused()
    }
  }

  var identifier: Int32 { process.processIdentifier }

  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
