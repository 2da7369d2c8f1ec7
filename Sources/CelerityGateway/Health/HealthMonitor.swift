import CelerityCore
import Synchronization

/// Knows whether the parts behind the gateway work, by asking them in the background: whoever asks for the health is
/// answered from memory, however slow a part is.
final class HealthMonitor: Sendable {
  /// The parts as they were last seen.
  struct Snapshot: Sendable, Hashable {
    var isEngineConnected = false
    var workers = 0
    var isShuttingDown = false
    /// When they were asked, on monotone time; `nil` before the first time.
    var checked: Duration?
  }

  /// How often the parts are asked.
  static let interval = Duration.seconds(1)
  private static let firstPause = Duration.milliseconds(25)
  /// An answer older than this counts as none: the part hangs.
  static let staleness = Duration.seconds(5)

  private let presence: any WorkerPresence
  private let time: any TimeSource
  private let state = Mutex(Snapshot())

  init(presence: any WorkerPresence, time: any TimeSource) {
    self.presence = presence
    self.time = time
  }

  /// What is known now.
  var snapshot: Snapshot {
    let now = time.uptime
    return state.withLock { state in
      var seen = state
      if let checked = state.checked, now - checked > Self.staleness {
        seen.isEngineConnected = false
        seen.workers = 0
      }
      return seen
    }
  }

  /// Asks the parts once.
  func refresh() async {
    let workers = try? await presence.workers()
    let now = time.uptime
    state.withLock { state in
      state.isEngineConnected = workers != nil
      state.workers = workers?.count ?? 0
      state.checked = now
    }
  }

  /// Asks again and again until cancelled; soon again while something is missing, because at a start the gateway may be
  /// faster than the workers.
  func run() async {
    var pause = Self.firstPause
    while !Task.isCancelled {
      do { try await time.sleep(for: pause) } catch { return }
      await refresh()
      let isWhole = state.withLock { $0.isEngineConnected && $0.workers > 0 }
      pause = isWhole ? Self.interval : min(pause * 2, Self.interval)
    }
  }

  /// Makes the gateway not ready: it takes no new work.
  func beginShutdown() {
    state.withLock { $0.isShuttingDown = true }
  }
}
