import CelerityCore
import CelerityRoutes

extension Platform {
  /// `GET /metrics`, when somebody counts.
  var metricsRoutes: [Route] {
    guard let metrics else { return [] }
    let offers = Self.metricsForms.map(\.offer)
    return [
      Route(
        .get, "/metrics", operationID: "metrics", summary: "How much is done, how long it takes and what waits",
        details: """
          JSON by default; Prometheus's text when `Accept` asks for `text/plain`, OpenMetrics when it asks for \
          `application/openmetrics-text`, as Prometheus does by itself. At most a second old.
          """,
        tag: "health",
        headers: [Route.Parameter("Accept", JSONSchema(.string), "The form that is wanted")],
        responses: [
          .ok(200, "The metrics", "Metrics"),
          Route.Response(200, "The metrics", JSONSchema(.string), contentType: "text/plain"),
          Route.Response(200, "The metrics", JSONSchema(.string), contentType: "application/openmetrics-text"),
        ]
      ) { request, _ in
        let form = Self.metricsForms[AcceptField(request.headers["accept"]).best(of: offers)]
        let rendered = await metrics.render(form)
        return RouteResponse(
          200, headers: [("Vary", "Accept")], body: .bytes(rendered.bytes, contentType: rendered.contentType))
      }
    ]
  }

  private static let metricsForms: [MetricsForm] = [.json, .openMetrics, .prometheus]
}

extension MetricsForm {
  fileprivate var offer: AcceptField.Offer {
    switch self {
    case .json: AcceptField.Offer(mediaType: "application/json")
    case .prometheus: AcceptField.Offer(mediaType: "text/plain", version: "0.0.4")
    case .openMetrics: AcceptField.Offer(mediaType: "application/openmetrics-text", version: "1.0.0")
    }
  }
}
