import Synchronization

/// How long commands wait for a server that is away: each for itself as the configuration says; when the process is about to
/// end, all together no longer than a budget.
final class Patience: Sendable {
  typealias Instant = ContinuousClock.Instant

  private struct State {
    /// What all waits may take together; `nil` while each has its own time.
    var budget: Duration?
    /// When the budget is used up: counted from the first command that is not answered.
    var end: Instant?
  }

  /// What a command may take when the budget is used up: long enough for one look whether the server is there again.
  private static let lastLook = Duration.milliseconds(250)

  private let usual: Duration
  private let state = Mutex(State())

  init(_ usual: Duration) { self.usual = usual }

  /// From now on all waits share a budget.
  func limit(to budget: Duration) { state.withLock { $0.budget = min($0.budget ?? budget, budget) } }

  /// Until when a command that is sent now waits for a connection; and whether that is for its reply too.
  func deadline() -> (end: Instant, isShared: Bool) {
    let now = ContinuousClock.now
    return state.withLock { state in
      guard let budget = state.budget else { return (now + usual, false) }
      let end = state.end ?? now + budget
      state.end = end
      return (min(now + usual, max(end, now + Self.lastLook)), true)
    }
  }

  /// The shared end, if there is one, for who waits already.
  var sharedEnd: Instant? { state.withLock { $0.end } }

  /// The server answers.
  func renew() { state.withLock { $0.end = nil } }
}
