public import CelerityCore
public import Logging
import NIOCore
import RESPClient
import Synchronization

/// Tasks on Redis, in Celery's own layout: any number of processes on any hosts work on one server, Python's workers and
/// producers among them.
///
/// Verbs are optimistic transactions (`Transactions`), claims a script of their own (`ClaimScript`). What others do is heard on
/// two channels; records are the truth, so a message that is lost costs time and nothing else.
public final class RedisStore: Sendable {
  let configuration: RedisStoreConfiguration
  let keys: Keys
  let wire: Wire
  let client: RedisClient
  /// The same server for what may be lost: see `RedisStore+cache.swift`.
  let cacheClient: RedisClient
  let clock: StoreClock
  let time: any TimeSource
  let ids: any IDSource
  let logger: Logger
  let transactions: Transactions

  /// Rung when work may be ready, something may be due, a worker may have orders.
  let fetchBell = CountingBell()
  let dutyBell = CountingBell()
  let orderBell = CountingBell()
  let hintStreams = HintStreams()
  let peeks: Peeks
  /// How often work was found that nothing had announced: the watchdog's count.
  let missedWork = Atomic<Int>(0)
  /// Rows of the attempts that this process has fetched: what their end is compared with, so that it needs no look.
  let held = Mutex<[TaskKey: TaskRow]>([:])
  /// Settlements whose answer was lost, by the tokens of their attempts: who repeats one is answered as at first.
  let unanswered = Mutex<[TaskKey: Int64]>([:])
  /// Tasks that were claimed last, at a time when nothing was revoked.
  let unrevoked = Mutex<Set<TaskKey>>([])
  /// Queues whose bindings were declared, and when.
  let declared = Mutex<[String: Duration]>([:])
  /// Told of tasks that are dealt with on their way to a worker, so that none of its own accounts tells of them.
  let passers = Mutex<EventOutbox?>(nil)
  /// Python's workers, as far as they were heard of.
  let roster = Mutex(PeerRoster())
  /// Rung when one of them is new.
  let peerBell = CountingBell()
  let pythonWatch: Mutex<PythonHolds>
  private let listeners = Mutex<[Task<Void, Never>]>([])

  /// How often since it was opened a fetch that waited has found work of which nothing had told. Each time the connections
  /// that listen for work are made anew.
  public var unannouncedWork: Int { missedWork.load(ordering: .relaxed) }

  private init(
    _ configuration: RedisStoreConfiguration, time: any TimeSource, ids: any IDSource, isTimeGiven: Bool, logger: Logger
  ) {
    self.configuration = configuration
    self.time = time
    self.ids = ids
    self.logger = logger
    keys = Keys(prefix: configuration.keyPrefix)
    wire = Wire(origin: configuration.origin, ids: ids)
    var redis = RedisConfiguration(configuration.endpoint, connections: configuration.connections, name: "celerity")
    redis.limits = RESPLimits()
    client = RedisClient(redis, logger: logger)
    // Whoever asks a cache computes the answer himself when it does not come soon.
    var cache = redis
    (cache.connectTimeout, cache.patience, cache.replyTimeout) = (.seconds(1), .seconds(2), .seconds(5))
    cacheClient = RedisClient(cache, logger: logger)
    clock = StoreClock(time, isGiven: isTimeGiven)
    pythonWatch = Mutex(PythonHolds(visibilityTimeout: configuration.visibilityTimeout))
    peeks = Peeks(redis, keys: keys, bell: fetchBell, logger: logger)
    transactions = Transactions(
      keys: keys, wire: wire, client: client, lifecycle: TaskLifecycle(policy: configuration.lifecycle), clock: clock,
      resultExpires: configuration.resultExpires,
      control: FanoutNames(prefix: configuration.keyPrefix, database: configuration.endpoint.database).mailbox,
      logger: logger)
  }

  /// Opens a store: looks at the server, and listens from then on until `close`.
  ///
  /// - Parameters:
  ///   - time: for waiting.
  ///   - isTimeGiven: whether the store lives by `time` too, as tests want it, and not by the server's.
  public static func open(
    _ configuration: RedisStoreConfiguration, time: any TimeSource = SystemTime(), ids: (any IDSource)? = nil,
    isTimeGiven: Bool = false, logger: Logger = Logger(label: "redis")
  ) async throws(EngineError) -> RedisStore {
    let store = RedisStore(
      configuration, time: time, ids: ids ?? UUIDv7(time: time), isTimeGiven: isTimeGiven, logger: logger)
    do throws(EngineError) {
      try await store.examine()
      await store.listen()
    } catch {
      await store.close()
      throw error
    }
    return store
  }

