import CelerityCore
import Synchronization

/// Wakes one waiting loop; rings that come while nobody waits are one ring. Whoever wakes looks at what it waits for
/// again: a ring may come without cause.
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

  /// The same, and at a time at the latest; `nil` is never.
  func wait(until deadline: Duration?, on time: any TimeSource) async {
    guard let deadline else { return await wait() }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait() }
      group.addTask { try? await time.sleep(until: deadline) }
      await group.next()
      group.cancelAll()
    }
  }
}
