import CelerityRoutes

/// All routes of a gateway and who owns each.
///
/// A service's routes are mounted under `/{service}`; where a path belongs to one service alone and the platform does not
/// own it, also without the prefix.
struct RouteCatalog: Sendable {
  /// First segments the platform keeps for itself.
  static let reserved: Set<String> = [
    "", "assets", "docs", "favicon.ico", "health", "healthz", "livez", "metrics", "openapi.json", "problems", "readyz",
    "reference",
    "startupz", "ui", "v1",
  ]
  /// What the platform keeps also from a service that owns the root.
  static let alwaysReserved: Set<String> = [
    "assets", "healthz", "livez", "problems", "readyz", "reference", "startupz", "ui", "v1",
  ]
  /// Services that own a first segment even where others use it too.
  static let owners = ["tasks": "finance"]

  /// A route as it was declared, where it is mounted.
  struct Entry: Sendable {
    /// The route at the path it always has; for a service's that is the one with the prefix, which no other service can
    /// take from it.
    var route: Route
    /// The service it belongs to; `nil` for the platform's.
    var service: String?
    /// The path without the prefix, where it is mounted there too.
    var alias: PathTemplate?
  }

  let table: RouteTable
  /// Every route once, in the order of declaration, the platform's first.
  let entries: [Entry]
  private let platform: Set<String>

  init(
    platform: [Route], services: [(name: String, routes: [Route])], rootService: String? = nil
  ) throws(RouteConflict) {
    var entries: [Entry] = []
    var mounted = services.flatMap { service in
      service.routes.map { $0.mounted(at: $0.path.prefixed("/" + service.name)) }
    }
    var taken = Set(mounted.map(\.path.shape))
    let claims = Self.claims(services)
    for (name, routes) in services {
      let reserved = name == rootService ? Self.alwaysReserved : Self.reserved
      let free = routes.filter { route in
        let isOwner = (claims[route.path.shape] ?? []) == [name]
        return isOwner && !reserved.contains(route.path.firstSegment) && !taken.contains(route.path.shape)
      }
      mounted += free
      taken.formUnion(free.map(\.path.shape))
      let aliases = Set(free.map(Self.key))
      entries += routes.map { route in
        Entry(
          route: route.mounted(at: route.path.prefixed("/" + name)), service: name,
          alias: aliases.contains(Self.key(route)) ? route.path : nil)
      }
    }
    let own = platform.filter { !taken.contains($0.path.shape) }
    table = try RouteTable(own + mounted)
    self.entries = own.map { Entry(route: $0) } + entries
    self.platform = Set(own.map(Self.key))
  }

  /// Whether a route is the platform's own, which is stricter than services are.
  func isPlatform(_ route: Route) -> Bool { platform.contains(Self.key(route)) }

  /// Which services want each path.
  private static func claims(_ services: [(name: String, routes: [Route])]) -> [String: Set<String>] {
    var claims: [String: Set<String>] = [:]
    for (name, routes) in services {
      for route in routes { claims[route.path.shape, default: []].insert(name) }
    }
    for (name, routes) in services {
      for route in routes where owners[route.path.firstSegment] == name { claims[route.path.shape] = [name] }
    }
    return claims
  }

  private static func key(_ route: Route) -> String { "\(route.method.rawValue) \(route.path)" }
}

extension Route {
  /// The same route with a body no longer than a limit.
  func limited(to bytes: Int) -> Route {
    var route = self
    route.maximumBodyBytes = min(maximumBodyBytes, bytes)
    return route
  }

  /// The same route at another path.
  fileprivate func mounted(at path: PathTemplate) -> Route {
    var route = self
    route.path = path
    return route
  }
}
