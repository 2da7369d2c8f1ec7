import Synchronization

/// Tells whoever asks which port was bound, once it is known or known to fail.
final class PortAnnouncement: Sendable {
  private enum State {
    case pending([CheckedContinuation<Result<Int, GatewayError>, Never>])
    case decided(Result<Int, GatewayError>)
  }

  private let state = Mutex(State.pending([]))

  /// The outcome; suspends until there is one.
  var outcome: Result<Int, GatewayError> {
    get async {
      await withCheckedContinuation { continuation in
        let known = state.withLock { state -> Result<Int, GatewayError>? in
          switch state {
          case .decided(let outcome): return outcome
          case .pending(let waiting):
            state = .pending(waiting + [continuation])
            return nil
          }
        }
        if let known { continuation.resume(returning: known) }
      }
    }
  }

  /// Decides the outcome; only the first decision counts.
  func decide(_ outcome: Result<Int, GatewayError>) {
    let waiting = state.withLock { state -> [CheckedContinuation<Result<Int, GatewayError>, Never>] in
      guard case .pending(let waiting) = state else { return [] }
      state = .decided(outcome)
      return waiting
    }
    for continuation in waiting { continuation.resume(returning: outcome) }
  }
}
