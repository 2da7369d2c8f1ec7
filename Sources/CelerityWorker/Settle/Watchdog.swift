import CelerityCore
import CelerityTasks
import Synchronization

/// Holds running attempts to their deadlines: limits of time, the end of a lease that could not be extended, the grace
/// after a word to stop. One sleep for all of them: it goes on to the earliest deadline although that attempt has ended,
/// so that short tasks with long limits cost nothing.
final class Watchdog: Sendable {
  private struct State {
    /// When it looks again; `nil` while it waits for somebody to watch.
    var armed: Duration?
    var isClosed = false
  }

  private let leases: LeaseTable
  private let time: any TimeSource
  private let state = Mutex(State())
  private let bell = Bell()

  init(leases: LeaseTable, time: any TimeSource) {
    self.leases = leases
    self.time = time
  }

  /// Says that an attempt has a deadline.
  func watch(_ deadline: Duration?) {
    guard let deadline else { return }
    let isEarlier = state.withLock { state in
      let isEarlier = state.armed.map { deadline < $0 } ?? true
      if isEarlier { state.armed = deadline }
      return isEarlier
    }
    if isEarlier { bell.ring() }
  }

  /// Tells an attempt to stop and sees to it that this has an end.
  func stop(_ execution: Execution, _ reason: StopReason) {
    execution.stop(reason)
    watch(execution.nextDeadline)
  }

  /// Watches until closed; hands over attempts whose code is to be waited for no longer.
  func run(abandon: (Execution) -> Void) async {
    while !state.withLock({ $0.isClosed }) {
      let now = time.uptime
      for execution in leases.executions where execution.enforce(at: now) { abandon(execution) }
      let next = leases.executions.compactMap(\.nextDeadline).min()
      let deadline = state.withLock { state in
        let armed = state.armed.flatMap { $0 > now ? $0 : nil }
        state.armed = [armed, next].compactMap(\.self).min()
        return state.armed
      }
      await bell.wait(until: deadline, on: time)
    }
  }

  /// Ends `run`.
  func close() {
    state.withLock { $0.isClosed = true }
    bell.ring()
  }
}
