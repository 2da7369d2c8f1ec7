public import CelerityCore

/// Tells several sinks.
public struct EachSink: TelemetrySink {
  private let sinks: [any TelemetrySink]

  /// Tells these, in this order.
  public init(_ sinks: [any TelemetrySink]) { self.sinks = sinks }

  public func record(_ point: TelemetryPoint) {
    for sink in sinks { sink.record(point) }
  }
}
