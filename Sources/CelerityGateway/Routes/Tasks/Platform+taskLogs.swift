import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `GET /v1/tasks/{id}/logs`
  var taskLogs: Route {
    Route(
      .get, "/v1/tasks/{id}/logs", operationID: "taskLogs", summary: "What a task has logged, oldest line first",
      details: "A task keeps its newest 1,000 lines. Ask again with `after=next_after` for what was logged meanwhile.",
      tag: "tasks", scope: .permission("tasks:read"), pathParameters: ["id": .taskID],
      parameters: [
        Route.Parameter(
          "after", JSONSchema(.integer, defaultValue: .integer(0), minimum: 0), "Only lines behind this number"),
        Route.Parameter(
          "limit", JSONSchema(.integer, defaultValue: .integer(100), minimum: 1, maximum: 1000), "Lines at most"),
      ],
      responses: [.ok(200, "Lines of all attempts", "TaskLogs"), .problem(400, "invalid-parameter")]
        + Route.Response.taskGone
    ) { request, environment in
      let key = try request.taskKey()
      let after = Int64(try request.integerParameter("after", 0...Int.max) ?? 0)
      let limit = try request.integerParameter("limit", 1...1000) ?? 100
      let lines = try await environment.progress.logs(of: key, after: after, limit: limit)
      // A task without lines may be one that nobody knows.
      if lines.isEmpty { _ = try await environment.tasks.records.records([key])[0].known(key.id) }
      var writer = JSONWriter(reservingCapacity: 256)
      writer.beginObject()
      writer.member("lines", array: { writer in for line in lines { LogLineView.write(line, to: &writer) } })
      writer.member("next_after", lines.last?.number ?? after)
      writer.endObject()
      return .json(200, writer.finish())
    }
  }
}
