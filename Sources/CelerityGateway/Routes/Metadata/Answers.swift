import CelerityCore
import CelerityJSON
import CelerityRoutes

extension Route.Response {
  /// An answer whose body is a shared schema.
  static func ok(
    _ status: Int = 200, _ description: String, _ component: String, headers: [Route.Parameter] = []
  ) -> Route.Response {
    Route.Response(status, description, .component(component), headers: headers)
  }

  /// A problem of `/v1`, with the codes it can have.
  static func problem(_ status: Int, _ codes: String..., headers: [Route.Parameter] = []) -> Route.Response {
    let titles = codes.map { code in "`\(code)`: " + (ProblemKind[code]?.title ?? code) }
    return Route.Response(
      status, titles.joined(separator: "; "), .component("Problem"), contentType: Problem.contentType, headers: headers)
  }

  /// The client has it already.
  static let notModified = Route.Response(304, "Not changed since the ETag given", headers: [.etag])

  /// What every route that names a task can answer.
  static let taskGone: [Route.Response] = [.problem(404, "unknown-task-id"), .problem(410, "result-expired")]
}

extension Route {
  /// The same route with the refusals that any route of the platform can answer, where it does not name them itself.
  /// What is refused before a route is asked (hosts, proxies, expectations, faults of our own) is told once for all.
  func withCommonRefusals() -> Route {
    var route = self
    for refusal in commonRefusals
    where !responses.contains(where: { $0.status == refusal.status }) {
      route.responses.append(refusal)
    }
    route.responses.sort { $0.status < $1.status }
    return route
  }

  private var commonRefusals: [Response] {
    var refusals: [Response] = [
      .problem(400, "invalid-path", "invalid-query", "unknown-parameter", "too-many-parameters"),
      .problem(503, "engine-unavailable", "shutting-down", headers: [.retryAfter]),
    ]
    if method != .get {
      refusals += [.problem(413, "payload-too-large"), .problem(415, "unsupported-media-type", "unsupported-encoding")]
    }
    if request != nil { refusals.append(.problem(422, "invalid-request", "unknown-field")) }
    return refusals
  }
}
