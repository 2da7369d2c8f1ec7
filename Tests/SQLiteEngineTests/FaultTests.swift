import CCrashVFS
import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@testable import SQLiteEngine

@Suite("A disk that fails")
struct FaultTests {
  private struct Outcome {
    var faults: Int64
    var errors: [EngineError]
    var broken: [String]
  }

  /// Runs the scenario with one fault in it; judges the store as it stands and what a power cut would leave of it.
  private func run(_ call: crash_call, nth: Int64, _ code: Int32) async throws -> Outcome {
    let disk = try Disk()
    let stand = Stand()
    let time = TestTime()
    let store = try await stand.open(disk, disk.path, time) { $0.checkpointPages = 40 }
    let promises = Acknowledgements(disk)
    disk.fail(call, nth, code)
    var scenario = Scenario(store, promises, time)
    try await scenario.run()
    let faults = disk.stats.faults
    disk.heal()
    var broken = try await promises.broken(in: store)
    // After the last word a durable one, so that relaxed commits before it are on the disk as well.
    promises.attempt([TaskKey("last")])
    try await store.accept("last")
    promises.note(TaskKey("last"), .accepted)
    let survivor = try await stand.open(disk, try disk.image(.dropUnsynced), time)
    broken += try await promises.broken(in: survivor)
    await stand.close()
    return Outcome(faults: faults, errors: scenario.errors, broken: broken)
  }

  /// Lets each call in turn fail, or every so many, until a run has no such call; answers how many there were and the
  /// errors that callers saw.
  private func sweep(
    _ call: crash_call, _ code: Int32, every step: Int = 1
  ) async throws -> (calls: Int64, errors: [EngineError.Code]) {
    var errors: [EngineError.Code] = []
    for nth in stride(from: Int64(1), to: .max, by: step) {
      let outcome = try await run(call, nth: nth, code)
      #expect(outcome.broken == [], "call \(nth)")
      if outcome.faults == 0 { return (nth - 1, errors) }
      errors += outcome.errors.map(\.code)
    }
    return (0, errors)
  }

  @Test("A disk that is full for any one write costs nobody anything but that call")
  func fullOnce() async throws {
    let (calls, errors) = try await sweep(CRASH_WRITE, SQLITE_FULL)
    #expect(calls > 200)
    // Some hit a checkpoint, of which no caller knows.
    #expect(Set(errors) == [.storageFull] && errors.count > 100 && errors.count <= calls)
  }

  @Test("A write that fails anywhere costs nobody anything but that call")
  func writeFailsOnce() async throws {
    let (calls, errors) = try await sweep(CRASH_WRITE, crash_ioerr_write, every: 3)
    #expect(calls > 200)
    #expect(Set(errors) == [.unavailable] && errors.count > 25)
  }

  @Test("A sync that fails anywhere costs nobody anything but that call")
  func syncFailsOnce() async throws {
    let (calls, errors) = try await sweep(CRASH_SYNC, crash_ioerr_fsync)
    #expect(calls > 15)
    #expect(Set(errors) == [.unavailable] && errors.count > 10)
  }

