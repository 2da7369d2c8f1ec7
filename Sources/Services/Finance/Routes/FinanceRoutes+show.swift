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
          "wait", JSONSchema(.number, minimum: 0, maximum: Self.longestWait),
          "Seconds to wait for the end, up to \(Int(Self.longestWait)).")
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
      let wait = try Self.wait(request)
      guard let id = TaskID(text) else { throw Self.notFound(text) }
      let lookup = try await Self.lookup(TaskKey(id, tenant: request.tenant), wait ?? .zero, request, environment)
      guard let record = lookup.record else { throw Self.notFound(text) }
      if let wait, !record.state.isTerminal { return Self.timeout(record, wait, request) }
      return .json(200, TaskView.json(record))
    }
  }

  /// The longest time an answer is held back, in seconds.
  static let longestWait = 30.0

  /// The task once it has ended, or as it is when the time is over or the client has gone.
  private static func lookup(
    _ key: TaskKey, _ wait: Duration, _ request: RouteRequest, _ environment: ServiceEnvironment
  ) async throws -> RecordLookup {
    let waiter = environment.tasks.waiter
    if wait > .zero, let client = request.client {
      let ended = try await client.whilePresent { try await waiter.wait(for: key, timeout: wait) }
      if let ended { return ended }
    }
    return try await waiter.wait(for: key, timeout: request.client == nil ? wait : .zero)
  }

  private static func wait(_ request: RouteRequest) throws(RouteError) -> Duration? {
    guard let text = try request.queryValue("wait") else { return nil }
    // `Double` would also take hexadecimal digits, signs and words.
    let isDecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    guard isDecimal, let seconds = Double(text), (0...longestWait).contains(seconds),
      let wait = Duration(clientSeconds: seconds)
    else {
      let detail = "must be a number of seconds from 0 to \(Int(longestWait))"
      throw RouteError(422, "VALIDATION_ERROR", "wait \(detail)", issues: [.init(pointer: "/wait", detail: detail)])
    }
    return wait
  }

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