  /// What all acts of a process that is about to end may wait for a server that is away.
  private static let lastWords = Duration.seconds(4)

  /// The process is about to end: from now on all acts together wait a few seconds, and not each of them, for a server that is
  /// away.
  public func hasten() { client.limitPatience(to: Self.lastWords) }

  /// Stops listening and ends all connections.
  public func close() async {
    let tasks = listeners.withLock { listeners in
      defer { listeners = [] }
      return listeners
    }
    for task in tasks { task.cancel() }
    peeks.close()
    for task in tasks { await task.value }
    hintStreams.close()
    await client.close()
    await cacheClient.close()
  }

  /// Refuses servers on which the promises can't be kept, and learns the time.
  private func examine() async throws(EngineError) {
    let replies = try await client.engineReplies([RESPCommand("INFO", "server"), RESPCommand("TIME")])
    let info = replies[0].string ?? ""
    func field(_ name: String) -> Substring? {
      info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(name):") }?.dropFirst(name.utf8.count + 1)
    }
    let version = (field("redis_version") ?? "0").split(separator: ".").compactMap { Int($0) }
    guard version.count >= 2, (version[0], version[1]) >= (6, 2) else {
      throw EngineError(
        .invalid,
        "the server at \(configuration.endpoint) is Redis \(field("redis_version") ?? "of an unknown version")",
        hint: "6.2 is needed, for BLMOVE")
    }
    guard field("redis_mode") != "cluster" else {
      throw EngineError(
        .invalid, "the server at \(configuration.endpoint) is a Redis Cluster, on which Celery's key layout can't work",
        hint: "use one server, or Sentinel for failover (sentinel://…)")
    }
    learn(replies[1])
  }

  /// Asks the server for its time: a process that never claims would else live by what it heard when it began.
  func askTime() async throws(EngineError) {
    if clock.isGiven { return }
    learn(try await client.engineReplies([RESPCommand("TIME")])[0])
  }

  private func learn(_ reply: RESPValue) {
    guard let parts = reply.elements, parts.count == 2, let seconds = parts[0].integer, let rest = parts[1].integer
    else { return }
    clock.learn(serverMicroseconds: seconds * 1_000_000 + rest)
  }

  /// Starts listening; returns when the subscription is in force, or could not be made yet.
  private func listen() async {
    let (subscribed, signal) = AsyncStream.makeStream(of: Void.self)
    let redis = client.configuration
    let (keys, logger, hearsPeers) = (keys, logger, configuration.hearsPeers)
    let task = Task { [weak self] in
      let results = keys.meta(TaskKey(TaskID(stored: "*")))
      let workers = FanoutNames(prefix: keys.prefix, database: redis.endpoint.database).workerEvents
      let subscription = RedisSubscription(
        redis, channels: [keys.changes, keys.wake], patterns: hearsPeers ? [results, workers] : [], logger: logger)
      await subscription.run { message in
        guard let self else { return }
        if case .message(_, .some(workers), let bytes) = message {
          self.hearWorkers(bytes)
        } else if case .message(let channel, .some, let bytes) = message {
          await self.hearResult(channel, bytes)
        } else {
          self.hear(message)
        }
        if message == .subscribed { signal.finish() }
      }
      signal.finish()
    }
    listeners.withLock { listeners in
      listeners.append(task)
      if hearsPeers { listeners.append(Task { await interviewPeers() }) }
    }
    for await _ in subscribed {}
  }

  private func hear(_ message: RedisMessage) {
    switch message {
    case .subscribed:
      // Whatever was said meanwhile is lost: everybody looks again.
      hintStreams.skip()
      fetchBell.ring()
      dutyBell.ring()
      orderBell.ring()
    case .message(let channel, _, let bytes):
      let text = String(buffer: bytes)
      if channel == keys.changes {
        hintStreams.announce(text)
      } else {
        if text.contains("r") { fetchBell.ring() }
        if text.contains("d") { dutyBell.ring() }
        if text.contains("o") { orderBell.ring() }
      }
    }
  }
}
