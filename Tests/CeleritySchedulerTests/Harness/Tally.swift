import Synchronization

/// Counts what happened and lets a test wait until it has happened often enough: a signal instead of a sleep.
final class Tally: Sendable {
  private struct State {
    var count = 0
    var waiters: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.count } }

  func add() {
    let woken = state.withLock { state in
      state.count += 1
      let woken = state.waiters.filter { $0.count <= state.count }
      state.waiters.removeAll { $0.count <= state.count }
      return woken
    }
    for waiter in woken { waiter.wake.resume() }
  }

  /// Returns when it has happened so often.
  func reach(_ count: Int = 1) async {
    await withCheckedContinuation { continuation in
      let isReached = state.withLock { state in
        if state.count >= count { return true }
        state.waiters.append((count, continuation))
        return false
      }
      if isReached { continuation.resume() }
    }
  }
}
