import Synchronization

/// Lets clients wait for tasks without asking a store again and again: one reader of the change feed wakes exactly those
/// whose task changed.
///
/// A hint may be lost, a record never is: each waiter reads the record after it has registered, and all read again when
/// the feed fell behind.
public final class RecordWaiter: Sendable {
  private struct Waiter {
    let id: UInt64
    let wake: CheckedContinuation<Void, Never>
  }

  private struct State {
    var nextID: UInt64 = 0
    var waiters: [TaskKey: [Waiter]] = [:]
    /// Woken before they could wait: hints that came between registration and suspension.
    var changed: [UInt64: TaskKey] = [:]
    var awaited: [TaskKey: Set<UInt64>] = [:]
    var isClosed = false
  }

  private let store: any RecordReader & ChangeFeed
  private let time: any TimeSource
  private let state = Mutex(State())

  /// A waiter on a store; `run()` must be running for anybody to be woken early.
  public init(store: any RecordReader & ChangeFeed, time: any TimeSource = SystemTime()) {
    self.store = store
    self.time = time
  }

  /// Feeds the waiters until cancelled; then wakes all of them.
  public func run() async {
    var batch: Int64?
    for await hint in store.hints() {
      if let last = batch, hint.batch != last + 1 {
        wakeAll()
      } else {
        for change in hint.changes { wake(change.key) }
      }
      batch = hint.batch
    }
    endWaits()
  }

  /// Nobody waits any more, now or later: each gets the record as it stands. Somebody who waits must not hold up the end
  /// of the process.
  public func endWaits() {
    state.withLock { $0.isClosed = true }
    wakeAll()
  }

  /// The record once it satisfies a condition, or as it stands when the time is over. `nil` time waits for ever. A task that
  /// nobody knows is not waited for, unless it is promised: one that will follow others.
  public func wait(
    for key: TaskKey, timeout: Duration?, isPromised: Bool = false,
    until isEnough: @Sendable (TaskRecord) -> Bool = { $0.state.isTerminal }
  ) async throws -> RecordLookup {
    let deadline = timeout.map { time.uptime + $0 }
    while true {
      let ticket = register(key)
      defer { unregister(ticket, key) }
      let lookup: RecordLookup = try await store.records([key])[0]
      if state.withLock({ $0.isClosed }) { return lookup }
      switch lookup {
      case .found(let record): if isEnough(record) { return lookup }
      case .unknown: if !isPromised { return lookup }
      case .expired: return lookup
      }
      if let deadline, time.uptime >= deadline { return lookup }
      try Task.checkCancellation()
      await suspend(ticket, key, until: deadline)
    }
  }

  private func register(_ key: TaskKey) -> UInt64 {
    state.withLock { state in
      state.nextID += 1
      state.awaited[key, default: []].insert(state.nextID)
      return state.nextID
    }
  }

  private func unregister(_ ticket: UInt64, _ key: TaskKey) {
    state.withLock { state in
      state.changed[ticket] = nil
      state.awaited[key]?.remove(ticket)
      if state.awaited[key]?.isEmpty == true { state.awaited[key] = nil }
    }
  }

  private func suspend(_ ticket: UInt64, _ key: TaskKey, until deadline: Duration?) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.parked(ticket, key) }
      if let deadline {
        group.addTask { try? await self.time.sleep(until: deadline) }
      }
      await group.next()
      group.cancelAll()
    }
  }

  private func parked(_ ticket: UInt64, _ key: TaskKey) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isLate = state.withLock { state -> Bool in
          if state.isClosed || Task.isCancelled || state.changed.removeValue(forKey: ticket) != nil { return true }
          state.waiters[key, default: []].append(Waiter(id: ticket, wake: continuation))
          return false
        }
        if isLate { continuation.resume() }
      }
    } onCancel: {
      release(ticket, key)
    }
  }

  private func release(_ ticket: UInt64, _ key: TaskKey) {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiters[key]?.firstIndex(where: { $0.id == ticket }) else {
        // Not parked yet: whoever parks under this ticket must not sleep.
        if state.awaited[key]?.contains(ticket) == true { state.changed[ticket] = key }
        return nil
      }
      let waiter = state.waiters[key]?.remove(at: index)
      if state.waiters[key]?.isEmpty == true { state.waiters[key] = nil }
      return waiter
    }
    waiter?.wake.resume()
  }

  private func wake(_ key: TaskKey) {
    let woken = state.withLock { state -> [Waiter] in
      let parked = state.waiters.removeValue(forKey: key) ?? []
      for ticket in state.awaited[key] ?? [] { state.changed[ticket] = key }
      for waiter in parked { state.changed[waiter.id] = nil }
      return parked
    }
    for waiter in woken { waiter.wake.resume() }
  }

  private func wakeAll() {
    let keys = state.withLock { Array($0.awaited.keys) }
    for key in keys { wake(key) }
  }
}
