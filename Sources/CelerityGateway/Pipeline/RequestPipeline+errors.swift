import CelerityCore
import CelerityRoutes
import Logging

extension RequestPipeline {
  /// The answer to an error, in the form that the route promises.
  func answer(to error: any Error, of exchange: inout Exchange) -> RouteResponse {
    let known = self.error(from: error, in: exchange)
    switch exchange.route?.envelope ?? .problem {
    case .problem where known.status == 404 && exchange.request.wantsHTML && exchange.request.method == "GET":
      return MissingPage.answer(to: known, exchange.request)
    case .problem: return Problem(known, request: exchange.request).response
    case .custom(let envelope): return envelope(known, exchange.request)
    }
  }

  /// An error as a client may see it. What is not foreseen is logged here and hidden there.
  private func error(from error: any Error, in exchange: Exchange) -> RouteError {
    let known = RouteError(foreseen: error)
    // What the store could not do is not the client's fault and worth a line.
    if known == nil || error is EngineError && (known?.status ?? 500) >= 500 { log(error, exchange) }
    return known
      ?? RouteError(500, "internal-error", "something went wrong; it was logged under the trace's id")
  }

  private func log(_ error: any Error, _ exchange: Exchange) {
    logger.error(
      "request failed",
      metadata: [
        "error": "\(error)", "method": "\(exchange.request.method)",
        "operation": "\(exchange.route?.operationID ?? "-")",
        "request_id": "\(exchange.request.requestID)", "trace_id": "\(exchange.request.traceID)",
      ])
  }
}
