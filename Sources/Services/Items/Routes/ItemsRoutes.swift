import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// The service's own HTTP API, with the paths, bodies and errors its documentation promises.
struct ItemsRoutes {
  let connections = Connections()

  var all: [Route] {
    [root, health, list, create, show, replace, change, delete, process, status]
  }

  /// `GET /`, where the service owns the root, and `GET /items`.
  private var root: Route {
    Route(
      .get, "/", operationID: "items_root", summary: "What the service is and where to go on.",
      responses: [.init(200, "The service.", ItemsSchemas.root)], envelope: ItemsEnvelope.envelope
    ) { _, environment in
      .json(
        200,
        .object([
          ("message", .string("Items and background work")), ("version", .string(environment.server.version)),
          ("docs", .string("/docs")), ("health", .string("/health")),
        ]))
    }
  }

  /// `GET /health`, where the service owns the root, and `GET /items/health`.
  private var health: Route {
    Route(
      .get, "/health", operationID: "items_health", summary: "Whether what the service stands on answers.",
      details: """
        The parts have the names that the service's clients know: `mongodb` is where items and the archive are kept, \
        `redis` the cache, `rabbitmq` where tasks wait. One that does not answer within \
        \(Connections.patience.microseconds / 1000) ms is disconnected. The answer is 200 whatever the parts do.
        """,
      responses: [.init(200, "The parts, also when some are disconnected.", ItemsSchemas.health)],
      envelope: ItemsEnvelope.envelope
    ) { [connections] _, environment in
      let parts = await connections.snapshot(environment)
      var writer = JSONWriter(reservingCapacity: 192)
      writer.beginObject()
      writer.member("status", parts.isWhole ? "healthy" : "degraded")
      writer.member("timestamp", environment.time.now.rfc3339)
      writer.member(
        "services",
        object: { writer in
          for (name, isThere) in parts.named { writer.member(name, isThere ? "connected" : "disconnected") }
        })
      writer.endObject()
      return .json(200, writer.finish())
    }
  }

  static func notFound(_ what: String, _ id: String) -> RouteError {
    RouteError(404, "not-found", "there is no \(what) '\(id)'")
  }
}
