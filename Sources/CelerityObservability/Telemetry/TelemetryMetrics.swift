/// What pipes count of themselves.
public struct TelemetryMetrics: Sendable {
  private let written: Family<Counter>
  private let lost: Family<Counter>
  private let waiting: Family<Gauge>

  /// Makes the metrics of telemetry in a registry; once for all pipes.
  public init(_ registry: MetricsRegistry) {
    written = registry.counter(MetricTable.telemetryWritten)
    lost = registry.counter(MetricTable.telemetryLost)
    waiting = registry.gauge(MetricTable.telemetryWaiting)
  }

  func written(_ writer: String, _ count: Int) { written.with(writer).add(count) }
  func lost(_ writer: String, _ reason: String, _ count: Int) { lost.with(writer, reason).add(count) }
  func waiting(_ writer: String, _ count: Int) { waiting.with(writer).set(Double(count)) }
}
