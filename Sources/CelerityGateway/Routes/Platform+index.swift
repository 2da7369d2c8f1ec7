import CelerityJSON
import CelerityRoutes

extension Platform {
  /// `GET /`
  var index: Route {
    Route(
      .get, "/", operationID: "index", summary: "Name, version and where to begin",
      details: "A page with the same links when `Accept` asks for HTML.", tag: "platform",
      responses: [
        .ok(200, "What this is", "Index"), Route.Response(200, "The page", contentType: "text/html; charset=utf-8"),
      ]
    ) { [version = settings.version] request, environment in
      if request.wantsHTML {
        let (page, html) = StartPage.html(version: version)
        return page.answer(html).varying("Accept")
      }
      var writer = JSONWriter(reservingCapacity: 256)
      writer.beginObject()
      writer.member("name", "celerity")
      writer.member("version", version)
      writer.member("server_id", environment.server.id)
      writer.member(
        "links",
        object: { writer in
          for name in ["tasks", "queues", "workers", "schedules", "dead", "alerts", "kinds"] {
            writer.member(name, "/v1/" + name)
          }
          for name in ["health", "livez", "readyz", "startupz"] { writer.member(name, "/" + name) }
          for name in ["docs", "reference", "problems"] { writer.member(name, "/" + name) }
          writer.member("openapi", "/openapi.json")
        })
      writer.endObject()
      return RouteResponse.json(200, writer.finish()).varying("Accept")
    }
  }
}
