import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `POST /v1/tasks/{id}:cancel`
  var cancelTask: Route {
    Route(
      .post, "/v1/tasks/{id}:cancel", operationID: "cancelTask", summary: "Asks a task to end",
      scope: .permission("tasks:write"),
      responses: [
        Route.Response(202, "Revoked, or asked to stop when it runs"), Route.Response(404, "No such task"),
        Route.Response(409, "It has ended already"), Route.Response(410, "Its retention is over"),
      ]
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
