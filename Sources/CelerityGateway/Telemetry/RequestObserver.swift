import CelerityCore
import CelerityRoutes
import HTTPTypes
import HummingbirdCore
import Logging

/// Tells the log and the metrics of requests that are over.
struct RequestObserver: Sendable {
  /// Asked every few seconds by machines: a line for each would bury all others.
  private static let quiet: Set<String> = ["/health", "/healthz", "/livez", "/readyz", "/startupz"]

  let logs: Bool
  let telemetry: (any GatewayTelemetry)?
  let time: any TimeSource
  let logger: Logger

  /// A request was answered; `isWhole` is false when its client left before.
  func ended(_ answer: ServedAnswer, isWhole: Bool) {
    guard logs || telemetry != nil else { return }
    let served = ServedRequest(
      route: answer.route?.path.description, method: answer.request.method,
      status: Int(answer.response.status.code), duration: time.uptime - answer.arrived, bytes: answer.bytes,
      isStream: answer.streamed != nil)
    telemetry?.requestEnded(served)
    let isClientGone = !isWhole || answer.request.client?.wasMissed == true
    if logs { log(served, answer.request, answer.route?.operationID, isClientGone) }
  }

  /// What a client sent was no request and was refused before any route saw it.
  func refused(_ request: RouteRequest, status: Int, after duration: Duration, bytes: Int) {
    guard logs || telemetry != nil else { return }
    let served = ServedRequest(
      route: nil, method: "-", status: status, duration: duration, bytes: bytes, isStream: false)
    telemetry?.requestEnded(served)
    if logs { log(served, request, nil, false) }
  }

  /// The route's template and not the path, no query, no field but the ids: what clients send there may be secret.
  private func log(
    _ served: ServedRequest, _ request: RouteRequest, _ operation: String?, _ isClientGone: Bool
  ) {
    if let route = served.route, Self.quiet.contains(route) { return }
    var metadata: Logger.Metadata = [
      "method": "\(served.method)", "path": "\(served.route ?? "-")",
      "operation": "\(operation ?? "-")", "status": .stringConvertible(served.status),
      "ms": .stringConvertible((served.duration.inSeconds * 1_000_000).rounded() / 1000),
      "bytes": .stringConvertible(served.bytes), "request_id": "\(request.requestID)",
      "trace_id": "\(request.traceID)", "peer": "\(request.peer ?? "-")",
    ]
    if isClientGone { metadata["client_gone"] = "true" }
    logger.info(isClientGone ? "request, whose client left" : "request", metadata: metadata)
  }
}
