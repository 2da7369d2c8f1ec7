import CelerityJSON
import CelerityRoutes

extension Platform {
  /// `GET /`
  var index: Route {
    Route(
      .get, "/", operationID: "index", summary: "Name, version and where to begin",
      tag: "platform",
      responses: [.ok(200, "What this is", "Index")]
    ) { [version = settings.version] _, environment in
      var writer = JSONWriter(reservingCapacity: 256)
      writer.beginObject()
      writer.member("name", "celerity")
      writer.member("version", version)
      writer.member("server_id", environment.server.id)
      writer.member(
        "links",
        object: { writer in
          for name in ["tasks", "queues", "workers", "schedules", "dead", "kinds"] {
            writer.member(name, "/v1/" + name)
          }
          for name in ["health", "livez", "readyz", "startupz"] { writer.member(name, "/" + name) }
          for name in ["docs", "reference", "problems"] { writer.member(name, "/" + name) }
          writer.member("openapi", "/openapi.json")
        })
      writer.endObject()
      return .json(200, writer.finish())
    }
  }
}
