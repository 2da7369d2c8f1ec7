import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// The service's HTTP API. Errors are the platform's problems.
struct MessagesRoutes {
  var all: [Route] {
    [
      post("/messages", "messages_post"), post("/submit", "messages_submit"), list, show, user, task, status, logs,
      alerts,
    ]
  }

  /// `POST /messages`, and `POST /submit`, the name that clients of such services know.
  private func post(_ path: PathTemplate, _ operationID: String) -> Route {
    Route(
      .post, path, operationID: operationID, summary: "Takes a message for analysis.",
      details: """
        The answer does not wait for the analysis: it says that the metadata are stored and that the queue has the task. \
        How long a message may be is set by `messages.shortest_text` and `messages.longest_text`. A body that is refused \
        raises an `incorrect_input` alert.
        """,
      request: MessagesSchemas.body, requestExample: MessagesSchemas.bodyExample,
      responses: [
        .init(202, "Stored and queued.", MessagesSchemas.accepted, headers: [MessagesSchemas.location]),
        MessagesSchemas.problem(400, "The body is no JSON."),
        MessagesSchemas.problem(422, "A member is missing or has a value that it can't have; `errors` names it."),
        MessagesSchemas.unavailable,
      ]
    ) { request, environment in
      let intake = Intake(request: request, environment: environment)
      let posted: PostedMessage
      var body: RawJSON?
      do throws(RouteError) {
        let json = try request.json()
        body = json
        posted = try PostedMessage(json, environment.resources.settings)
      } catch {
        await intake.report(error, body: body)
        throw error
      }
      let row = try await intake.accept(posted)
      let view = AcceptedView(
        messageID: row.messageID, taskID: row.taskID, status: .queued, links: .init(row, root: Self.root(of: request)))
      return try .json(202, encoding: view, headers: [("Location", view.links.message)])
    }
  }

  /// What stands before the service's paths in a request's path: nothing, or the service's prefix.
  private static func root(of request: RouteRequest) -> String {
    let segments = request.path.split(separator: "/")
    return segments.count > 1 ? "/\(segments[0])" : ""
  }

  private var list: Route {
    Route(
      .get, "/messages", operationID: "messages_list", summary: "Messages, the newest first.",
      details: "Contents and analyses are left out: `GET /messages/{message_id}` has them.",
      parameters: [MessagesSchemas.userFilter] + MessagesSchemas.paging,
      responses: [.init(200, "A page of messages.", MessagesSchemas.messages)] + MessagesSchemas.readProblems
    ) { request, environment in
      let reader = Reader(request, environment)
      let user = try request.filter("user_id")
      let page = try request.page()
      return try .json(encoding: try await reader.messages(of: user, page))
    }
  }

  private var show: Route {
    Route(
      .get, "/messages/{message_id}", operationID: "messages_show", summary: "A message.",
      details: "The metadata at once; `content` and `analysis` as soon as a worker has stored them.",
      pathParameters: ["message_id": .init("message_id", JSONSchema(.string), "The id that the submission answered.")],
      responses: [
        .init(200, "The message as it stands.", MessagesSchemas.message),
        MessagesSchemas.problem(404, "There is no such message."), MessagesSchemas.unavailable,
      ]
    ) { request, environment in
      let id = request.parameters["message_id"] ?? ""
      guard let view = try await Reader(request, environment).message(id) else { throw Self.unknown("message", id) }
      return try .json(encoding: view)
    }
  }

  private var user: Route {
    Route(
      .get, "/users/{user_id}", operationID: "messages_user", summary: "A user: messages, alerts, when seen.",
      details: """
        A message counts as soon as a worker begins with it, and once however often it is tried. `recent_alerts` are the \
        ten newest.
        """,
      pathParameters: [
        "user_id": .init(
          "user_id", JSONSchema(.string, example: .string("u-17")), "The user's id as it stands in messages.")
      ],
      responses: [
        .init(200, "The user.", MessagesSchemas.user),
        MessagesSchemas.problem(404, "No message or refused message of this user is known."),
        MessagesSchemas.unavailable,
      ]
    ) { request, environment in
      let id = request.parameters["user_id"] ?? ""
      guard let view = try await Reader(request, environment).user(id) else { throw Self.unknown("user", id) }
      return try .json(encoding: view)
    }
  }

  private var task: Route {
    Route(
      .get, "/tasks/{task_id}", operationID: "messages_task", summary: "The task of a message with its status history.",
      details: "In a gateway with several services only at `/messages/tasks/{task_id}`.",
      pathParameters: Self.taskID,
      responses: [
        .init(200, "The task.", MessagesSchemas.task), MessagesSchemas.problem(404, "There is no such task."),
        MessagesSchemas.unavailable,
      ]
    ) { request, environment in
      let id = request.parameters["task_id"] ?? ""
      guard let view = try await Reader(request, environment).task(id) else { throw Self.unknown("task", id) }
      return try .json(encoding: view)
    }
  }

  private var status: Route {
    Route(
      .get, "/status/{task_id}", operationID: "messages_status", summary: "How far a task is, and its result.",
      details: "`state` is Celery's word, `status` the service's. `result` is null until the task is done.",
      pathParameters: Self.taskID,
      responses: [
        .init(200, "The state.", MessagesSchemas.status), MessagesSchemas.problem(404, "There is no such task."),
        MessagesSchemas.unavailable,
      ]
    ) { request, environment in
      let id = request.parameters["task_id"] ?? ""
      guard let view = try await Reader(request, environment).status(id) else { throw Self.unknown("task", id) }
      return try .json(encoding: view)
    }
  }

  private var logs: Route {
    Route(
      .get, "/logs", operationID: "messages_logs", summary: "Log entries: one for each iteration of each task.",
      details: "With `task_id` in the order in which they were written; without it the newest first.",
      parameters: [
        .init("task_id", JSONSchema(.string, minimumLength: 1, maximumLength: 255), "Only entries of this task."),
        MessagesSchemas.userFilter,
      ] + MessagesSchemas.paging,
      responses: [.init(200, "A page of entries.", MessagesSchemas.logs)] + MessagesSchemas.readProblems
    ) { request, environment in
      let (task, user) = (try request.filter("task_id"), try request.filter("user_id"))
      let page = try request.page()
      return try .json(encoding: try await Reader(request, environment).logs(task: task, user: user, page))
    }
  }

  private var alerts: Route {
    Route(
      .get, "/alerts", operationID: "messages_alerts", summary: "The service's alerts, the newest first.",
      details: "At most one of `kind`, `user_id` and `task_id`.",
      parameters: [
        .init(
          "kind", JSONSchema(.string, values: AlertKind.allCases.map { .string($0.rawValue) }),
          "Only alerts of this kind."),
        MessagesSchemas.userFilter,
        .init("task_id", JSONSchema(.string, minimumLength: 1, maximumLength: 255), "Only alerts of this task."),
      ] + MessagesSchemas.paging,
      responses: [.init(200, "A page of alerts.", MessagesSchemas.alerts)] + MessagesSchemas.readProblems
    ) { request, environment in
      let choice = try AlertChoice(request)
      let page = try request.page()
      return try .json(encoding: try await Reader(request, environment).alerts(choice, page))
    }
  }

  private static let taskID: [String: Route.Parameter] = [
    "task_id": .init("task_id", JSONSchema(.string), "The task's id that the submission answered.")
  ]

  private static func unknown(_ what: String, _ id: String) -> RouteError {
    RouteError(404, what == "task" ? "unknown-task-id" : "not-found", "there is no \(what) '\(id.prefix(64))'")
  }
}
