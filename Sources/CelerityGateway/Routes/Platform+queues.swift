import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `GET /v1/queues`, `POST /v1/queues/{name}:pause`, `:resume` and `:purge`
  var queueRoutes: [Route] {
    [
      Route(
        .get, "/v1/queues", operationID: "listQueues", summary: "Queues with their depths",
        scope: .permission("queues:read"), responses: [Route.Response(200, "All queues")]
      ) { request, environment in
        let queues = try await environment.tasks.engine.queues(of: request.tenant).sorted { $0.key < $1.key }
        return .json(200, QueueView.list(queues))
      },
      control("pause", "Stops the fetching of a queue's tasks", { .pause($0) }) { writer, _ in
        writer.member("paused", true)
      },
      control("resume", "Lets a queue's tasks be fetched again", { .resume($0) }) { writer, _ in
        writer.member("paused", false)
      },
      control("purge", "Revokes all tasks of a queue that have not started", { .purge($0) }) { writer, affected in
        writer.member("purged", affected)
      },
    ]
  }

  private func control(
    _ verb: String, _ summary: String, _ command: @escaping @Sendable (QueueKey) -> ControlCommand,
    _ describe: @escaping @Sendable (inout JSONWriter, Int) -> Void
  ) -> Route {
    Route(
      .post, PathTemplate("/v1/queues/{name}:" + verb), operationID: verb + "Queue", summary: summary,
      scope: .permission("queues:write"), responses: [Route.Response(200, "Done")]
    ) { request, environment in
      let name = request.parameters["name"] ?? ""
      guard QueueKey.isLegal(name: name) else {
        throw RouteError(400, "invalid-queue", "'\(name)' can't be the name of a queue")
      }
      let key = QueueKey(name, tenant: request.tenant)
      guard case .done(let affected)? = try await environment.tasks.engine.control([command(key)]).first else {
        throw RouteError(404, "unknown-queue", "there is no queue '\(name)'")
      }
      var writer = JSONWriter(reservingCapacity: 64)
      writer.beginObject()
      writer.member("queue", name)
      describe(&writer, affected)
      writer.endObject()
      return .json(200, writer.finish())
    }
  }
}
