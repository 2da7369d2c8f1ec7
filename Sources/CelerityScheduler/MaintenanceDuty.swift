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

  /// Works until cancelled.
  func run() async {
    var pause = Duration.milliseconds(100)
    while !Task.isCancelled {
      do {
        let report = try await engine.maintain(
          MaintenanceRequest(
            retention: configuration.retention, limit: configuration.maintenanceLimit, wait: Self.longestWait))
        pause = .milliseconds(100)
        log(report)
      } catch {
        logger.error("maintenance failed", metadata: ["error": "\(error)"])
        try? await time.sleep(for: pause)
        pause = min(pause * 2, .seconds(10))
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
