public import CelerityCore
public import Logging

/// Writes each point as a line of the log, with its tags and fields beside it.
public struct LogWriter: TelemetryWriter {
  private let logger: Logger

  /// A writer to a log.
  public init(_ logger: Logger) { self.logger = logger }

  public var name: String { "log" }

  public func write(_ points: [TelemetryPoint]) async -> TelemetryOutcome {
    for point in points {
      var metadata: Logger.Metadata = ["measurement": "\(point.measurement)", "at": "\(point.time.rfc3339)"]
      for (name, value) in point.tags { metadata[name] = "\(value)" }
      for (name, value) in point.fields {
        switch value {
        case .text(let value): metadata[name] = "\(value)"
        case .integer(let value): metadata[name] = .stringConvertible(Int(value))
        case .number(let value): metadata[name] = .stringConvertible(value)
        case .flag(let value): metadata[name] = .stringConvertible(value)
        }
      }
      logger.info("telemetry", metadata: metadata)
    }
    return .written
  }
}
