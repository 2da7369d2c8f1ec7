import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `POST /v1/tasks/{id}:cancel`
  var cancelTask: Route {
    Route(
      .post, "/v1/tasks/{id}:cancel", operationID: "cancelTask", summary: "Asks a task to end",
      details: """
        One that waits is REVOKED at once. One that runs is told with its worker's next heartbeat and ends when its code \
        looks; until then it keeps its state, and `cancel_requested` is true. Asking again changes nothing.
        """,
      tag: "tasks", scope: .permission("tasks:write"), pathParameters: ["id": .taskID],
      responses: [
        .ok(202, "Revoked, or asked to stop when it runs", "TaskCancellation"), .problem(409, "already-finished"),
      ] + Route.Response.taskGone
    ) { request, environment in
      let key = try request.taskKey()
      let result = try await environment.tasks.engine.cancel([CancelRequest(key)])[0]
      if case .alreadyFinished(let state) = result {
        throw RouteError(409, "already-finished", "task \(key.id) has ended: it is \(state.rawValue)")
      }
      let record = try await environment.tasks.records.records([key])[0].known(key.id)
      return .json(202, TaskView.cancellation(record))
    }
  }
}
