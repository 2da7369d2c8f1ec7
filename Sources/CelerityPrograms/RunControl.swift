import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Who may kill a run, and when: from several threads, but only while its leader's number is its own.
final class RunControl: Sendable {
  /// Why a run is ended before its time.
  enum Ending: Sendable, Hashable {
    case cancelled
    case timedOut
  }

  private struct State {
    var leader: pid_t?
    var ending: Ending?
    var isOver = false
  }

  private let state = Mutex(State())

  /// Why it was ended; `nil` when it ended by itself.
  var ending: Ending? { state.withLock { $0.ending } }

  /// The leader runs; if the end was ordered before, it is killed now.
  func started(_ leader: pid_t) {
    state.withLock { state in
      state.leader = leader
      if state.ending != nil { Self.kill(leader) }
    }
  }

  /// Kills everything at once; only the first reason counts.
  func end(_ ending: Ending) {
    state.withLock { state in
      guard !state.isOver, state.ending == nil else { return }
      state.ending = ending
      if let leader = state.leader { Self.kill(leader) }
    }
  }

  /// The leader has ended and was not waited for yet: kills what is left of its group, for the last time.
  func finish() {
    state.withLock { state in
      state.isOver = true
      if let leader = state.leader { Self.kill(leader) }
    }
  }

  /// Under the lock, so that nothing is killed after `finish`, when the number may be that of others.
  private static func kill(_ leader: pid_t) {
    #if canImport(Glibc)
      _ = Glibc.kill(-leader, SIGKILL)
    #elseif canImport(Musl)
      _ = Musl.kill(-leader, SIGKILL)
    #elseif canImport(Darwin)
      _ = Darwin.kill(-leader, SIGKILL)
    #endif
  }
}
