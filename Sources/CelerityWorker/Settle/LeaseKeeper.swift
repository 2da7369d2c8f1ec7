import CelerityCore
import CelerityTasks
import Logging
import Synchronization

/// Extends the leases of what runs here and tells an execution when its lease is lost or it should stop. Sleeps while
/// nothing runs.
final class LeaseKeeper: Sendable {
  private let engine: any Engine
  private let lease: Duration
  private let heartbeat: Duration
  private let time: any TimeSource
  private let logger: Logger
  private let running = Mutex<[Int64: Execution]>([:])
  private let bell = Bell()

  init(engine: any Engine, lease: Duration, heartbeat: Duration, time: any TimeSource, logger: Logger) {
    self.engine = engine
    self.lease = lease
    self.heartbeat = heartbeat
    self.time = time
    self.logger = logger
  }

  var executions: [Execution] { running.withLock { Array($0.values) } }

  func add(_ execution: Execution) {
    let isFirst = running.withLock { running in
      running[execution.delivery.lease.token] = execution
      return running.count == 1
    }
    if isFirst { bell.ring() }
  }

  func remove(token: Int64) {
    _ = running.withLock { $0.removeValue(forKey: token) }
  }

  /// Beats until cancelled.
  func run() async {
    var lastHeld = time.uptime
    while !Task.isCancelled {
      if running.withLock({ $0.isEmpty }) {
        await bell.wait()
        lastHeld = time.uptime
      }
      try? await time.sleep(for: heartbeat)
      let executions = executions
      do {
        try await beat(executions)
        lastHeld = time.uptime
      } catch {
        logger.warning("could not extend leases", metadata: ["count": "\(executions.count)", "error": "\(error)"])
        // Nobody knows whether the leases hold; once they surely do not, nothing may be done under them.
        if time.uptime - lastHeld >= lease { for execution in executions { execution.stop(.leaseLost) } }
      }
    }
  }

  private func beat(_ executions: [Execution]) async throws(EngineError) {
    guard !executions.isEmpty else { return }
    let statuses = try await engine.extend(
      executions.map { LeaseExtension($0.delivery.key, token: $0.delivery.lease.token, by: lease) })
    for (execution, status) in zip(executions, statuses) {
      switch status {
      case .held(_, isCancelRequested: true): execution.stop(.cancelled)
      case .held(_, isCancelRequested: false): break
      case .lost:
        // An execution that settled meanwhile has no lease either and is no longer listed.
        let isRunning = running.withLock { $0[execution.delivery.lease.token] != nil }
        if isRunning { execution.stop(.leaseLost) }
      }
    }
  }
}
