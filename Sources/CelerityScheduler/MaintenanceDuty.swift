import CelerityCore
import Logging

/// Does what time makes due: readies delayed tasks, takes back expired leases, forgets what is past its retention. The
/// store waits for the next due moment, so that nobody polls.
struct MaintenanceDuty: Sendable {
  let engine: any Engine
  let configuration: SchedulerConfiguration
  let time: any TimeSource
  let logger: Logger

  /// How long one call may wait for something to become due.
  private static let longestWait = Duration.seconds(30)
  /// How long a store is left alone that says at once, without waiting, that there was nothing to do.
  private static let idlePause = Duration.seconds(1)
  private static let firstPause = Duration.milliseconds(100)
  private static let longestPause = Duration.seconds(10)

  /// Works until cancelled.
  func run() async {
    var pause = Self.firstPause
    while !Task.isCancelled {
      let start = time.uptime
      do {
        let report = try await engine.maintain(
          MaintenanceRequest(
            retention: configuration.retention, limit: configuration.maintenanceLimit, wait: Self.longestWait))
        pause = Self.firstPause
        log(report)
        if report.didNothing, time.uptime - start < .milliseconds(1) {
          try? await time.sleep(for: min(report.nextDue ?? Self.idlePause, Self.idlePause))
        }
      } catch {
        if Task.isCancelled { return }
        logger.error("maintenance failed", metadata: ["error": "\(error)"])
        try? await time.sleep(for: pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
  }

  private func log(_ report: MaintenanceReport) {
    guard report.reclaimed + report.expired + report.purged > 0 else { return }
    logger.info(
      "maintenance",
      metadata: [
        "reclaimed": "\(report.reclaimed)", "poisoned": "\(report.poisoned)", "expired": "\(report.expired)",
        "purged": "\(report.purged)",
      ])
  }
}

extension MaintenanceReport {
  fileprivate var didNothing: Bool {
    var idle = MaintenanceReport()
    idle.nextDue = nextDue
    return self == idle
  }
}
