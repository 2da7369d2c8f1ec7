import CelerityRoutes
import Testing

extension Route {
  /// A route that is looked for and never called; its operation is named like its declaration, `GET /tasks`.
  static func named(_ declaration: String) -> Route {
    let parts = declaration.split(separator: " ").map(String.init)
    return Route(Method(rawValue: parts[0]) ?? .get, PathTemplate(parts[1]), operationID: declaration, summary: "") {
      (_, _) in RouteResponse(204)
    }
  }
}

@Suite struct RouteTableTests {
  private static let declarations = [
    "GET /", "GET /tasks", "POST /tasks", "GET /tasks/{id}", "DELETE /tasks/{id}", "POST /tasks/{id}:cancel",
    "POST /tasks/{id}:retry", "GET /tasks/{id}/logs", "GET /tasks/stats", "PUT /files/{folder}/{name}",
    "GET /files/public/{name}", "GET /{page}",
  ]

  /// What a look-up found: the route and its parameters, `405` with the methods, or `404`.
  private func find(_ method: String, _ path: String, reversed: Bool = false) throws -> String {
    let routes = Self.declarations.map(Route.named)
    switch try RouteTable(reversed ? routes.reversed() : routes).match(method, path) {
    case .found(let route, let parameters):
      return ([route.operationID] + parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
        .joined(separator: " ")
    case .methodNotAllowed(let allowed): return "405 " + allowed.joined(separator: ",")
    case .notFound: return "404"
    }
  }

  private static let look = [
    // Literals, exactly and case by case.
    ("GET", "/", "GET /"),
    ("GET", "/tasks", "GET /tasks"),
    ("POST", "/tasks", "POST /tasks"),
    ("GET", "/Tasks", "GET /{page} page=Tasks"),
    ("GET", "/tasks/", "404"),
    ("GET", "//tasks", "404"),
    ("GET", "/a/b/c/d", "404"),
    ("GET", "", "404"),
    ("GET", "tasks", "404"),
    ("GET", "x/tasks", "404"),
    ("GET", "http://host/tasks", "404"),
    // Parameters hold one segment that is not empty.
    ("GET", "/tasks/7", "GET /tasks/{id} id=7"),
    ("GET", "/tasks/7/logs", "GET /tasks/{id}/logs id=7"),
    ("GET", "/tasks//logs", "404"),
    ("PUT", "/files/a/b", "PUT /files/{folder}/{name} folder=a name=b"),
    // Literals are more specific than parameters, the earlier segment first.
    ("GET", "/tasks/stats", "GET /tasks/stats"),
    ("DELETE", "/tasks/stats", "405 GET,HEAD"),
    ("GET", "/files/public/b", "GET /files/public/{name} name=b"),
    ("PUT", "/files/public/b", "405 GET,HEAD"),
    // Verbs behind a parameter.
    ("POST", "/tasks/7:cancel", "POST /tasks/{id}:cancel id=7"),
    ("POST", "/tasks/7:retry", "POST /tasks/{id}:retry id=7"),
    ("POST", "/tasks/a:b:cancel", "POST /tasks/{id}:cancel id=a:b"),
    ("POST", "/tasks/7:retry:cancel", "POST /tasks/{id}:cancel id=7:retry"),
    ("GET", "/tasks/7:cancel", "405 POST"),
    ("DELETE", "/tasks/7:cancel", "405 POST"),
    ("GET", "/tasks/7:Cancel", "GET /tasks/{id} id=7:Cancel"),
    ("POST", "/tasks/7:purge", "405 DELETE,GET,HEAD"),
    ("GET", "/tasks/:cancel", "GET /tasks/{id} id=:cancel"),
    // Escapes are resolved once, after the path is cut: an escaped slash or colon is data.
    ("GET", "/%74asks", "GET /tasks"),
    ("GET", "/tasks/a%20b", "GET /tasks/{id} id=a b"),
    ("GET", "/tasks/a+b", "GET /tasks/{id} id=a+b"),
    ("GET", "/tasks/a%2Fb", "GET /tasks/{id} id=a/b"),
    ("GET", "/tasks/7%2Flogs", "GET /tasks/{id} id=7/logs"),
    ("GET", "/tasks%2F7", "GET /{page} page=tasks/7"),
    ("GET", "/tasks/%2541", "GET /tasks/{id} id=%41"),
    ("GET", "/tasks/7%3Acancel", "GET /tasks/{id} id=7:cancel"),
    ("POST", "/tasks/a%3Ab:cancel", "POST /tasks/{id}:cancel id=a:b"),
    ("GET", "/tasks/%E2%82%AC", "GET /tasks/{id} id=€"),
    // What can't be decoded fits nothing.
    ("GET", "/tasks/%00", "404"),
    ("GET", "/tasks/a%00b", "404"),
    ("POST", "/tasks/%00:cancel", "404"),
    ("GET", "/tasks/%", "404"),
    ("GET", "/tasks/%4", "404"),
    ("GET", "/tasks/%GG", "404"),
    ("GET", "/tasks/%FF", "404"),
    // HEAD is GET without a body; it is offered wherever GET is.
    ("HEAD", "/tasks/7", "GET /tasks/{id} id=7"),
    ("HEAD", "/tasks/7:cancel", "405 POST"),
    ("HEAD", "/files/a/b", "405 PUT"),
    // Other methods learn which are possible, each once.
    ("PUT", "/tasks", "405 GET,HEAD,POST"),
    ("OPTIONS", "/tasks/7", "405 DELETE,GET,HEAD"),
    ("PATCH", "/tasks/stats", "405 GET,HEAD"),
    ("PATCH", "/files/public/b", "405 GET,HEAD"),
    ("get", "/tasks", "405 GET,HEAD,POST"),
  ]

  @Test(arguments: look)
  func `A path finds its route, whatever the order of declaration`(
    method: String, path: String, expected: String
  ) throws {
    #expect(try find(method, path) == expected)
    #expect(try find(method, path, reversed: true) == expected)
  }

  @Test func `Two routes of one method and one shape are a conflict, whatever their parameters are called`() {
    let error = #expect(throws: RouteConflict.self) {
      try RouteTable([.named("GET /tasks/{id}"), .named("POST /tasks/{id}"), .named("GET /tasks/{name}")])
    }
    #expect(error?.path == "GET /tasks/{}")
    #expect(Set([error?.first, error?.second]) == ["GET /tasks/{id}", "GET /tasks/{name}"])
    #expect(error?.description.hasSuffix("both answer GET /tasks/{}") == true)
    #expect(throws: RouteConflict.self) { try RouteTable([.named("GET /a"), .named("GET /a")]) }
    #expect(throws: RouteConflict.self) { try RouteTable([.named("POST /{a}:go"), .named("POST /{b}:go")]) }
  }

  @Test func `Other methods, verbs and literals are no conflict`() throws {
    let routes = ["GET /{a}", "POST /{a}", "GET /{a}:go", "GET /{a}:stop", "GET /a", "GET /a/{b}", "GET /{a}/b"]
    #expect(try RouteTable(routes.map(Route.named)).routes.count == routes.count)
  }

  @Test func `An empty table finds nothing`() throws {
    guard case .notFound = try RouteTable([]).match("GET", "/") else {
      Issue.record("something was found")
      return
    }
  }
}
