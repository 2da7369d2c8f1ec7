import CelerityCore
import CelerityTesting
import Foundation
import SQLiteEngine
import Testing

@Suite("Damage to the file")
struct DamageTests {
  /// A store that was closed, and what it says when it is opened.
  private struct Original {
    let bytes: Data
    let lock: Data
    let picture: Picture
    let behaviour: [String]
    let time: TestTime

    init() async throws {
      let disk = try Disk()
      let stand = Stand()
      time = TestTime()
      try await stand.open(disk, disk.path, time).fillEverything(time)
      await stand.close()
      bytes = try Data(contentsOf: URL(filePath: disk.path))
      lock = try Data(contentsOf: URL(filePath: disk.path + ".lock"))
      let store = try await stand.open(disk, disk.path, time)
      picture = try await Picture(store)
      behaviour = try await store.behaviour(time)
      await stand.close()
    }
  }

  private enum Finding: Equatable {
    case refused(EngineError.Code, hasHint: Bool)
    case right
    case wrong(String)
  }

  private func judge(_ bytes: Data, _ original: Original) async throws -> Finding {
    let disk = try Disk()
    let stand = Stand()
    try bytes.write(to: URL(filePath: disk.path))
    try original.lock.write(to: URL(filePath: disk.path + ".lock"))
    do {
      let store = try await stand.open(disk, disk.path, original.time)
      let picture = try await Picture(store)
      let behaviour = try await store.behaviour(original.time)
      await stand.close()
      if picture != original.picture { return .wrong("\(picture)") }
      return behaviour == original.behaviour ? .right : .wrong("\(behaviour)")
    } catch let error as EngineError {
      await stand.close()
      return .refused(error.code, hasHint: error.hint != nil)
    }
  }

  @Test("A byte that flips anywhere leads to the right data or a refusal", arguments: 0..<4)
  func flippedBytes(part: Int) async throws {
    let original = try await Original()
    var random = SeededRandom(seed: UInt64(part))
    var refused = 0
    for _ in 0..<50 {
      let offset = random.below(original.bytes.count)
      let flip = UInt8(1 + random.below(255))
      var bytes = original.bytes
      bytes[offset] ^= flip
      switch try await judge(bytes, original) {
      case .right: break
      case .refused(let code, _):
        refused += 1
        // What marks the file as ours may be what flipped.
        #expect([.corrupt, .invalid].contains(code), "offset \(offset), flip \(flip)")
      case .wrong(let found): Issue.record("offset \(offset), flip \(flip): \(found)")
      }
    }
    #expect(refused > 0)
  }

  @Test("A file cut short anywhere is refused as damaged, with what to do")
  func truncated() async throws {
    let original = try await Original()
    var random = SeededRandom(seed: 7)
    let size = original.bytes.count
    let lengths = [0, 1, 99, 100, 512, 4096, size - 1] + (0..<33).map { _ in random.below(size) }
    for length in lengths {
      let finding = try await judge(original.bytes.prefix(length), original)
      #expect(finding == .refused(.corrupt, hasHint: true), "\(length) of \(size) bytes")
    }
  }

  @Test("A log that is damaged, cut or deleted is seen when something acknowledged was in it")
  func damagedLog() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    for number in 0..<20 { try await store.accept("\(number)") }
    let length = disk.size("-wal")
    var random = SeededRandom(seed: 8)
    for round in 0..<30 {
      let copy = try Disk(copyOf: disk.path)
      let log = URL(filePath: copy.path + "-wal")
      var bytes = try Data(contentsOf: log)
      switch round % 3 {
      case 0: bytes[random.below(length)] ^= UInt8(1 + random.below(255))
      case 1: bytes = bytes.prefix(random.below(length))
      default: bytes = Data()
      }
      try bytes.write(to: log)
      do {
        let opened = try await stand.open(copy, copy.path, TestTime())
        // The header holds bytes that mean nothing to a reader.
        #expect(try await opened.list(RecordQuery(limit: 100)).records.count == 20, "round \(round)")
      } catch {
        #expect((error as? EngineError)?.code == .corrupt, "round \(round): \(error)")
        #expect(round % 3 != 2 || (error as? EngineError)?.hint?.contains("-wal") == true)
      }
    }
    await stand.close()
  }

  @Test("A row that was changed behind the store's back is refused, and its neighbours are served")
  func changedRow() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await store.accept("a", "b", "c")
    try RawConnection(disk.path).run("UPDATE task SET args = x'5b315d' WHERE id = 'b'")
    #expect(try await store.record("a").phase == .ready)
    await #expect { try await store.record("b") } throws: { ($0 as? EngineError)?.code == .corrupt }
    #expect(try await store.record("c").phase == .ready)
    #expect(try await store.cancel([CancelRequest(TaskKey("c"))]) == [.revoked])
    await #expect { try await store.cancel([CancelRequest(TaskKey("b"))]) } throws: {
      ($0 as? EngineError)?.code == .corrupt
    }
    await stand.close()
    await #expect { try await stand.open(disk, disk.path, TestTime()) } throws: {
      ($0 as? EngineError)?.code == .corrupt
    }
  }
}
