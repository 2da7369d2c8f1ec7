import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `GET /v1/tasks`
  var listTasks: Route {
    Route(
      .get, "/v1/tasks", operationID: "listTasks", summary: "Tasks, newest first", tag: "tasks",
      scope: .permission("tasks:read"),
      parameters: RecordListing.parameters + [
        Route.Parameter(
          "state", JSONSchema(.string, example: .string("PENDING,RETRY")),
          "One of Celery's states, or several with commas")
      ],
      responses: [
        .ok(200, "A page of tasks", "TaskPage", headers: [.link]),
        .problem(400, "invalid-query", "invalid-parameter", "invalid-cursor", "unknown-parameter"),
      ]
    ) { request, environment in
      var listing = try RecordListing(request, time: environment.time)
      try listing.continues(request)
      return listing.response(try await environment.tasks.records.list(listing.query), "tasks", to: request)
    }
  }
}
