import CelerityCore
import CelerityJSON
import CelerityTesting
import RedisEngine
import Testing

@Suite("Processes that share a store", .sharedRedis)
struct SharingTests {
  private func worker(_ name: String) -> WorkerInfo {
    WorkerInfo(
      name: name, incarnation: "i1", hostname: "host", pid: 7, version: "1.0", queues: ["default"], concurrency: 4,
      tasks: ["work"], startedAt: 1_795_237_200_000_000)
  }

  private func holder(_ store: RedisStore, worker: String = "w") async throws -> PermitHolder {
    let request = FetchRequest(queues: ["default"], limit: 1, worker: worker, lease: .seconds(600), wait: .zero)
    let delivery = try #require(try await store.fetch(request).first)
    return PermitHolder(delivery.key, token: delivery.lease.token)
  }

  @Test("what one commits the other is told of, and reads")
  func hints() async throws {
    let (stand, time) = (Stand(), TestTime())
    let (one, other) = (try await stand.open(time), try await stand.open(time))
    var hints = other.hints().makeAsyncIterator()
    _ = try await one.submit([Submission(TaskMessage(id: TaskID(stored: "a"), task: "work"))])
    let hint = try #require(await hints.next())
    #expect(hint.changes == [ChangeHint.Change(key: TaskKey(TaskID(stored: "a")), state: .pending)])
    #expect(try await other.lastChange() == hint.seq)
    await stand.close()
  }

  @Test("an id may hold what ends lines and joins characters", arguments: ["a\nSUCCESS default/b", "\u{301}", "a\r"])
  func oddIDs(_ id: String) async throws {
    let (stand, time) = (Stand(), TestTime())
    let (one, other) = (try await stand.open(time), try await stand.open(time))
    var hints = other.hints().makeAsyncIterator()
    let key = TaskKey(TaskID(stored: id))
    var submission = Submission(TaskMessage(id: key.id, task: "work"))
    submission.idempotency = IdempotencyKey("k", fingerprint: [1], retention: .seconds(60))
    _ = try await one.submit([submission])
    #expect(try #require(await hints.next()).changes == [ChangeHint.Change(key: key, state: .pending)])
    submission.message.id = TaskID(stored: "another")
    #expect(try await one.submit([submission]) == [.existing(key.id, cause: .idempotencyKey)])
    let holder = try await holder(one, worker: "\u{301}w|x")
    #expect(holder.key == key)
    #expect(try #require(await hints.next()).changes == [ChangeHint.Change(key: key, state: .started)])
    #expect(try await other.records([key])[0].record?.worker == "\u{301}w|x")
    await stand.close()
  }

  @Test("an order given through one wakes a worker that waits at the other")
  func orders() async throws {
    let (stand, time) = (Stand(), TestTime())
    let (one, other) = (try await stand.open(time), try await stand.open(time))
    try await other.announce(worker("w"), for: .seconds(60))
    async let orders = other.nextOrders(worker: "w", incarnation: "i1", after: 0, wait: .seconds(600))
    await time.waitForSleepers(1)
    #expect(try await one.order(.scale(3), worker: "w"))
    #expect(try await orders.map(\.order) == [.scale(3)])
    await stand.close()
  }

  @Test("a limit holds over both")
  func permits() async throws {
    let (stand, time) = (Stand(), TestTime())
    let (one, other) = (try await stand.open(time), try await stand.open(time))
    _ = try await one.submit(["a", "b"].map { Submission(TaskMessage(id: TaskID(stored: $0), task: "work")) })
    let (first, second) = (try await holder(one), try await holder(other))
    let limits = [Permit("p", .concurrency(1)), Permit("r", .rate(1, per: .seconds(60)))]
    #expect(try await one.acquire([PermitRequest(first, permits: limits)]) == [.granted])
    #expect(
      try await other.acquire([PermitRequest(second, permits: limits)]) == [.denied(by: "p", retryAfter: nil)])
    await stand.close()
  }

  @Test("the death of one frees what its attempts held and nothing else")
  func death() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    _ = try await store.submit(["a", "b"].map { Submission(TaskMessage(id: TaskID(stored: $0), task: "work")) })
    let (dead, alive) = (try await holder(store, worker: "dead"), try await holder(store, worker: "alive"))
    let permits = [Permit("p", .concurrency(1)), Permit("f", .fairShare(0.5, scope: "all"))]
    #expect(try await store.acquire([PermitRequest(dead, permits: permits)]) == [.granted])
    try await store.announce(worker("alive"), for: .seconds(60))
    let term = try #require(try await store.lead("scheduler", holder: "alive", for: .seconds(60)))
    #expect(try await store.takeBack(worker: "dead") == 1)
    #expect(try await store.acquire([PermitRequest(alive, permits: permits)]) == [.granted])
    #expect(try await store.workers().map(\.name) == ["alive"])
    #expect(try await store.lead("scheduler", holder: "alive", for: .seconds(60))?.fence == term.fence)
    await stand.close()
  }

  @Test("without a clock of its own a store lives by the server's")
  func serverTime() async throws {
    let stand = Stand()
    let store = try await stand.openOnServerTime()
    let now = SystemTime().now
    func isNow(_ time: Int64) -> Bool { abs(time - now.microseconds) < 60_000_000 }
    let key = DocumentKey("items", "1")
    _ = try await store.write([DocumentWrite(key, .true)])
    #expect(isNow(try #require(try await store.documents([key])[0]).updated.microseconds))
    let term = try #require(try await store.lead("scheduler", holder: "one", for: .seconds(60)))
    #expect(isNow(term.until.microseconds - 60_000_000))
    try await store.announce(worker("w"), for: .seconds(60))
    try await store.announce(worker("gone"), for: .seconds(-1))
    #expect(try await store.workers().map(\.name) == ["w"])
    #expect(try await store.order(.quiet, worker: "w"))
    #expect(try await store.order(.quiet, worker: "gone") == false)
    let revocation = Revocation.task(TaskKey(TaskID(stored: "a")))
    try await store.revoke([revocation], for: .seconds(60))
    #expect(try await store.revoked(among: [revocation], tenant: .default) == [revocation])
    _ = try await store.submit([Submission(TaskMessage(id: TaskID(stored: "a"), task: "work"))])
    let holder = try await holder(store)
    let rate = [PermitRequest(holder, permits: [Permit("r", .rate(1, per: .seconds(3600)))])]
    #expect(try await store.acquire(rate) == [.granted])
    guard case .denied(by: "r", let wait?) = try await store.acquire(rate)[0] else {
      Issue.record("a rate of one was used twice")
      return
    }
    #expect(wait > .zero && wait <= .seconds(7200))
    let record = try #require(try await store.records([holder.key])[0].record)
    #expect(isNow((record.lease?.deadline.microseconds ?? 0) - 600_000_000))
    await stand.close()
  }
}
