import CelerityCore
import CelerityJSON
import CelerityRoutes

extension Platform {
  /// `GET /v1/workers/{name}` and its verbs `:quiet`, `:resume`, `:stop` and `:scale`
  var workerRoutes: [Route] {
    [
      listWorkers, showWorker, scaleWorker,
      order("quiet", .quiet, "Lets a worker finish what it runs and fetch nothing more"),
      order("resume", .resume, "Lets a quiet worker fetch again"),
      order("stop", .stop, "Ends a worker when it has finished what it runs, as a signal would"),
    ]
  }

  private var showWorker: Route {
    Route(
      .get, "/v1/workers/{name}", operationID: "showWorker", summary: "A worker as it describes itself",
      tag: "workers", scope: .permission("workers:read"), pathParameters: ["name": Self.workerName],
      responses: [.ok(200, "The worker", "Worker"), .problem(404, "unknown-worker")]
    ) { request, environment in
      let name = request.parameters["name"] ?? ""
      let workers = try await environment.presence.workers()
      guard let worker = workers.first(where: { $0.name == name }) else { throw Self.unknownWorker(name, workers) }
      return .json(200, WorkerView.json(worker))
    }
  }

  private func order(_ verb: String, _ order: WorkerOrder, _ summary: String) -> Route {
    Route(
      .post, PathTemplate("/v1/workers/{name}:" + verb), operationID: verb + "Worker", summary: summary,
      details: Self.orderDetails, tag: "workers", scope: .permission("workers:write"),
      pathParameters: ["name": Self.workerName],
      responses: [.ok(202, "The worker will be told", "WorkerOrder"), .problem(404, "unknown-worker")]
    ) { request, environment in
      try await Self.give(order, verb, request, environment)
    }
  }

  private var scaleWorker: Route {
    Route(
      .post, "/v1/workers/{name}:scale", operationID: "scaleWorker",
      summary: "Changes how many tasks a worker runs at once",
      details: Self.orderDetails + " Tasks that run in slots beyond the new number are not disturbed.", tag: "workers",
      scope: .permission("workers:write"), pathParameters: ["name": Self.workerName],
      request: JSONSchema(
        .object(
          properties: [
            .init(
              "concurrency",
              JSONSchema(
                .integer, description: "Slots from now on.", minimum: Double(Self.slots.lowerBound),
                maximum: Double(Self.slots.upperBound)))
          ], additional: .refused)),
      requestExample: .object([("concurrency", .integer(4))]),
      responses: [
        .ok(202, "The worker will be told", "WorkerOrder"), .problem(404, "unknown-worker"),
        .problem(422, "invalid-request", "unknown-field"),
      ]
    ) { request, environment in
      var reader = FieldReader(try request.json(), known: ["concurrency"])
      let slots = reader.integer("concurrency", Self.slots)
      if reader.isObject, !reader.has("concurrency") { reader.refuse("concurrency", "is missing") }
      try reader.finish()
      return try await Self.give(.scale(slots ?? 1), "scale", request, environment)
    }
  }
}

extension Platform {
  private static let slots: ClosedRange<Int64> = 1...1024
  private static let orderDetails = """
    An order lives with the worker: one that starts anew knows nothing of it. A worker that is stopped ends with its \
    process; in `celerity dev` that is the whole platform.
    """
  private static let workerName = Route.Parameter(
    "name", JSONSchema(.string, example: .string("celery@host"), minimumLength: 1), "The worker's name, percent-encoded"
  )

  private static func give(
    _ order: WorkerOrder, _ verb: String, _ request: RouteRequest, _ environment: ServiceEnvironment
  ) async throws -> RouteResponse {
    let name = request.parameters["name"] ?? ""
    guard try await environment.orders.order(order, worker: name) else {
      throw unknownWorker(name, try await environment.presence.workers())
    }
    return .json(202, .object([("worker", .string(name)), ("order", .string(verb))]))
  }

  private static func unknownWorker(_ name: String, _ workers: [WorkerInfo]) -> RouteError {
    let guess = closestMatch(to: name, among: workers.map(\.name).sorted())
    return RouteError(
      404, "unknown-worker", "no worker '\(name)' is there now",
      hint: guess.map { "did you mean '\($0)'?" } ?? "GET /v1/workers lists those that are")
  }
}
