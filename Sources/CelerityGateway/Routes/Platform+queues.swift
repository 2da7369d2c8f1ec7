import CelerityCore
import CelerityJSON
import CelerityRoutes

extension Platform {
  /// `GET /v1/queues`, `GET /v1/queues/{name}`, and its verbs `:pause`, `:resume`, `:purge` and `:move`
  var queueRoutes: [Route] {
    [
      listQueues, showQueue, moveQueue,
      control("pause", "Stops the fetching of a queue's tasks", "QueuePause", { .pause($0) }) { writer, _ in
        writer.member("paused", true)
      },
      control("resume", "Lets a queue's tasks be fetched again", "QueuePause", { .resume($0) }) { writer, _ in
        writer.member("paused", false)
      },
      control(
        "purge", "Revokes all tasks of a queue that have not started", "QueuePurge", { .purge($0) }
      ) { writer, affected in
        writer.member("purged", affected)
      },
    ]
  }

  private var listQueues: Route {
    Route(
      .get, "/v1/queues", operationID: "listQueues", summary: "Queues with their depths",
      details: "Those that hold tasks or are paused, that a worker takes from, or that a known task is sent to.",
      tag: "queues",
      scope: .permission("queues:read"), headers: [.ifNoneMatch],
      responses: [.ok(200, "All queues", "QueueList", headers: [.etag]), .notModified]
    ) { [registry = known.registry] request, environment in
      let directory = QueueDirectory(registry: registry, environment: environment, tenant: request.tenant)
      return .tagged(QueueView.list(try await directory.all()), request)
    }
  }

  private var showQueue: Route {
    Route(
      .get, "/v1/queues/{name}", operationID: "showQueue", summary: "A queue with its depths", tag: "queues",
      scope: .permission("queues:read"), pathParameters: ["name": .queueName], headers: [.ifNoneMatch],
      responses: [.ok(200, "The queue", "Queue", headers: [.etag]), .notModified] + Self.queueRefusals
    ) { [registry = known.registry] request, environment in
      let directory = QueueDirectory(registry: registry, environment: environment, tenant: request.tenant)
      return .tagged(QueueView.json(try await directory.queue(try request.queueKey())), request)
    }
  }

  private func control(
    _ verb: String, _ summary: String, _ component: String, _ command: @escaping @Sendable (QueueKey) -> ControlCommand,
    _ describe: @escaping @Sendable (inout JSONWriter, Int) -> Void
  ) -> Route {
    Route(
      .post, PathTemplate("/v1/queues/{name}:" + verb), operationID: verb + "Queue", summary: summary, tag: "queues",
      scope: .permission("queues:write"), pathParameters: ["name": .queueName],
      responses: [.ok(200, "Done", component)] + Self.queueRefusals
    ) { [registry = known.registry] request, environment in
      let key = try request.queueKey()
      let directory = QueueDirectory(registry: registry, environment: environment, tenant: request.tenant)
      let affected = try await directory.perform(command(key), on: key)
      var writer = JSONWriter(reservingCapacity: 64)
      writer.beginObject()
      writer.member("queue", key.name)
      describe(&writer, affected)
      writer.endObject()
      return .json(200, writer.finish())
    }
  }
}

extension Platform {
  static let queueRefusals: [Route.Response] = [
    .problem(400, "invalid-queue"), .problem(404, "unknown-queue"),
  ]
}

extension RouteRequest {
  /// The queue that the path names.
  func queueKey() throws(RouteError) -> QueueKey {
    let name = parameters["name"] ?? ""
    guard QueueKey.isLegal(name: name) else {
      throw RouteError(400, "invalid-queue", "'\(name)' can't be the name of a queue")
    }
    return QueueKey(name, tenant: tenant)
  }
}
