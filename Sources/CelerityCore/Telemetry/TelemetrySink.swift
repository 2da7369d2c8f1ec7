/// Takes what is worth watching: measurements and happenings with a time. Nothing ever waits for it, and nothing fails
/// because of it: a sink buffers up to a bound, and counts what it had to drop.
public protocol TelemetrySink: Sendable {
  /// Takes a point; returns at once.
  func record(_ point: TelemetryPoint)
}

/// One point of a time series, in the terms of InfluxDB's line protocol
/// (https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/).
public struct TelemetryPoint: Sendable, Hashable {
  /// What a field can be.
  public enum Value: Sendable, Hashable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case flag(Bool)
  }

  /// What is measured: `task_iteration`.
  public var measurement: String
  /// What points are found by; few values each.
  public var tags: [String: String]
  /// What is measured; at least one.
  public var fields: [String: Value]
  public var time: Timestamp

  /// A point.
  public init(_ measurement: String, tags: [String: String] = [:], fields: [String: Value], time: Timestamp) {
    self.measurement = measurement
    self.tags = tags
    self.fields = fields
    self.time = time
  }
}

/// Drops everything, for places where nobody watches.
public struct DiscardedTelemetry: TelemetrySink {
  /// A sink that drops everything.
  public init() {}

  public func record(_ point: TelemetryPoint) {}
}
