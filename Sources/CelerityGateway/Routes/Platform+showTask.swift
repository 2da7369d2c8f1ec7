import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `GET /v1/tasks/{id}`
  var showTask: Route {
    Route(
      .get, "/v1/tasks/{id}", operationID: "showTask", summary: "All that is known of a task", tag: "tasks",
      scope: .permission("tasks:read"), pathParameters: ["id": .taskID], headers: [.ifNoneMatch],
      responses: [
        .ok(200, "The task", "Task", headers: [.etag]),
        .notModified,
      ] + Route.Response.taskGone
    ) { request, environment in
      let key = try request.taskKey()
      let record = try await environment.tasks.lookUp(key).known(key.id)
      return .tagged(TaskView.json(record), request, by: EntityTag(record))
    }
  }

  /// `GET /v1/tasks/{id}/result`
  var taskResult: Route {
    Route(
      .get, "/v1/tasks/{id}/result", operationID: "taskResult", summary: "A task's result, waiting for it if asked to",
      tag: "tasks", scope: .permission("tasks:read"), pathParameters: ["id": .taskID],
      parameters: [
        Route.Parameter("wait", JSONSchema(.number, minimum: 0, maximum: 30), "Seconds to wait for the end")
      ],
      responses: [
        .ok(200, "It has ended", "TaskResult"),
        .ok(202, "It has not ended yet", "TaskResult", headers: [.retryAfter]), .problem(400, "invalid-parameter"),
      ] + Route.Response.taskGone
    ) { request, environment in
      let key = try request.taskKey()
      let wait = try Self.waitParameter(request)
      let record = try await environment.tasks.record(key, waitingFor: wait, for: request.client).known(key.id)
      let hasEnded = record.state.isTerminal
      return .json(
        hasEnded ? 200 : 202, TaskView.result(record), headers: hasEnded ? [] : [("Retry-After", "1")])
    }
  }

  private static func waitParameter(_ request: RouteRequest) throws(RouteError) -> Duration {
    guard let text = try request.queryValue("wait") else { return .zero }
    // `Double` alone would also take hexadecimal digits, signs and words.
    let isDecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    guard isDecimal, let seconds = Double(text), (0...30).contains(seconds), let wait = Duration(clientSeconds: seconds)
    else {
      throw .invalidParameter("wait", "must be a number of seconds from 0 to 30")
    }
    return wait
  }
}

extension RouteRequest {
  /// The task that the path names.
  func taskKey() throws(RouteError) -> TaskKey {
    guard let id = TaskID(parameters["id"] ?? "") else {
      throw RouteError(404, "unknown-task-id", "an id has at most 255 bytes")
    }
    return TaskKey(id, tenant: tenant)
  }
}

extension RecordLookup {
  /// The record; otherwise 404 for an id nobody knows and 410 for one whose record is gone.
  func known(_ id: TaskID) throws(RouteError) -> TaskRecord {
    switch self {
    case .found(let record): return record
    case .expired: throw RouteError(410, "result-expired", "task \(id) has ended and its record was removed")
    case .unknown: throw RouteError(404, "unknown-task-id", "there is no task \(id)")
    }
  }
}
