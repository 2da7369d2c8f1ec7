public import CelerityCore

/// Where points end up: a file, the log, a database. It is called by one caller, one batch after the other.
public protocol TelemetryWriter: Sendable {
  /// For people and for metrics: `influx`.
  var name: String { get }

  /// Whether it could ever write the point.
  func canWrite(_ point: TelemetryPoint) -> Bool

  /// Writes points that it can write. What was written may be handed over again after a failure: a point with the same name,
  /// tags and time takes the place of the first.
  func write(_ points: [TelemetryPoint]) async -> TelemetryOutcome
}

extension TelemetryWriter {
  public func canWrite(_ point: TelemetryPoint) -> Bool { true }
}

/// What became of a batch.
public enum TelemetryOutcome: Sendable, Hashable {
  case written
  /// Nothing will make it take these points.
  case refused(String)
  /// It may take them later.
  case away(String)
}