  @Test("While the disk is full, writes are refused and reading goes on; when there is room, work goes on by itself")
  func fullForAWhile() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await store.accept("a")
    disk.fail(CRASH_WRITE, 1, SQLITE_FULL, fromThenOn: true)
    for round in 0..<5 {
      await #expect { try await store.accept("b\(round)") } throws: { error in
        let error = error as? EngineError
        return error?.code == .storageFull && error?.isRetryable == true && error?.hint != nil
      }
      #expect(try await store.record("a").phase == .ready)
    }
    disk.heal()
    try await store.accept("c")
    let survivor = try await stand.open(disk, try disk.image(.dropUnsynced), TestTime())
    let wanted = ["a", "b0", "b4", "c"].map { TaskKey($0) }
    #expect(try await survivor.records(wanted).map { $0.record != nil } == [true, false, false, true])
    await stand.close()
  }

  @Test("A disk that fails again and again closes the store with a clear error; a new start finds every promise")
  func syncsFailForGood() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await store.accept("a")
    disk.fail(CRASH_SYNC, 1, crash_ioerr_fsync, fromThenOn: true)
    await #expect { try await store.accept("b") } throws: { ($0 as? EngineError)?.code == .unavailable }
    func isGivenUp(_ error: any Error) -> Bool {
      guard let error = error as? EngineError else { return false }
      return error.code == .unavailable && error.message.contains("repeatedly") && error.hint?.contains("disk") == true
    }
    await #expect { try await store.accept("c") } throws: { isGivenUp($0) }
    await #expect { try await store.record("a") } throws: { isGivenUp($0) }
    disk.heal()
    await #expect { try await store.accept("d") } throws: { isGivenUp($0) }
    let path = try disk.image(.dropUnsynced)
    await stand.close()
    for path in [path, disk.path] {
      let again = try await stand.open(disk, path, TestTime())
      #expect(try await again.record("a").phase == .ready)
      try await again.run("e")
      await again.close()
    }
  }

  @Test("A second failure after durable work is a new one, and is survived as well")
  func failuresApart() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    for round in 0..<3 {
      _ = try await store.list(RecordQuery())
      disk.fail(CRASH_SYNC, 1, crash_ioerr_fsync)
      await #expect { try await store.accept("lost\(round)") } throws: { ($0 as? EngineError)?.isRetryable == true }
      // Whether the commit that failed is there or not, what the writer knows agrees with the file.
      let there = try await store.list(RecordQuery()).records.count
      #expect(try await store.queues(of: nil).reduce(0) { $0 + $1.ready } == there)
      try await store.accept("kept\(round)")
      let survivor = try await stand.open(disk, try disk.image(.dropUnsynced), TestTime())
      let kept = try await survivor.records((0...round).map { TaskKey("kept\($0)") })
      #expect(kept.allSatisfy { $0.record != nil }, "round \(round)")
      await survivor.close()
    }
    await stand.close()
  }

  @Test("Leases, permits and counters of a running store outlive a disk that failed once")
  func memoryOutlivesFault() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try await store.accept("a", "b")
    let delivery = try await store.take()
    let limit = [Permit("p", .concurrency(1))]
    let holder = PermitHolder(delivery.key, token: delivery.lease.token)
    _ = try await store.acquire([PermitRequest(holder, permits: limit)])
    _ = try await store.settle([Settlement(key: delivery.key, token: 0, .ignored)])
    disk.fail(CRASH_SYNC, 1, crash_ioerr_fsync)
    await #expect(throws: EngineError.self) { try await store.accept("c") }
    #expect(try await store.counters().staleSettlements == 1)
    let second = try await store.take()
    let other = PermitHolder(second.key, token: second.lease.token)
    #expect(
      try await store.acquire([PermitRequest(other, permits: limit)]) == [.denied(by: "p", retryAfter: nil)])
    guard case .committed(.success, _) = try await store.settle([Settlement(delivery, .success(.null))])[0] else {
      Issue.record("the lease was lost")
      return
    }
    #expect(try await store.acquire([PermitRequest(other, permits: limit)]) == [.granted])
    await stand.close()
  }

  @Test("An opening that meets a fault fails with its error or succeeds, and the next one succeeds", arguments: 0..<3)
  func openingFails(kind: Int) async throws {
    let (call, code) = [
      (CRASH_WRITE, SQLITE_FULL), (CRASH_WRITE, crash_ioerr_write), (CRASH_SYNC, crash_ioerr_fsync),
    ][kind]
    var failures = 0
    for nth in Int64(1)...200 {
      let disk = try Disk()
      let stand = Stand()
      let first = try await stand.open(disk, disk.path, TestTime())
      try await first.accept("a")
      let dead = try Disk(copyOf: disk.path)
      dead.fail(call, nth, code)
      do {
        let store = try await stand.open(dead, dead.path, TestTime())
        #expect(try await store.record("a").phase == .ready)
        await store.close()
      } catch {
        failures += 1
        #expect((error as? EngineError)?.isRetryable == true, "call \(nth): \(error)")
      }
      let isOver = dead.stats.faults == 0
      dead.heal()
      let again = try await stand.open(dead, dead.path, TestTime())
      #expect(try await again.record("a").phase == .ready, "call \(nth)")
      await stand.close()
      if isOver { break }
    }
    #expect(failures > 0)
  }
}
