import CCrashVFS
import CelerityCore
import CelerityJSON
import CelerityTesting
import SQLiteEngine
import Testing

@Suite("Committing together")
struct GroupCommitTests {
  /// Makes every insertion of an id that begins with `bad` fail, whatever comes before it in the transaction.
  private func plantError(_ disk: Disk) throws {
    try RawConnection(disk.path).run(
      """
      CREATE TRIGGER planted BEFORE INSERT ON task WHEN NEW.id LIKE 'bad%'
      BEGIN SELECT RAISE(ABORT, 'planted'); END
      """)
  }

  private func commits(_ disk: Disk) throws -> Int {
    try #require(Int(try RawConnection(disk.path).run("SELECT commits FROM store")[0]))
  }

  @Test("A thousand callers at once share few commits, and each has its own answer")
  func concurrentSubmits() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    let before = (commits: try commits(disk), syncs: disk.stats.syncs)
    let seqs = try await withThrowingTaskGroup(of: ChangeNumber?.self) { group in
      for number in 0..<1000 {
        group.addTask {
          guard case .accepted(let id, let seq) = try await store.submit([Submission("\(number)")])[0] else {
            return nil
          }
          return id.text == "\(number)" ? seq : nil
        }
      }
      return try await group.reduce(into: Set<ChangeNumber>()) { if let seq = $1 { $0.insert(seq) } }
    }
    #expect(seqs.count == 1000)
    let count = try commits(disk) - before.commits
    #expect(count < 100)
    #expect(disk.stats.syncs - before.syncs == Int64(count))
    #expect(try await store.queues(of: nil).map(\.ready) == [1000])
    await stand.close()
  }

  @Test("A write that fails leaves nothing, and its neighbours in the same commit do not notice", arguments: 0..<5)
  func culprits(round: Int) async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try plantError(disk)
    let before = try commits(disk)
    var random = SeededRandom(seed: UInt64(round))
    let isBad = (0..<200).map { _ in random.oneIn(10) }
    let failed = await withTaskGroup(of: Int?.self) { group in
      for (number, bad) in isBad.enumerated() {
        group.addTask {
          // The first of a pair goes in before the second fails.
          let pair = [Submission("good\(number)"), Submission(bad ? "bad\(number)" : "second\(number)")]
          do {
            _ = try await store.submit(pair)
            return nil
          } catch {
            return number
          }
        }
      }
      return await group.reduce(into: Set<Int>()) { if let number = $1 { $0.insert(number) } }
    }
    #expect(failed == Set(isBad.indices.filter { isBad[$0] }))
    let good = isBad.count { !$0 }
    #expect(try await store.queues(of: nil).map(\.ready) == [2 * good])
    let keys = isBad.indices.map { TaskKey("good\($0)") }
    #expect(try await store.records(keys).map { $0.record == nil } == isBad)
    #expect(try commits(disk) - before < 100)
    await stand.close()
  }

  @Test("A write that fails takes its permits, numbers and announcements back")
  func undoneInMemory() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    try plantError(disk)
    try await store.accept("a")
    let delivery = try await store.take()
    let holder = PermitHolder(delivery.key, token: delivery.lease.token)
    let limit = [Permit("p", .concurrency(1))]
    _ = try await store.acquire([PermitRequest(holder, permits: limit)])
    var hints = store.hints().makeAsyncIterator()
    // The settlement releases the permit, and then its follow-up fails.
    await #expect(throws: EngineError.self) {
      try await store.settle([Settlement(delivery, .success(.null), followUps: [Submission("bad")])])
    }
    #expect(try await store.record("a").phase == .leased)
    try await store.accept("b")
    #expect(await hints.next()?.changes.map(\.key) == [TaskKey("b")])
    let second = try await store.take()
    let other = PermitHolder(second.key, token: second.lease.token)
    #expect(
      try await store.acquire([PermitRequest(other, permits: limit)]) == [.denied(by: "p", retryAfter: nil)])
    #expect(try await store.settle([Settlement(delivery, .success(.null))]).count == 1)
    #expect(try await store.acquire([PermitRequest(other, permits: limit)]) == [.granted])
    await stand.close()
  }

  @Test("Many callers of all verbs at once agree on what happened")
  func manyCallers() async throws {
    let disk = try Disk()
    let stand = Stand()
    let store = try await stand.open(disk, disk.path, TestTime())
    let finished = await withTaskGroup(of: Int.self) { group in
      for caller in 0..<16 {
        group.addTask {
          var settled = 0
          for round in 0..<12 {
            try? await store.accept("\(caller).\(round)")
            guard let deliveries = try? await store.fetch(.up(to: 2)), !deliveries.isEmpty else { continue }
            let answers = try? await store.settle(deliveries.map { Settlement($0, .success(.null)) })
            settled += answers?.count ?? 0
          }
          return settled
        }
      }
      return await group.reduce(0, +)
    }
    let ready = try await store.queues(of: nil).reduce(0) { $0 + $1.ready }
    #expect(finished + ready == 16 * 12)
    #expect(try await store.list(RecordQuery(states: [.success], limit: 1000)).records.count == finished)
    await stand.close()
  }
}
