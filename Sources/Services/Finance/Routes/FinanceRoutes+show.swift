import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension FinanceRoutes {
  /// `GET /tasks/{task_id}`
  func show(_ path: String, _ operationID: String) -> Route {
    Route(
      .get, PathTemplate(path + "/{task_id}"), operationID: operationID, summary: "A calculation and its result.",
      details: """
        With `wait` the answer comes when the calculation has ended, or is `TASK_TIMEOUT` when it has not ended by then.
        """,
      pathParameters: ["task_id": .init("task_id", JSONSchema(.string), "The id that the submission answered.")],
      parameters: [
        .init(
          "wait", JSONSchema(.number, minimum: 0, maximum: Double(Self.longestWait)),
          "Seconds to wait for the end, up to \(Self.longestWait).")
      ],
      responses: [
        .init(200, "The task as it stands; with `wait`, as it ended.", FinanceSchemas.task),
        FinanceSchemas.error(404, "There is no such task."),
        FinanceSchemas.error(422, "`wait` is no number of seconds."),
        FinanceSchemas.error(503, "The store can't be asked.", [FinanceSchemas.retryAfter]),
        FinanceSchemas.error(504, "It has not ended in the time to wait.", [FinanceSchemas.retryAfter]),
      ], envelope: FinanceEnvelope.envelope
    ) { request, environment in
      let text = request.parameters["task_id"] ?? ""
      let wait = try request.wait(upTo: Self.longestWait)
      guard let id = TaskID(text) else { throw Self.notFound(text) }
      let lookup = try await request.lookup(id, waiting: wait ?? .zero, environment)
      guard let record = lookup.record else { throw Self.notFound(text) }
      if let wait, !record.state.isTerminal { return Self.timeout(record, wait, request) }
      return .json(200, TaskView.json(record))
    }
  }

  /// The longest time an answer is held back, in seconds.
  private static let longestWait = 30

  private static func notFound(_ id: String) -> RouteError {
    RouteError(404, "TASK_NOT_FOUND", "there is no task '\(id)'")
  }

  private static func timeout(_ record: TaskRecord, _ wait: Duration, _ request: RouteRequest) -> RouteResponse {
    FinanceEnvelope.answer(
      504, "TASK_TIMEOUT", "the task is \(record.state.rawValue) after the time to wait", request,
      headers: [("Retry-After", "1")]
    ) { writer in
      writer.member("task_id", record.message.id.text)
      writer.member("status", record.state.rawValue)
      writer.member("wait_seconds", wait.inSeconds)
    }
  }
}
