/// Writes the metrics of the process for `GET /metrics`.
public protocol MetricsRenderer: Sendable {
  /// The metrics as they are now, or were within the last second.
  func render(_ form: MetricsForm) async -> RenderedMetrics
}

/// How metrics are written.
public enum MetricsForm: Sendable, Hashable, CaseIterable {
  case json
  /// Prometheus's text format, version 0.0.4.
  case prometheus
  /// OpenMetrics 1.0.
  case openMetrics
}

/// Metrics on their way out.
public struct RenderedMetrics: Sendable, Hashable {
  public var contentType: String
  public var bytes: [UInt8]

  /// Metrics in a form.
  public init(contentType: String, bytes: [UInt8]) {
    self.contentType = contentType
    self.bytes = bytes
  }
}
