import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension FinanceRoutes {
  /// `POST /tasks`
  func submit(_ path: String, _ operationID: String) -> Route {
    Route(
      .post, PathTemplate(path), operationID: operationID, summary: "Submits a calculation.",
      details: """
        The calculation is named by `task_type`, beside `data` or in it, or is recognised by the members of `data`. Its \
        members may also stand in the body itself. A queue in which as many tasks wait as `finance.queue_limit` allows \
        takes no more: the answer is `QUEUE_FULL`, and nothing is added.
        """,
      request: FinanceSchemas.body, requestExample: FinanceSchemas.bodyExample,
      responses: [
        .init(202, "Accepted and durable.", FinanceSchemas.accepted, headers: [FinanceSchemas.location]),
        FinanceSchemas.error(422, "The body is no JSON, or the calculation can't be done with it."),
        FinanceSchemas.error(503, "The queue is full, or the store can't take anything.", [FinanceSchemas.retryAfter]),
      ], envelope: FinanceEnvelope.envelope
    ) { [estimate] request, environment in
      let wanted = try CalculationRequest(try request.json())
      let submission = Self.submission(of: wanted, request, environment)
      // Before it is submitted, because it must not wait for itself.
      let wait = await estimate.seconds(queue: wanted.queue, tenant: request.tenant, environment)
      switch try await environment.tasks.engine.submit([submission])[0] {
      case .accepted(let id, _), .existing(let id, _):
        return .json(202, Self.accepted(id, wanted.queue, wait), headers: [("Location", "\(request.path)/\(id)")])
      case .conflict(let error): throw error
      case .queueFull(let depth, let limit): return Self.queueFull(wanted.queue, depth, limit, request)
      }
    }
  }

  private static func submission(
    of wanted: CalculationRequest, _ request: RouteRequest, _ environment: ServiceEnvironment
  ) -> Submission {
    var message = TaskMessage(
      id: TaskID(stored: environment.tasks.ids.next()), task: wanted.task, queue: wanted.queue, kwargs: wanted.kwargs,
      tenant: request.tenant, priority: wanted.priority)
    message.extras.traceparent = request.traceparent
    message.extras.requestID = request.requestID
    let limit = environment.resources.settings[FinanceService.queueLimit]
    return Submission(message, depthLimit: limit > 0 ? limit : nil)
  }

  private static func accepted(_ id: TaskID, _ queue: String, _ wait: Double?) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 192)
    writer.beginObject()
    writer.member("task_id", id.text)
    writer.member("status", TaskState.pending.rawValue)
    writer.member("queue", queue)
    writer.member("message", "accepted")
    writer.member("estimated_wait_time_seconds", orNull: wait)
    writer.endObject()
    return writer.finish()
  }

  private static func queueFull(_ queue: String, _ depth: Int, _ limit: Int, _ request: RouteRequest) -> RouteResponse {
    FinanceEnvelope.answer(
      503, "QUEUE_FULL", "\(depth) tasks wait in the queue '\(queue)', which takes no more at \(limit)", request,
      headers: [("Retry-After", "30")]
    ) { writer in
      writer.member("queue", queue)
      writer.member("current_size", depth)
      writer.member("max_size", limit)
    }
  }
}
