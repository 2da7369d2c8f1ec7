import CelerityCore
import CelerityRoutes
import HTTPTypes

extension RequestPipeline {
  /// Finds the route; answers at once where there is nothing to be called.
  func match(_ exchange: inout Exchange) throws(RouteError) -> RouteResponse? {
    guard (exchange.head.path ?? "").utf8.count <= settings.limits.maximumTargetBytes else {
      throw RouteError(
        414, "uri-too-long", "the request's target is longer than \(settings.limits.maximumTargetBytes) bytes")
    }
    // The library keeps it apart from the other fields. Pages show calls that lead back to where they were asked for.
    exchange.request.headers["host"] = exchange.head.authority
    let path = exchange.request.path
    if path == "*", exchange.request.method == "OPTIONS" { return Self.options(Route.Method.allCases.map(\.rawValue)) }
    try PathText.check(path)
    switch catalog.table.match(exchange.request.method, path) {
    case .notFound:
      throw .notFound(path)
    case .methodNotAllowed(let allowed) where exchange.request.method == "OPTIONS":
      return Self.options(allowed)
    case .methodNotAllowed(let allowed):
      let list = (allowed + ["OPTIONS"]).joined(separator: ", ")
      throw RouteError(
        405, "method-not-allowed", "\(exchange.request.method) is not possible here", hint: "possible: \(list)",
        headers: [("Allow", list)])
    case .found(let route, let parameters):
      exchange.route = route
      exchange.isPlatform = catalog.isPlatform(route)
      exchange.request.parameters = parameters
      exchange.request.query = try QueryText.pairs(
        exchange.rawQuery ?? "", limit: settings.limits.maximumQueryParameters)
      if exchange.isPlatform { try Self.check(exchange.request.query, against: route.parameters) }
      return nil
    }
  }

  private static func options(_ allowed: [String]) -> RouteResponse {
    RouteResponse(204, headers: [("Allow", (allowed + ["OPTIONS"]).joined(separator: ", "))])
  }

  private static func check(
    _ query: [(name: String, value: String)], against known: [Route.Parameter]
  ) throws(RouteError) {
    for (name, _) in query where !known.contains(where: { $0.name == name }) {
      let guess = closestMatch(to: name, among: known.map(\.name))
      throw RouteError(
        400, "unknown-parameter", "there is no query parameter '\(name)' here",
        hint: guess.map { "did you mean '\($0)'?" })
    }
  }
}

extension RouteError {
  /// Nothing has this path.
  static func notFound(_ path: String) -> RouteError {
    RouteError(404, "not-found", "there is nothing at \(path)", hint: "GET / lists where to begin")
  }
}
