import CelerityCore
import CelerityJSON
import CelerityRoutes

extension FinanceRoutes {
  /// `GET /api/v1/health`
  var health: Route {
    Route(
      .get, "/api/v1/health", operationID: "finance_health",
      summary: "Whether the service's parts work, and what waits.",
      details: """
        The names of the parts are those that the service's clients know: `redis` is where records and results are kept, \
        `celery_broker` where tasks wait, `celery_workers` whether somebody takes them. A part that does not answer within \
        a second is disconnected. `queue_stats` counts tasks that have not started, in all queues, by priority; it is null \
        while nobody can tell.
        """,
      responses: [.init(200, "The parts, also when some are disconnected.", FinanceSchemas.health)],
      envelope: FinanceEnvelope.envelope
    ) { [tally, connections] request, environment in
      async let parts = connections.snapshot(environment)
      async let waiting = try? tally.waiting(request.tenant, within: Connections.patience, environment)
      return .json(200, Self.view(await parts, await waiting ?? nil, environment))
    }
  }

  private static func view(
    _ parts: Connections.Snapshot, _ waiting: TaskTally.Counts?, _ environment: ServiceEnvironment
  ) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 320)
    writer.beginObject()
    writer.member("status", parts.isWhole ? "healthy" : "degraded")
    writer.member("version", environment.server.version)
    writer.member("server_id", environment.server.id)
    writer.member("timestamp", environment.time.now.rfc3339)
    writer.member(
      "dependencies",
      object: { writer in
        writer.member("redis", word(parts.isStoreThere))
        writer.member("celery_broker", word(parts.isBrokerThere))
        writer.member("celery_workers", word(parts.hasWorkers))
      })
    writer.member(
      "queue_stats",
      object: { writer in
        for band in PriorityBand.allCases { writer.member(band.rawValue, orNull: waiting?.total([], band)) }
      })
    writer.endObject()
    return writer.finish()
  }

  private static func word(_ isThere: Bool) -> String { isThere ? "connected" : "disconnected" }
}
