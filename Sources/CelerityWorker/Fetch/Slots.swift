import Synchronization

/// The worker's places: no more tasks run than there are. Their number can change while tasks run: new
/// ones are there at once, one too many goes as soon as its task has ended.
final class Slots: Sendable {
  private struct State {
    var wanted: Int
    var taken = 0

    /// Places that are there: as many as wanted, and those that are still taken.
    var open: Int { max(wanted, taken) }

    /// By how many the open places change with what is done.
    mutating func change(_ body: (inout State) -> Void) -> Int {
      let before = open
      body(&self)
      return open - before
    }
  }

  private let state: Mutex<State>

  init(_ count: Int) {
    state = Mutex(State(wanted: count))
  }

  /// How many there shall be.
  var count: Int { state.withLock { $0.wanted } }

  var taken: Int { state.withLock { $0.taken } }

  var free: Int { state.withLock { max(0, $0.wanted - $0.taken) } }

  /// Takes a place; `false` when none is free.
  func take() -> Bool {
    state.withLock { state in
      guard state.taken < state.wanted else { return false }
      state.taken += 1
      return true
    }
  }

  /// Gives a place back; answers by how many the open ones changed.
  func release() -> Int { state.withLock { $0.change { $0.taken -= 1 } } }

  /// Sets how many there shall be; answers by how many the open ones changed.
  func resize(to count: Int) -> Int { state.withLock { $0.change { $0.wanted = count } } }
}
