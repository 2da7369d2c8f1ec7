import CelerityCore
import CelerityJSON
import CelerityTasks
import Synchronization

@testable import CelerityTesting
@testable import Documents

/// A store's records and changes, which says when somebody has begun to read the changes: what is settled before that
/// would not wake him.
final class AnnouncedFeed: RecordReader, ChangeFeed {
  private let store: MemoryStore
  private let readers = CountingBell()

  init(_ store: MemoryStore) { self.store = store }

  /// Returns when there is a reader.
  func isRead() async { await readers.wait(beyond: 0, until: .seconds(1_000_000), on: store.time) }

  func hints() -> AsyncStream<ChangeHint> {
    let stream = store.hints()
    readers.ring()
    return stream
  }

  func records(_ keys: [TaskKey]) async throws(EngineError) -> [RecordLookup] { try await store.records(keys) }
  func list(_ query: RecordQuery) async throws(EngineError) -> RecordPage { try await store.list(query) }
  func count(_ query: RecordQuery) async throws(EngineError) -> RecordCount { try await store.count(query) }
  func tally(_ query: RecordQuery) async throws(EngineError) -> [RecordTally] { try await store.tally(query) }
  func lastChange() async throws(EngineError) -> ChangeNumber { try await store.lastChange() }
  func changes(after seq: ChangeNumber, tenant: Tenant?, limit: Int) async throws(EngineError) -> ChangePage {
    try await store.changes(after: seq, tenant: tenant, limit: limit)
  }
}

/// Wakes those who wait for tasks, as long as it is there.
final class Waking: Sendable {
  private let task: Task<Void, Never>

  init(_ waiter: RecordWaiter) { task = Task { await waiter.run() } }

  deinit { task.cancel() }
}

/// A cache with lifetimes, a bound and counters, which can be taken away.
final class PocketCache: CacheStore {
  private struct Entry {
    var blob: Blob
    var end: Duration
    var used: Int
  }

  private struct State {
    var entries: [CacheKey: Entry] = [:]
    var figures = CacheFigures()
    var uses = 0
    var isAway = false
    var isOff = false
  }

  private let time: TestTime
  private let state = Mutex(State())

  init(_ time: TestTime) { self.time = time }

  /// Takes the cache away, or brings it back.
  func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }

  /// Switches the cache off: it knows nothing, keeps nothing and counts nothing.
  func switchOff() { state.withLock { $0.isOff = true } }

  var figures: CacheFigures { state.withLock { $0.figures } }

  /// Bytes that are kept.
  var bytes: Int { state.withLock { state in state.entries.values.reduce(0) { $0 + $1.blob.bytes.count } } }

  private func use<Answer: Sendable>(_ body: (inout State) -> Answer) throws(EngineError) -> Answer {
    let answer = state.withLock { $0.isAway ? nil : body(&$0) }
    guard let answer else { throw EngineError(.unavailable, "the cache is away") }
    return answer
  }

  func cached(_ key: CacheKey, counting: Bool) async throws(EngineError) -> Blob? {
    let now = time.uptime
    return try use { state -> [Blob] in
      if state.isOff { return [] }
      guard var entry = state.entries[key], entry.end > now else {
        if counting { state.figures.misses += 1 }
        return []
      }
      if !counting { return [entry.blob] }
      state.uses += 1
      entry.used = state.uses
      state.entries[key] = entry
      state.figures.hits += 1
      return [entry.blob]
    }.first
  }

  func cache(_ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int) async throws(EngineError) {
    let end = time.uptime + lifetime
    try use { state in
      if state.isOff { return }
      state.uses += 1
      state.entries[key] = Entry(blob: blob, end: end, used: state.uses)
      state.figures.sets += 1
      while state.entries.values.reduce(0, { $0 + $1.blob.bytes.count }) > bound,
        let oldest = state.entries.min(by: { $0.value.used < $1.value.used })
      {
        state.entries[oldest.key] = nil
        state.figures.evictions += 1
      }
    }
  }

  func uncache(_ key: CacheKey) async throws(EngineError) -> Bool {
    try use { $0.entries.removeValue(forKey: key) != nil }
  }

  func cacheFigures(of cache: String) async throws(EngineError) -> CacheFigures { try use { $0.figures } }
}

/// Makes documents that say what was ordered, or fails as a test says.
final class ScriptedRenderer: DocumentRenderer {
  private struct State {
    var orders: [DocumentOrder] = []
    var errors: [DocumentError]
  }

  private let state: Mutex<State>
  private let pages: Int
  private let padding: Int
  private let percents: [Int]
  private let duringRender: @Sendable () async -> Void

  /// A renderer whose first calls fail; it tells these percents on its way.
  init(
    failing errors: [DocumentError] = [], pages: Int = 1, padding: Int = 0, percents: [Int] = [10, 30, 90],
    duringRender: @escaping @Sendable () async -> Void = {}
  ) {
    state = Mutex(State(errors: errors))
    self.pages = pages
    self.padding = padding
    self.percents = percents
    self.duringRender = duringRender
  }

  /// What was ordered.
  var orders: [DocumentOrder] { state.withLock { $0.orders } }

  func render(
    _ order: DocumentOrder, resources: ServiceResources, progress: (Int, String) -> Void
  ) async throws(DocumentError) -> RenderedDocument {
    let error = state.withLock { state -> DocumentError? in
      state.orders.append(order)
      return state.errors.isEmpty ? nil : state.errors.removeFirst()
    }
    for percent in percents { progress(percent, "at \(percent)") }
    await duringRender()
    if let error { throw error }
    return RenderedDocument(
      bytes: Array("\(order.format.rawValue) of \(order.data)".utf8) + Array(repeating: 0, count: padding),
      contentType: order.format.contentType,
      filename: order.filename, pages: order.format == .pdf ? pages : nil)
  }
}

/// The platform's side of a running task: progress goes to the store.
final class StorePort: ExecutionPort {
  private let store: MemoryStore
  private let delivery: Delivery

  init(_ store: MemoryStore, _ delivery: Delivery) {
    self.store = store
    self.delivery = delivery
  }

  var stopReason: StopReason? { nil }

  func report(progress: RawJSON) {
    // A worker tells the store later; a test wants to see it at once.
    store.commit { $0.report([ProgressReport(delivery.key, token: delivery.lease.token, value: progress)], at: $1) }
  }

  func log(level: String, _ text: String) {}
  func submit(_ submission: Submission) async throws -> SubmitResult { try await store.submit([submission])[0] }
  func submitWithResult(_ submission: Submission) {}
  func stepResult(_ name: String) async throws -> RawJSON? { nil }
  func save(_ step: StepResult) async throws {}
}
