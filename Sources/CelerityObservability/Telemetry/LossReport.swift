import CelerityCore
import Logging

/// What the log is told of a pipe: that its writer is away and back, and at most once a minute what was lost.
struct LossReport {
  static let interval = Duration.seconds(60)
  let time: any TimeSource
  let logger: Logger
  let writer: String
  private var isOut = false
  private var quietUntil: Duration?
  private var sum: [TelemetryPipe.Loss: Int] = [:]

  init(time: any TimeSource, logger: Logger, writer: String) {
    self.time = time
    self.logger = logger
    self.writer = writer
  }

  mutating func isAway(_ reason: String) {
    if !isOut {
      logger.warning("telemetry waits", metadata: ["writer": "\(writer)", "reason": "\(reason)"])
    }
    isOut = true
  }

  mutating func isBack() {
    if isOut { logger.notice("telemetry is written again", metadata: ["writer": "\(writer)"]) }
    isOut = false
  }

  private var refusal: String?

  mutating func isRefused(_ reason: String) { refusal = reason }

  mutating func tell(_ losses: [TelemetryPipe.Loss: Int], waiting: Int, isLast: Bool = false) {
    sum.merge(losses, uniquingKeysWith: +)
    guard !sum.isEmpty, isLast || quietUntil.map({ time.uptime >= $0 }) ?? true else { return }
    quietUntil = time.uptime + Self.interval
    var metadata: Logger.Metadata = ["writer": "\(writer)", "waiting": .stringConvertible(waiting)]
    for (loss, count) in sum { metadata[loss.rawValue] = .stringConvertible(count) }
    if let refusal { metadata["reason"] = "\(refusal)" }
    logger.warning("telemetry was lost", metadata: metadata)
    sum = [:]
    refusal = nil
  }
}
