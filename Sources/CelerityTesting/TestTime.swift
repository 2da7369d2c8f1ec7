public import CelerityCore
import Synchronization

/// Clocks that stand still until a test moves them. Whoever sleeps is woken by the move that reaches its time, and a test
/// can wait until somebody sleeps, so that no test sleeps itself.
public final class TestTime: TimeSource {
  private struct Sleeper {
    var deadline: Duration
    var wake: CheckedContinuation<Void, any Error>
  }

  private struct Watcher {
    var count: Int
    /// The latest moment at which a sleeper that counts is due.
    var horizon: Duration?
    var wake: CheckedContinuation<Void, Never>
  }

  private struct State {
    var now: Timestamp
    var uptime: Duration
    var nextID: UInt64 = 0
    var sleepers: [UInt64: Sleeper] = [:]
    var watchers: [UInt64: Watcher] = [:]

    func hasSleepers(_ count: Int, until horizon: Duration?) -> Bool {
      guard let horizon else { return sleepers.count >= count }
      return sleepers.values.count { $0.deadline <= horizon } >= count
    }
  }

  private let state: Mutex<State>

  /// Clocks at a wall time, 2026-11-21T05:00:00Z unless another is given, and an uptime.
  public init(now: Timestamp = Timestamp(seconds: 1_795_237_200), uptime: Duration = .seconds(1000)) {
    state = Mutex(State(now: now, uptime: uptime))
  }

  public var now: Timestamp { state.withLock { $0.now } }

  public var uptime: Duration { state.withLock { $0.uptime } }

  public func sleep(until uptime: Duration) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in park(id, continuation, until: uptime) }
    } onCancel: {
      let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
      sleeper?.wake.resume(throwing: CancellationError())
    }
  }

  private func park(_ id: UInt64, _ continuation: CheckedContinuation<Void, any Error>, until uptime: Duration) {
    enum Parking {
      case over(isCancelled: Bool)
      case parked([Watcher])
    }
    let parking = state.withLock { state -> Parking in
      if Task.isCancelled || state.uptime >= uptime { return .over(isCancelled: Task.isCancelled) }
      state.sleepers[id] = Sleeper(deadline: uptime, wake: continuation)
      let seen = state.watchers.filter { state.hasSleepers($0.value.count, until: $0.value.horizon) }
      for id in seen.keys { state.watchers[id] = nil }
      return .parked(Array(seen.values))
    }
    switch parking {
    case .over(isCancelled: true): continuation.resume(throwing: CancellationError())
    case .over(isCancelled: false): continuation.resume()
    case .parked(let watchers): for watcher in watchers { watcher.wake.resume() }
    }
  }

  /// How many sleep now.
  public var sleepers: Int { state.withLock { $0.sleepers.count } }

  /// Returns when at least so many sleep, of those that are due within a time if one is given.
  public func waitForSleepers(_ count: Int = 1, dueWithin span: Duration? = nil) async {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state -> Bool in
          let horizon = span.map { state.uptime + $0 }
          if Task.isCancelled || state.hasSleepers(count, until: horizon) { return true }
          state.watchers[id] = Watcher(count: count, horizon: horizon, wake: continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let watcher = state.withLock { $0.watchers.removeValue(forKey: id) }
      watcher?.wake.resume()
    }
  }

  /// Lets time pass on both clocks and wakes those whose time has come.
  public func advance(by duration: Duration) {
    let woken = state.withLock { state -> [Sleeper] in
      state.now = state.now + duration
      state.uptime += duration
      let due = state.sleepers.filter { $0.value.deadline <= state.uptime }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values.sorted { $0.deadline < $1.deadline }
    }
    for sleeper in woken { sleeper.wake.resume() }
  }

  /// Sets the wall clock forward, or back, without time passing.
  public func jump(by duration: Duration) {
    state.withLock { $0.now = $0.now + duration }
  }
}
