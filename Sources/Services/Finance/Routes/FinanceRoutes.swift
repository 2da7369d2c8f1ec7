import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// The service's own HTTP API, with the paths, bodies and errors its documentation promises.
struct FinanceRoutes {
  let estimate: WaitEstimate

  var all: [Route] {
    ["/tasks", "/api/v1/tasks"].flatMap { path in
      let suffix = path == "/tasks" ? "" : "_v1"
      return [submit(path, "finance_submit\(suffix)"), show(path, "finance_task\(suffix)")]
    }
  }

  private func submit(_ path: String, _ operationID: String) -> Route {
    Route(
      .post, PathTemplate(path), operationID: operationID, summary: "Submits a calculation.", request: Self.bodySchema,
      responses: [.init(202, "Accepted and durable.", Self.acceptedSchema)], envelope: FinanceEnvelope.envelope
    ) { [estimate] request, environment in
      let wanted = try CalculationRequest(try request.json())
      var message = TaskMessage(
        id: TaskID(stored: environment.tasks.ids.next()), task: wanted.task, queue: wanted.queue, kwargs: wanted.kwargs,
        tenant: request.tenant, priority: wanted.priority)
      message.extras.traceparent = request.traceparent
      let wait = await estimate.seconds(queue: wanted.queue, tenant: request.tenant, environment)
      let id = try await environment.tasks.submit(Submission(message))
      return .json(202, Self.accepted(id, wanted.queue, wait), headers: [("Location", "\(request.path)/\(id)")])
    }
  }

  private func show(_ path: String, _ operationID: String) -> Route {
    Route(
      .get, PathTemplate(path + "/{task_id}"), operationID: operationID, summary: "A calculation and its result.",
      responses: [.init(200, "The task as it stands.", Self.taskSchema)], envelope: FinanceEnvelope.envelope
    ) { request, environment in
      let text = request.parameters["task_id"] ?? ""
      guard let id = TaskID(text),
        let record = try await environment.tasks.records.records([TaskKey(id, tenant: request.tenant)])[0].record
      else {
        throw RouteError(404, "TASK_NOT_FOUND", "there is no task '\(text)'")
      }
      return .json(200, Self.task(record))
    }
  }
}

extension FinanceRoutes {
  private static func accepted(_ id: TaskID, _ queue: String, _ wait: Double?) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 192)
    writer.beginObject()
    writer.member("task_id", id.text)
    writer.member("status", TaskState.pending.rawValue)
    writer.member("queue", queue)
    writer.member("message", "accepted")
    writer.member("estimated_wait_time_seconds", wait.flatMap(RawJSON.double) ?? .null)
    writer.endObject()
    return writer.finish()
  }

  private static func task(_ record: TaskRecord) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 512)
    writer.beginObject()
    writer.member("task_id", record.message.id.text)
    writer.member("status", record.state.rawValue)
    writer.member("priority", word(record.message.priority))
    writer.member("queue", record.message.queue)
    writer.member("result", record.result ?? .null)
    if let failure = record.failure {
      writer.member("error", "\(failure.type): \(failure.message)")
    } else {
      writer.member("error", record.reason.map(RawJSON.string) ?? .null)
    }
    writer.member("created_at", record.created.rfc3339)
    writer.member("started_at", record.started.map { RawJSON.string($0.rfc3339) } ?? .null)
    writer.member("completed_at", record.finished.map { RawJSON.string($0.rfc3339) } ?? .null)
    writer.member("processing_time_ms", processingTime(record))
    writer.endObject()
    return writer.finish()
  }

  private static func word(_ priority: Priority?) -> String {
    switch (priority ?? .normal).value {
    case 0...3: "low"
    case 4...6: "medium"
    default: "high"
    }
  }

  private static func processingTime(_ record: TaskRecord) -> RawJSON {
    guard let started = record.started, let finished = record.finished else { return .null }
    return RawJSON.double(max(0, (finished - started).inSeconds * 1000)) ?? .null
  }

  private static let bodySchema = JSONSchema(
    .object(
      properties: [
        .init("data", JSONSchema(.object(properties: [], additional: .allowed)), isRequired: false),
        .init("task_type", JSONSchema(.string, values: RequestedTask.words.map(RawJSON.string)), isRequired: false),
        .init(
          "priority", JSONSchema(.string, values: [.string("high"), .string("medium"), .string("low")]),
          isRequired: false),
        .init("queue", JSONSchema(.string, minimumLength: 1, maximumLength: 50), isRequired: false),
      ], additional: .allowed))

  private static let acceptedSchema = JSONSchema.object([
    .init("task_id", JSONSchema(.string)), .init("status", JSONSchema(.string)), .init("queue", JSONSchema(.string)),
    .init("message", JSONSchema(.string)),
    .init(
      "estimated_wait_time_seconds",
      JSONSchema(
        .number, isNullable: true, description: "Null while no worker is there or no time was measured.", minimum: 0)),
  ])

  private static let taskSchema = JSONSchema.object([
    .init("task_id", JSONSchema(.string)),
    .init("status", JSONSchema(.string, values: TaskState.allCases.map { .string($0.rawValue) })),
    .init("priority", JSONSchema(.string)), .init("queue", JSONSchema(.string)), .init("result", JSONSchema(.any)),
    .init("error", JSONSchema(.string, isNullable: true)),
    .init("created_at", JSONSchema(.string, format: "date-time")),
    .init("started_at", JSONSchema(.string, isNullable: true, format: "date-time")),
    .init("completed_at", JSONSchema(.string, isNullable: true, format: "date-time")),
    .init("processing_time_ms", JSONSchema(.number, isNullable: true)),
  ])
}
