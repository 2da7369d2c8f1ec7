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
      if let page = pageWithoutSlash(exchange.request) { return page }
      throw .notFound(path, hint: closestPath(to: path))
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

  /// Where a page is that was asked for with a slash behind its name; its links would lead elsewhere from there.
  private func pageWithoutSlash(_ request: RouteRequest) -> RouteResponse? {
    guard request.path.hasSuffix("/"),
      case .found(let route, _) = catalog.table.match("GET", String(request.path.dropLast())),
      route.tag == "documentation", let name = route.path.description.split(separator: "/").last
    else { return nil }
    return RouteResponse(308, headers: [("Location", "../\(name)")])
  }

  /// The path that was probably meant: what the request's path has in place of a parameter is taken as it is.
  private func closestPath(to path: String) -> String? {
    let steps = path.split(separator: "/", omittingEmptySubsequences: false)
    guard path.utf8.count <= 128 else { return nil }
    let paths = catalog.entries.flatMap { [$0.alias, $0.route.path].compactMap { $0?.description } }.compactMap {
      template -> String? in
      let parts = template.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == steps.count || !template.contains("{") else { return nil }
      return parts.enumerated().map { index, part in
        String(part.hasPrefix("{") && part.hasSuffix("}") ? steps[index] : part)
      }.joined(separator: "/")
    }
    return closestMatch(to: path, among: paths).flatMap { $0 == path ? nil : $0 }
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
  static func notFound(_ path: String, hint closest: String? = nil) -> RouteError {
    RouteError(
      404, "not-found", "there is nothing at \(path)",
      hint: closest.map { "did you mean \($0)?" } ?? "GET / lists where to begin")
  }
}
