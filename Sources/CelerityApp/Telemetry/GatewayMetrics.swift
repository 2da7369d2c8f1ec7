import CelerityCore
import CelerityGateway
import CelerityObservability

/// Counts what a gateway tells of requests, under the names of the table of metrics.
struct GatewayMetrics: GatewayTelemetry {
  /// Methods that have a series of their own; a client can invent others.
  private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

  private let requests: Family<Counter>
  private let seconds: Family<Histogram>

  /// Makes the metrics of requests in a registry.
  init(_ registry: MetricsRegistry) {
    requests = registry.counter(MetricTable.httpRequests)
    seconds = registry.histogram(MetricTable.httpSeconds)
  }

  func requestEnded(_ request: ServedRequest) {
    let route = request.route ?? "none"
    let method = Self.methods.contains(request.method) ? request.method : "other"
    requests.with(route, method, "\(request.status / 100)xx").add()
    // How long somebody liked to listen says nothing about the gateway.
    if !request.isStream { seconds.with(route, method).observe(request.duration.inSeconds) }
  }
}
