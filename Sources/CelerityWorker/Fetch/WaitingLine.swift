import CelerityTasks
import Synchronization

/// Claimed tasks that wait for a slot, first come first served, and how many there may be.
final class WaitingLine: Sendable {
  /// A task that may run.
  struct Place {
    let execution: Execution
    let kind: TaskKind
    /// Since when it waits.
    let since: Duration
  }

  private struct State {
    var ahead: ClaimAhead
    var places: [Place] = []
    var next = 0

    var count: Int { places.count - next }

    mutating func take() -> Place? {
      guard next < places.count else { return nil }
      defer {
        next += 1
        if next == places.count {
          places.removeAll(keepingCapacity: true)
          next = 0
        }
      }
      return places[next]
    }
  }

  /// Rung when somebody waits where nobody did.
  let bell = Bell()
  private let state: Mutex<State>

  init(_ ahead: ClaimAhead) {
    state = Mutex(State(ahead: ahead))
  }

  var isEmpty: Bool { state.withLock { $0.count == 0 } }

  /// Since when the first one waits.
  var oldest: Duration? { state.withLock { $0.count > 0 ? $0.places[$0.next].since : nil } }

  /// How many tasks are worth claiming now. While slots are busy the line is filled up when half of it has gone, so that a
  /// claim is for many.
  func room(slots: Int, free: Int) -> Int {
    state.withLock { state in
      let allowed = state.ahead.allowed(slots: slots)
      return free > state.count || state.count <= allowed / 2 ? max(0, free + allowed - state.count) : 0
    }
  }

  func append(_ execution: Execution, _ kind: TaskKind, at now: Duration) {
    let wasEmpty = state.withLock { state in
      defer { state.places.append(Place(execution: execution, kind: kind, since: now)) }
      return state.count == 0
    }
    if wasEmpty { bell.ring() }
  }

  /// Takes the first out.
  func take() -> Place? { state.withLock { $0.take() } }

  /// Takes all out; `isLate` when they had to wait longer than they should have.
  func takeAll(isLate: Bool = false) -> [Place] {
    state.withLock { state in
      if isLate { state.ahead.noteDelay() }
      defer { (state.places, state.next) = ([], 0) }
      return Array(state.places[state.next...])
    }
  }

  /// A task has ended.
  func note(ran: Duration) { state.withLock { $0.ahead.note(ran: ran) } }
}
