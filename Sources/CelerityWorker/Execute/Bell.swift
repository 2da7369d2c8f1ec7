import Synchronization

/// Wakes one waiting loop; rings that come while nobody waits are one ring.
final class Bell: Sendable {
  private enum State {
    case idle
    case rung
    case waiting(CheckedContinuation<Void, Never>)
  }

  private let state = Mutex(State.idle)

  func ring() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if case .waiting(let continuation) = state {
        state = .idle
        return continuation
      }
      state = .rung
      return nil
    }
    waiter?.resume()
  }

  /// Returns at the next ring, at once when it has rung since, or when cancelled.
  func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isRung = state.withLock { state -> Bool in
          if case .rung = state {
            state = .idle
            return true
          }
          if Task.isCancelled { return true }
          state = .waiting(continuation)
          return false
        }
        if isRung { continuation.resume() }
      }
    } onCancel: {
      ring()
    }
  }
}
