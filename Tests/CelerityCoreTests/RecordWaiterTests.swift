import CelerityCore
import CelerityJSON
import CelerityTesting
import Synchronization
import Testing

/// A store's records with hints of the test's own making.
private final class Feed: RecordReader, ChangeFeed {
  private let store: MemoryStore
  private let stream: AsyncStream<ChangeHint>
  private let announcer: AsyncStream<ChangeHint>.Continuation
  private let looks = Mutex(0)

  init(_ store: MemoryStore) {
    self.store = store
    (stream, announcer) = AsyncStream.makeStream(of: ChangeHint.self)
  }

  /// How often records were read.
  var reads: Int { looks.withLock { $0 } }

  func announce(batch: Int64, _ ids: String...) {
    let changes = ids.map { ChangeHint.Change(key: TaskKey(TaskID(stored: $0)), state: .success) }
    announcer.yield(ChangeHint(batch: batch, seq: batch, changes: changes))
  }

  func finish() { announcer.finish() }

  func records(_ keys: [TaskKey]) async throws(EngineError) -> [RecordLookup] {
    looks.withLock { $0 += 1 }
    return try await store.records(keys)
  }

  func list(_ query: RecordQuery) async throws(EngineError) -> RecordPage { try await store.list(query) }

  func count(_ query: RecordQuery) async throws(EngineError) -> RecordCount { try await store.count(query) }

  func tally(_ query: RecordQuery) async throws(EngineError) -> [RecordTally] { try await store.tally(query) }

  func changes(after seq: ChangeNumber, tenant: Tenant?, limit: Int) async throws(EngineError) -> ChangePage {
    try await store.changes(after: seq, tenant: tenant, limit: limit)
  }

  func hints() -> AsyncStream<ChangeHint> { stream }

  func lastChange() async throws(EngineError) -> ChangeNumber { try await store.lastChange() }
}

@Suite(.timeLimit(.minutes(5))) struct RecordWaiterTests {
  private let time = TestTime()
  private let store: MemoryStore
  private let feed: Feed
  private let waiter: RecordWaiter

  init() {
    store = MemoryStore(time: time)
    feed = Feed(store)
    waiter = RecordWaiter(store: feed, time: time)
  }

  private func submit(_ id: String) async throws {
    _ = try await store.submit([Submission(TaskMessage(id: TaskID(stored: id), task: "work"))])
  }

  private func finish(_ id: String) async throws {
    let deliveries = try await store.fetch(FetchRequest(queues: ["default"], limit: 100, worker: "w"))
    let delivery = try #require(deliveries.first { $0.message.id.text == id })
    _ = try await store.settle([Settlement(delivery, .success(.true))])
  }

  private func wait(_ id: String, timeout: Duration? = .seconds(60)) -> Task<RecordLookup, any Error> {
    Task { [waiter] in try await waiter.wait(for: TaskKey(TaskID(stored: id)), timeout: timeout) }
  }

  /// Runs a body while the waiter reads its feed.
  private func running(_ body: () async throws -> Void) async throws {
    let reader = Task { [waiter] in await waiter.run() }
    try await body()
    feed.finish()
    await reader.value
  }

  @Test func `A task that has ended is answered at once, and so is an unknown one`() async throws {
    try await submit("a")
    try await finish("a")
    #expect(try await wait("a", timeout: nil).value.record?.state == .success)
    #expect(try await wait("none", timeout: nil).value == .unknown)
  }

  @Test func `A waiting client is woken by the change of its task`() async throws {
    try await submit("a")
    try await running {
      let waiting = wait("a")
      await time.waitForSleepers()
      try await finish("a")
      feed.announce(batch: 1, "a")
      #expect(try await waiting.value.record?.state == .success)
    }
  }

  @Test func `A hint that comes between the look and the wait is not lost`() async throws {
    try await submit("a")
    try await running {
      for batch in 1...200 {
        // The condition is asked between the two; announcing from there is the worst moment.
        let lookup = try await waiter.wait(for: TaskKey(TaskID(stored: "a")), timeout: nil) { _ in
          let isSecond = self.feed.reads % 2 == 0
          if !isSecond { self.feed.announce(batch: Int64(batch), "a") }
          return isSecond
        }
        #expect(lookup.record != nil)
      }
    }
  }

  @Test func `A change of another task wakes nobody`() async throws {
    try await submit("a")
    try await submit("b")
    try await running {
      let waiting = wait("a")
      await time.waitForSleepers()
      let reads = feed.reads
      let other = wait("b")
      await time.waitForSleepers(2)
      try await finish("b")
      feed.announce(batch: 1, "b")
      _ = try await other.value
      #expect(feed.reads == reads + 2)
      time.advance(by: .seconds(60))
      #expect(try await waiting.value.record?.state.isTerminal == false)
    }
  }

  @Test func `When the time is over the record is answered as it stands`() async throws {
    try await submit("a")
    try await running {
      let waiting = wait("a")
      await time.waitForSleepers()
      time.advance(by: .seconds(60))
      let lookups = [try await waiting.value, try await wait("a", timeout: .zero).value]
      #expect(lookups.map { $0.record?.state } == [.pending, .pending])
    }
  }

  @Test func `When hints were lost everybody looks again`() async throws {
    for id in ["a", "b", "c"] { try await submit(id) }
    try await running {
      let waiting = ["a", "b"].map { wait($0) }
      await time.waitForSleepers(2)
      for delivery in try await store.fetch(FetchRequest(queues: ["default"], limit: 9, worker: "w")) {
        _ = try await store.settle([Settlement(delivery, .success(.true))])
      }
      feed.announce(batch: 1, "c")
      feed.announce(batch: 5, "c")
      for task in waiting { #expect(try await task.value.record?.state == .success) }
    }
  }

  @Test func `Many clients may wait for one task`() async throws {
    try await submit("a")
    try await running {
      let waiting = (0..<50).map { _ in wait("a") }
      await time.waitForSleepers(50)
      try await finish("a")
      feed.announce(batch: 1, "a")
      for task in waiting { #expect(try await task.value.record?.state == .success) }
      #expect(time.sleepers == 0)
    }
  }

  @Test func `A client that goes away stops waiting`() async throws {
    try await submit("a")
    try await running {
      let waiting = wait("a")
      await time.waitForSleepers()
      waiting.cancel()
      await #expect(throws: CancellationError.self) { try await waiting.value }
      #expect(time.sleepers == 0)
    }
  }

  @Test func `When the feed ends, waiting clients get the record as it stands`() async throws {
    try await submit("a")
    let waiting = wait("a")
    await time.waitForSleepers()
    try await running {}
    #expect(try await waiting.value.record?.state == .pending)
    #expect(try await wait("a", timeout: nil).value.record?.state == .pending)
  }
}
