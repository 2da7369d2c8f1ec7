import CelerityCore
import CelerityTasks
import Logging

/// Extends the leases this worker holds, and learns on the way which are lost and whose tasks were cancelled. Sleeps
/// while it holds none.
struct LeaseKeeper: Sendable {
  let engine: any Engine
  let leases: LeaseTable
  let watchdog: Watchdog
  let lease: Duration
  let heartbeat: Duration
  let time: any TimeSource
  let logger: Logger
  private let bell = Bell()

  init(
    engine: any Engine, leases: LeaseTable, watchdog: Watchdog, lease: Duration, heartbeat: Duration,
    time: any TimeSource, logger: Logger
  ) {
    self.engine = engine
    self.leases = leases
    self.watchdog = watchdog
    self.lease = lease
    self.heartbeat = heartbeat
    self.time = time
    self.logger = logger
  }

  /// Says that there are leases to keep.
  func wake() { bell.ring() }

  /// Beats until cancelled.
  func run() async {
    while !Task.isCancelled {
      if leases.isEmpty { await bell.wait() }
      try? await time.sleep(for: heartbeat)
      await beat()
    }
  }

  private func beat() async {
    let executions = leases.executions
    guard !executions.isEmpty else { return }
    // Counted from before the call: the store counts from some moment during it.
    let end = time.uptime + lease
    do {
      let statuses = try await engine.extend(
        executions.map { LeaseExtension($0.delivery.key, token: $0.token, by: lease) })
      for (execution, status) in zip(executions, statuses) {
        switch status {
        case .held(_, let isCancelRequested):
          execution.extend(until: end)
          if isCancelRequested { watchdog.stop(execution, .cancelled) }
        case .lost:
          watchdog.stop(execution, .leaseLost)
        }
      }
    } catch {
      // Whose lease ends before the store answers again is told so by the watchdog.
      logger.warning("could not extend leases", metadata: ["count": "\(executions.count)", "error": "\(error)"])
    }
  }
}
