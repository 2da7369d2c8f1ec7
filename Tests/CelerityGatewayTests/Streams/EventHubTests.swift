import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTesting
import Logging
import Synchronization
import Testing

@testable import CelerityGateway

@Suite(.timeLimit(.minutes(2))) struct EventHubTests {
  private let time = TestTime()
  private let store: MemoryStore
  private let feed: WatchedFeed
  private let hub: EventHub

  init() {
    store = MemoryStore(time: time)
    feed = WatchedFeed(store)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    hub = EventHub(
      EventHub.Limits(streams: 600, heartbeat: .seconds(15), page: 8), feed: feed, time: time, logger: logger)
  }

  private func running<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await hub.run() }
      defer { group.cancelAll() }
      return try await body()
    }
  }

  private func submit(_ ids: [String], queue: String = "default") async throws {
    _ = try await store.submit(
      ids.map { Submission(TaskMessage(id: TaskID(stored: $0), task: "demo.add", queue: queue)) })
  }

  private func follow(_ pieces: AsyncStream<[UInt8]>, _ count: Int) async -> [SeenEvent] {
    var parser = EventStreamParser()
    var events: [SeenEvent] = []
    var iterator = pieces.makeAsyncIterator()
    while events.count < count, let piece = await iterator.next() { events += parser.append(piece) }
    return events
  }

  @Test("However many streams are open, a change is read once and every stream gets it")
  func oneReader() async throws {
    try await running {
      var streams: [AsyncStream<[UInt8]>] = []
      for _ in 0..<500 { streams.append(try await hub.stream(FeedFilter(tenant: .default), after: nil)) }
      try await submit((0..<5).map { "t\($0)" })
      // Many streams are woken with a pause between; the clock does not move by itself.
      let seen = await withTaskGroup(of: [SeenEvent].self) { group in
        for stream in streams { group.addTask { await follow(stream, 5) } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(seen.count == 500)
      #expect(Set(seen).count == 1)
      #expect(seen.first?.compactMap(\.task) == ["t0", "t1", "t2", "t3", "t4"])
      #expect(feed.reads <= 2, "\(feed.reads) readings of the feed")
      #expect(hub.openStreams == 500)
    }
  }

  @Test("Streams that nobody holds any more leave nothing behind, and their places are free")
  func freed() async throws {
    try await running {
      do {
        let feed = try await hub.stream(FeedFilter(tenant: .default), after: nil)
        let ticket = try hub.openTask(TaskKey(TaskID(stored: "a")))
        withExtendedLifetime((feed, ticket)) { #expect(hub.openStreams == 2) }
      }
      #expect(hub.openStreams == 0)
      hub.state.withLock { state in
        #expect(state.feeds.isEmpty && state.watchers.isEmpty && state.tail == nil)
      }
    }
  }

  @Test("A stream whose reader is cancelled while it waits ends")
  func cancelled() async throws {
    try await running {
      let reader = Task { [hub] in
        for await _ in try await hub.stream(FeedFilter(tenant: .default), after: nil) {}
      }
      await time.waitForSleepers()  // the beat runs, so the stream is open
      reader.cancel()
      try await reader.value
      #expect(hub.openStreams == 0)
    }
  }

  @Test("There are only so many streams")
  func limited() async throws {
    let small = EventHub(
      EventHub.Limits(streams: 1, heartbeat: .seconds(15)), feed: store, time: time, logger: Logger(label: "test"))
    let first = try await small.stream(FeedFilter(tenant: .default), after: nil)
    await #expect {
      _ = try await small.stream(FeedFilter(tenant: .default), after: nil)
    } throws: { error in
      let error = error as? RouteError
      return error?.status == 503 && error?.code == "too-many-streams" && error?.headers.first?.name == "Retry-After"
    }
    #expect(throws: RouteError.self) { try small.openTask(TaskKey(TaskID(stored: "a"))) }
    withExtendedLifetime(first) {}
  }

  @Test("A reader that is far behind gets each task once, in its present form, and then what is new")
  func farBehind() async throws {
    try await submit((0..<40).map { "t\($0)" })
    for delivery in try await store.fetch(FetchRequest(queues: ["default"], limit: 20, worker: "w")) {
      _ = try await store.settle([Settlement(delivery, .success(.null))])
    }
    try await running {
      let stream = try await hub.stream(FeedFilter(tenant: .default), after: StreamPosition(seq: 0))
      try await submit(["new"])
      let events = await follow(stream, 41)
      #expect(Set(events.compactMap(\.task)).count == 41)
      #expect(events.last?.task == "new")
      #expect(events.filter { $0.summary == "task SUCCESS" }.count == 20)
      let ids = events.compactMap { Int64($0.id) }
      #expect(ids == ids.sorted() && Set(ids).count == 41)
    }
  }

  @Test("What is discarded before it was read is a gap for who follows, and nothing is skipped in silence")
  func discarded() async throws {
    try await running {
      let stream = try await hub.stream(FeedFilter(tenant: .default), after: nil)
      var iterator = stream.makeAsyncIterator()
      _ = await iterator.next()
      feed.holdReadings()
      try await submit(["gone", "stays"])
      _ = try await store.cancel([CancelRequest(TaskKey(TaskID(stored: "gone")))])
      _ = try await store.control([.discard(TaskKey(TaskID(stored: "gone")))])
      feed.releaseReadings()
      var parser = EventStreamParser()
      var events: [SeenEvent] = []
      while !events.contains(where: { $0.task == "stays" }), let piece = await iterator.next() {
        events += parser.append(piece)
      }
      #expect(events.map(\.name).filter { $0 == "gap" }.count == 1, "\(events)")
    }
  }

  @Test("A filter lets through what it says and moves on over the rest")
  func filtered() async throws {
    try await running {
      let filter = FeedFilter(tenant: .default, states: [.success], task: "demo.add", queue: "b")
      let stream = try await hub.stream(filter, after: nil)
      try await submit(["a1", "a2"], queue: "a")
      try await submit(["b1", "b2"], queue: "b")
      for delivery in try await store.fetch(FetchRequest(queues: ["a", "b"], limit: 4, worker: "w")) {
        _ = try await store.settle([Settlement(delivery, .success(.null))])
      }
      #expect(await follow(stream, 2).compactMap(\.task) == ["b1", "b2"])
    }
  }

  @Test("A feed that fails is read again after a pause; nothing is lost")
  func failingFeed() async throws {
    try await running {
      let stream = try await hub.stream(FeedFilter(tenant: .default), after: nil)
      feed.failNext()
      try await submit(["a"])
      await time.waitForSleepers(2)  // the beat and the pause
      time.advance(by: .milliseconds(500))
      #expect(await follow(stream, 1).compactMap(\.task) == ["a"])
    }
  }

  @Test("When the store announces nothing more, streams end and none can be opened")
  func closedStore() async throws {
    let ended = Task { await hub.run() }
    let stream = try await hub.stream(FeedFilter(tenant: .default), after: nil)
    feed.finish()
    await ended.value
    var pieces = 0
    for await _ in stream { pieces += 1 }
    #expect(pieces == 1, "the greeting")
    await #expect(throws: RouteError.self) { _ = try await hub.stream(FeedFilter(tenant: .default), after: nil) }
  }

  @Test("A stream that is opened while the store stops announcing is refused", .timeLimit(.minutes(1)))
  func closingStore() async throws {
    let ended = Task { await hub.run() }
    feed.whenAskedForLast { [feed] in
      feed.finish()
      await ended.value
    }
    await #expect(throws: RouteError.self) { _ = try await hub.stream(FeedFilter(tenant: .default), after: nil) }
    #expect(hub.openStreams == 0)
    #expect(throws: RouteError.self) { _ = try hub.openTask(TaskKey(TaskID(stored: "a"))) }
    #expect(feed.reads == 0)
  }

  @Test("Large records are read in parts, and none of them is skipped")
  func largeRecords() async throws {
    let text = RawJSON(unchecked: Array("[\"\(String(repeating: "x", count: 3 << 20))\"]".utf8))
    _ = try await store.submit(
      (0..<7).map { Submission(TaskMessage(id: TaskID(stored: "t\($0)"), task: "demo.add", args: text)) })
    try await running {
      let old = try await hub.stream(FeedFilter(tenant: .default), after: StreamPosition(seq: 0))
      #expect(await follow(old, 7).compactMap(\.task) == (0..<7).map { "t\($0)" })
      #expect(feed.reads == 3)
    }
  }

  @Test("A filter compares names as stores do, byte by byte")
  func lookalikes() {
    let composed = FeedItem(
      TaskRecord(
        accepting: TaskMessage(id: TaskID(stored: "a"), task: "caf\u{E9}", queue: "caf\u{E9}"),
        at: Timestamp(microseconds: 0)))
    #expect(FeedFilter(tenant: .default, task: "caf\u{E9}", queue: "caf\u{E9}").matches(composed))
    #expect(!FeedFilter(tenant: .default, task: "cafe\u{301}").matches(composed))
    #expect(!FeedFilter(tenant: .default, queue: "cafe\u{301}").matches(composed))
  }

  @Test("Hints that were lost wake all who follow a task")
  func lostHints() async throws {
    try await submit(["a"])
    try await running {
      let key = TaskKey(TaskID(stored: "a"))
      let stream = hub.stream(key, try hub.openTask(key), after: nil, records: store, progress: store)
      var parser = EventStreamParser()
      var iterator = stream.makeAsyncIterator()
      _ = await iterator.next()
      #expect(parser.append(await iterator.next() ?? []).map(\.summary) == ["task PENDING"])
      feed.dropNextHint()
      _ = try await store.cancel([CancelRequest(key)])
      try await submit(["other"])
      #expect(parser.append(await iterator.next() ?? []).map(\.summary) == ["task REVOKED", "end REVOKED"])
      #expect(await iterator.next() == nil)
    }
  }
}

/// A store's feed that counts readings and can be held, fail, lose hints and end.
private final class WatchedFeed: ChangeFeed {
  private struct State {
    var reads = 0
    var failures = 0
    var drops = 0
    var hold: AsyncStream<Void>?
    var release: AsyncStream<Void>.Continuation?
    var readers: [AsyncStream<ChangeHint>.Continuation] = []
    var whenAskedForLast: (@Sendable () async -> Void)?
  }

  private let store: MemoryStore
  private let state = Mutex(State())

  init(_ store: MemoryStore) { self.store = store }

  var reads: Int { state.withLock { $0.reads } }

  func failNext() { state.withLock { $0.failures += 1 } }

  func dropNextHint() { state.withLock { $0.drops += 1 } }

  func holdReadings() {
    let (hold, release) = AsyncStream.makeStream(of: Void.self)
    state.withLock { ($0.hold, $0.release) = (hold, release) }
  }

  func releaseReadings() {
    state.withLock { $0.hold = nil }
    state.withLock { $0.release }?.finish()
  }

  func finish() { for reader in state.withLock({ $0.readers }) { reader.finish() } }

  func changes(after seq: ChangeNumber, tenant: Tenant?, limit: Int) async throws(EngineError) -> ChangePage {
    let (fails, hold) = state.withLock { state in
      state.reads += 1
      defer { state.failures = max(0, state.failures - 1) }
      return (state.failures > 0, state.hold)
    }
    if fails { throw EngineError(.unavailable, "away") }
    if let hold { for await _ in hold {} }
    return try await store.changes(after: seq, tenant: tenant, limit: limit)
  }

  /// Something that happens while somebody asks for the last change.
  func whenAskedForLast(_ act: @escaping @Sendable () async -> Void) { state.withLock { $0.whenAskedForLast = act } }

  func lastChange() async throws(EngineError) -> ChangeNumber {
    await state.withLock { $0.whenAskedForLast }?()
    return try await store.lastChange()
  }

  func hints() -> AsyncStream<ChangeHint> {
    let (stream, reader) = AsyncStream.makeStream(of: ChangeHint.self, bufferingPolicy: .bufferingNewest(1024))
    state.withLock { $0.readers.append(reader) }
    let hints = store.hints()
    let forwarding = Task { [weak self] in
      for await hint in hints {
        guard let self else { return }
        let isDropped = state.withLock { state in
          defer { state.drops = max(0, state.drops - 1) }
          return state.drops > 0
        }
        if !isDropped { reader.yield(hint) }
      }
      reader.finish()
    }
    reader.onTermination = { _ in forwarding.cancel() }
    return stream
  }
}
