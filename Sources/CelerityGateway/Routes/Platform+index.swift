import CelerityJSON
import CelerityRoutes

extension Platform {
  /// `GET /`
  var index: Route {
    Route(
      .get, "/", operationID: "index", summary: "Name, version and where to begin",
      responses: [Route.Response(200, "What this is")]
    ) { [version = settings.version] _, _ in
      var writer = JSONWriter(reservingCapacity: 256)
      writer.beginObject()
      writer.member("name", "celerity")
      writer.member("version", version)
      writer.member(
        "links",
        object: { writer in
          for name in ["tasks", "queues", "workers"] { writer.member(name, "/v1/" + name) }
          for name in ["health", "livez", "readyz", "startupz"] { writer.member(name, "/" + name) }
        })
      writer.endObject()
      return .json(200, writer.finish())
    }
  }

  /// `GET /problems/{code}`
  var problemPage: Route {
    Route(
      .get, "/problems/{code}", operationID: "showProblem", summary: "What a problem's code means",
      responses: [Route.Response(200, "An explanation", contentType: "text/plain")]
    ) { request, _ in
      let code = request.parameters["code"] ?? ""
      guard let kind = ProblemKind[code] else {
        throw RouteError(404, "unknown-problem", "the platform has no problem '\(code)'")
      }
      return .text(200, "\(kind.title)\n\n\(kind.help)\n")
    }
  }
}
