import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `POST /v1/tasks/{id}:retry`
  var retryTask: Route {
    Route(
      .post, "/v1/tasks/{id}:retry", operationID: "retryTask",
      summary: "Runs a task again that has ended without success",
      details: """
        The task keeps its id and begins its next generation: retries and crashes are counted anew, its expiry is lifted. \
        It goes to the queue it was in.
        """,
      tag: "tasks", scope: .permission("tasks:write"), pathParameters: ["id": .taskID],
      responses: [.ok(202, "It waits again", "TaskRetry"), .problem(409, "not-retryable")] + Route.Response.taskGone
    ) { request, environment in
      let key = try request.taskKey()
      if case .refused(let state)? = try await environment.tasks.engine.control([.redrive(key)]).first {
        throw RouteError(
          409, "not-retryable", "task \(key.id) is \(state.rawValue); only one that ended without success can run again"
        )
      }
      let record = try await environment.tasks.records.records([key])[0].known(key.id)
      return .json(202, TaskView.retried(record))
    }
  }
}
