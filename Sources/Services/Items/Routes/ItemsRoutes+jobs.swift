import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// The three words for how urgent a job is.
enum JobPriority: String, CaseIterable {
  case low, normal, high

  /// The platform's priority.
  var priority: Priority {
    switch self {
    case .low: .low
    case .normal: .normal
    case .high: .high
    }
  }
}

extension ItemsRoutes {
  /// `POST /api/async/process`
  var process: Route {
    Route(
      .post, "/api/async/process", operationID: "items_process", summary: "Starts heavy work in the background.",
      details: """
        The answer does not wait for the work; it means that the work is durable. `iterations` times the length of the \
        data is bounded, because the result holds all of it.
        """,
      request: ItemsSchemas.job, requestExample: ItemsSchemas.jobExample,
      responses: [
        .init(202, "Accepted and durable.", ItemsSchemas.accepted, headers: [ItemsSchemas.location]),
        ItemsSchemas.malformed, ItemsSchemas.error(422, "A field has a value that it can't have."),
        ItemsSchemas.unavailable,
      ], envelope: ItemsEnvelope.envelope
    ) { request, environment in
      let (input, priority) = try Self.job(request)
      let message = try Self.message(input, priority.priority, request, environment)
      let id = try await environment.tasks.submit(Submission(message))
      var writer = JSONWriter(reservingCapacity: 160)
      writer.beginObject()
      writer.member("task_id", id.text)
      writer.member("status", TaskState.pending.rawValue)
      writer.member("message", "accepted; ask for its status by the id")
      writer.endObject()
      // Beside the path it was submitted on, which may have the service's prefix.
      let base = request.path.dropLast("process".count)
      return .json(202, writer.finish(), headers: [("Location", "\(base)status/\(id)")])
    }
  }

  private static func job(_ request: RouteRequest) throws(RouteError) -> (ProcessData.Input, JobPriority) {
    var reader = try BodyReader(request)
    reader.require("data")
    let data = reader.text("data", 1...ProcessData.Input.longestData)
    let iterations = reader.integer("iterations", ProcessData.Input.iterationCounts)
    let priority = reader.word("priority", JobPriority.self)
    let input = ProcessData.Input(data: data ?? "", iterations: iterations ?? ProcessData.Input.defaultIterations)
    if reader.issues.isEmpty, let refusal = input.refusal { reader.refuse("data", refusal.detail) }
    try reader.finish()
    return (input, priority ?? .normal)
  }

  private static func message(
    _ input: ProcessData.Input, _ priority: Priority, _ request: RouteRequest, _ environment: ServiceEnvironment
  ) throws -> TaskMessage {
    var message = TaskMessage(
      id: TaskID(stored: environment.tasks.ids.next()), task: ProcessData.name, queue: ItemsService.queue,
      kwargs: try RawJSONEncoder().encode(input), tenant: request.tenant, priority: priority)
    message.extras.traceparent = request.traceparent
    message.extras.requestID = request.requestID
    let settings = environment.resources.settings
    message.extras.softTimeLimit = settings[ItemsService.softTimeLimit].inSeconds
    message.extras.timeLimit = settings[ItemsService.timeLimit].inSeconds
    return message
  }

  /// The longest time an answer is held back, in seconds.
  private static let longestWait = 30

  /// `GET /api/async/status/{task_id}`
  var status: Route {
    Route(
      .get, "/api/async/status/{task_id}", operationID: "items_status", summary: "How far the work is, and its result.",
      details: """
        An hour after its end (`items.result_lifetime`), or when the result store has forgotten it, a task is answered \
        from the archive: `archived` says so. With `wait` the answer comes when the work has ended, or as it is then.
        """,
      pathParameters: ["task_id": .init("task_id", JSONSchema(.string), "The id that the submission answered.")],
      parameters: [
        .init(
          "wait", JSONSchema(.number, minimum: 0, maximum: Double(Self.longestWait)),
          "Seconds to wait for the end, up to \(Self.longestWait).")
      ],
      responses: [
        .init(200, "The task as it stands.", ItemsSchemas.status), ItemsSchemas.error(404, "There is no such task."),
        ItemsSchemas.error(410, "It has been there, and is kept no longer."),
        ItemsSchemas.error(422, "`wait` is no number of seconds."), ItemsSchemas.unavailable,
      ], envelope: ItemsEnvelope.envelope
    ) { request, environment in
      let text = request.parameters["task_id"] ?? ""
      let wait = try request.wait(upTo: Self.longestWait) ?? .zero
      guard let id = TaskID(text) else { throw Self.notFound("task", text) }
      let lookup = try await request.lookup(id, waiting: wait, environment)
      let lifetime = environment.resources.settings[ItemsService.resultLifetime]
      if let record = lookup.record {
        guard JobStatus.tasks.contains(record.message.task) else { throw Self.notFound("task", text) }
        let isOld = record.finished.map { environment.time.now - $0 > lifetime } ?? false
        if !isOld { return .json(200, JobStatus.json(record)) }
      }
      let archive = ResultArchive(documents: environment.resources.documents, tenant: request.tenant)
      if let row = try await archive.row(id) { return .json(200, JobStatus.json(archived: row)) }
      if let record = lookup.record { return .json(200, JobStatus.json(record)) }
      guard case .expired = lookup else { throw Self.notFound("task", text) }
      throw RouteError(410, "result-expired", "the task '\(text)' is kept no longer")
    }
  }
}
