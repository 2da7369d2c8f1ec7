import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `GET /v1/dead`, `GET /v1/dead/{id}` and their verbs `:redrive` and `:discard`, for one and for many
  var deadRoutes: [Route] { [listDead, showDead, redriveDead, discardDead, redriveMany, discardMany] }

  private var listDead: Route {
    Route(
      .get, "/v1/dead", operationID: "listDead", summary: "Dead letters, newest first",
      details: """
        Tasks that were given up: those that failed for good, were rejected, killed their process again and again, or \
        expired before they started. They are kept until their retention is over.
        """,
      tag: "dead", scope: .permission("tasks:read"),
      parameters: RecordListing.parameters + [
        Route.Parameter(
          "reason", JSONSchema(.string, values: DeadReason.allCases.map { .string($0.rawValue) }),
          "Why it was given up")
      ],
      responses: [
        .ok(200, "A page of dead letters", "DeadPage", headers: [.link]),
        .problem(400, "invalid-query", "invalid-parameter", "invalid-cursor", "unknown-parameter"),
      ]
    ) { request, environment in
      var listing = try RecordListing(request, time: environment.time)
      listing.query.isDeadLetter = true
      if let word = try request.queryValue("reason") {
        let reason = try DeadReason(word)
        listing.query.filter = try reason.filter(and: listing.search, environment.time)
        listing.search = "\(reason.rawValue) \(listing.search ?? "")"
      }
      try listing.continues(request)
      return listing.response(try await environment.tasks.records.list(listing.query), "dead", to: request)
    }
  }

  private var showDead: Route {
    Route(
      .get, "/v1/dead/{id}", operationID: "showDead", summary: "A dead letter", tag: "dead",
      scope: .permission("tasks:read"), pathParameters: ["id": .taskID], headers: [.ifNoneMatch],
      responses: [
        .ok(200, "The task", "Task", headers: [.etag]), .notModified, .problem(404, "unknown-task-id", "not-dead"),
        .problem(410, "result-expired"),
      ]
    ) { request, environment in
      let key = try request.taskKey()
      let record = try await environment.tasks.records.records([key])[0].known(key.id)
      guard record.isDeadLetter else { throw RouteError.notDead(record, 404) }
      return .tagged(TaskView.json(record), request, by: EntityTag(record))
    }
  }

  private var redriveDead: Route {
    Route(
      .post, "/v1/dead/{id}:redrive", operationID: "redriveDead", summary: "Runs a dead letter again",
      details: "The same as `POST /v1/tasks/{id}:retry`, but only for dead letters.", tag: "dead",
      scope: .permission("tasks:write"), pathParameters: ["id": .taskID],
      responses: [.ok(202, "It waits again", "TaskRetry"), .problem(409, "not-dead")] + Route.Response.taskGone
    ) { request, environment in
      let key = try request.taskKey()
      try await Self.act(.redrive(key), on: key, environment)
      return .json(202, TaskView.retried(try await environment.tasks.records.records([key])[0].known(key.id)))
    }
  }

  private var discardDead: Route {
    Route(
      .post, "/v1/dead/{id}:discard", operationID: "discardDead", summary: "Forgets a dead letter",
      details: "Nothing is left of it; its id may be used again.", tag: "dead", scope: .permission("tasks:write"),
      pathParameters: ["id": .taskID],
      responses: [.ok(200, "It is gone", "DeadDiscard"), .problem(409, "not-dead")] + Route.Response.taskGone
    ) { request, environment in
      let key = try request.taskKey()
      try await Self.act(.discard(key), on: key, environment)
      return .json(200, .object([("id", .string(key.id.text)), ("discarded", .true)]))
    }
  }

  /// Acts on a dead letter; throws 409 for another task.
  private static func act(
    _ command: ControlCommand, on key: TaskKey, _ environment: ServiceEnvironment
  ) async throws {
    let record = try await environment.tasks.records.records([key])[0].known(key.id)
    guard record.isDeadLetter else { throw RouteError.notDead(record, 409) }
    switch try await environment.tasks.engine.control([command]).first {
    case .done?: return
    // Somebody was faster.
    case .refused(let state)?:
      throw RouteError(409, "not-dead", "task \(key.id) is no dead letter any more: it is \(state.rawValue)")
    case .unknown?, nil: throw RouteError(404, "unknown-task-id", "there is no task \(key.id) any more")
    }
  }
}

extension RouteError {
  /// The task is there and no dead letter.
  static func notDead(_ record: TaskRecord, _ status: Int) -> RouteError {
    RouteError(
      status, "not-dead", "task \(record.message.id) is no dead letter: it is \(record.state.rawValue)",
      hint: "GET \(TaskView.path(of: record.message.id)) shows it")
  }
}
