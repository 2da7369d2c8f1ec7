import CelerityCore
import Synchronization

/// Knows whether the parts behind the gateway work, by asking them in the background: whoever asks for the health is
/// answered from memory, however slow a part is.
final class HealthMonitor: Sendable {
  /// The parts as they were last seen.
  struct Snapshot: Sendable, Hashable {
    var isEngineConnected = false
    var workers = 0
    var isShuttingDown = false
    /// When they answered, on monotone time; `nil` before the first time.
    var checked: Duration?
    /// Since when they have been asked without an answer.
    var asked: Duration?
  }

  private struct Waiting {
    var nextID: UInt64 = 0
    var looks: [UInt64: AsyncStream<Void>.Continuation] = [:]
  }

  /// How often the parts are asked although nobody wants to know.
  static let interval = Duration.seconds(20)
  /// What is known is looked up anew when somebody wants to know and it is older than this.
  static let freshness = Duration.milliseconds(500)
  /// A part that has not answered for this long hangs.
  static let patience = Duration.seconds(1)
  /// How long somebody waits for news who wants to know what is, not what was.
  static let wait = Duration.milliseconds(400)
  private static let firstPause = Duration.milliseconds(25)

  private let presence: any WorkerPresence
  private let store: (any RecordReader)?
  private let time: any TimeSource
  private let state = Mutex(Snapshot())
  /// Those who wait for the next look.
  private let waiting = Mutex(Waiting())
  /// Wishes for a refresh; one that waits is enough.
  private let wishes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  /// A monitor of what is announced and, when one is given, of a store's readers.
  init(presence: any WorkerPresence, store: (any RecordReader)? = nil, time: any TimeSource) {
    self.presence = presence
    self.store = store
    self.time = time
  }

  /// What is known now; has it looked up anew, for the next to ask, when it is not fresh.
  var snapshot: Snapshot {
    let now = time.uptime
    if !isFresh(at: now) { wishes.continuation.yield() }
    return state.withLock { state in
      var seen = state
      if let asked = state.asked, now - asked > Self.patience {
        seen.isEngineConnected = false
        seen.workers = 0
      }
      return seen
    }
  }

  /// As `snapshot`, but what is not fresh is looked up before; not for longer than `wait`.
  func recent() async -> Snapshot {
    if isFresh(at: time.uptime) { return snapshot }
    let (looked, look) = AsyncStream.makeStream(of: Void.self)
    let id = waiting.withLock { waiting in
      waiting.nextID += 1
      waiting.looks[waiting.nextID] = look
      return waiting.nextID
    }
    // A part may hang for hours, and every one who asked would stay.
    defer { waiting.withLock { $0.looks[id] = nil } }
    wishes.continuation.yield()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { for await _ in looked {} }
      group.addTask { [time] in try? await time.sleep(for: Self.wait) }
      await group.next()
      group.cancelAll()
    }
    return snapshot
  }

  /// How many wait for the next look.
  var waitingCount: Int { waiting.withLock { $0.looks.count } }

  private func isFresh(at now: Duration) -> Bool {
    state.withLock { $0.checked.map { now - $0 <= Self.freshness } ?? false }
  }

  /// Asks the parts once.
  func refresh() async {
    let begun = time.uptime
    state.withLock { $0.asked = $0.asked ?? begun }
    let workers = await look()
    let now = time.uptime
    state.withLock { state in
      state.asked = nil
      state.isEngineConnected = workers != nil
      state.workers = workers?.count ?? 0
      state.checked = now
    }
    for look in waiting.withLock({ waiting in
      defer { waiting.looks = [:] }
      return waiting.looks.values
    }) { look.finish() }
  }

  /// The workers, when both the announcements and the records can be read. What is asked for is no task; the answer is
  /// what counts.
  private func look() async -> [WorkerInfo]? {
    guard let workers = try? await presence.workers() else { return nil }
    if let store, (try? await store.records([Self.nobody])) == nil { return nil }
    return workers
  }

  private static let nobody = TaskKey(TaskID(stored: "health"))

  /// Asks when somebody wants to know, and now and then, until cancelled.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wishRegularly() }
      for await _ in wishes.stream { await refresh() }
      group.cancelAll()
    }
  }

  /// Soon again while something is missing, because at a start the gateway may be faster than the workers.
  private func wishRegularly() async {
    var pause = Self.firstPause
    while !Task.isCancelled {
      do { try await time.sleep(for: pause) } catch { return }
      await refresh()
      let isWhole = state.withLock { $0.isEngineConnected && $0.workers > 0 }
      pause = isWhole ? Self.interval : min(pause * 2, Self.interval)
    }
  }

  /// Makes the gateway not ready: it takes no new work.
  func beginShutdown() {
    state.withLock { $0.isShuttingDown = true }
  }
}
