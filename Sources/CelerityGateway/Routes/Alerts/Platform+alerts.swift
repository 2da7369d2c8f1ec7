import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  private static let alertLimit = 1000

  /// `GET /v1/alerts`
  var listAlerts: Route {
    Route(
      .get, "/v1/alerts", operationID: "listAlerts", summary: "Alerts, newest first",
      details: """
        What services want people to look at. Each is a text file in `error_reports` of the data directory, too, and is told \
        to the webhook where one is set.
        """,
      tag: "alerts", scope: .permission("alerts:read"),
      parameters: [
        Route.Parameter(
          "kind", JSONSchema(.string, example: .string("Fraud attempt"), maximumLength: 100),
          "Only those of this kind, as it is written"),
        Route.Parameter(
          "limit",
          JSONSchema(.integer, defaultValue: .integer(100), minimum: 1, maximum: Double(Self.alertLimit)),
          "Alerts at most"),
      ],
      responses: [.ok(200, "The alerts", "AlertList"), .problem(400, "invalid-parameter", "invalid-query")]
    ) { request, environment in
      let kind = try request.queryValue("kind")
      let limit = try request.integerParameter("limit", 1...Self.alertLimit) ?? 100
      let alerts = try await environment.resources.alerts.alerts(kind: kind, limit: limit)
      var writer = JSONWriter(reservingCapacity: 1024)
      writer.beginObject()
      writer.member("alerts", array: { writer in for alert in alerts { Self.write(alert, to: &writer) } })
      writer.endObject()
      return .json(200, writer.finish())
    }
  }

  private static func write(_ alert: Alert, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("kind", alert.kind)
    writer.member("description", alert.description)
    writer.member("service", alert.service)
    writer.member("task_id", orNull: alert.task?.text)
    writer.member("time", alert.time.rfc3339)
    writer.endObject()
  }
}
