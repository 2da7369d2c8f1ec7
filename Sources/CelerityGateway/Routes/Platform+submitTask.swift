import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `POST /v1/tasks`
  var submitTask: Route {
    Route(
      .post, "/v1/tasks", operationID: "submitTask", summary: "Submits a task", scope: .permission("tasks:write"),
      request: JSONSchema(.object(properties: [.init("task", JSONSchema(.string))], additional: .allowed)),
      responses: [
        Route.Response(200, "It ended within the time that Prefer asked for"),
        Route.Response(202, "Accepted: it is durable"), Route.Response(404, "Nobody knows the task"),
        Route.Response(422, "The body or the arguments are wrong"),
      ]
    ) { [known] request, environment in
      let body = try request.json()
      let wanted = try TaskRequest(body, at: environment.time.now)
      let idempotency = try IdempotencyField.key(request, body: body)
      try await wanted.check(against: known)
      let message = wanted.message(
        id: TaskID(stored: environment.tasks.ids.next()), options: known.registry[wanted.task]?.options,
        request: request)
      let submission = Submission(message, idempotency: idempotency, unique: wanted.key.map { UniqueKey($0) })
      let accepted = try await Self.submit(submission, environment)
      return try await Self.answer(accepted, WaitPreference(request.headers["prefer"]), environment)
    }
  }

  /// A task that stands for a submission.
  private struct Accepted {
    var key: TaskKey
    var queue: String
    var state = TaskState.pending
    var eta: Timestamp?
    /// Why it was there before; `nil` when it is new.
    var duplicate: DuplicateCause?
  }

  private static func submit(_ submission: Submission, _ environment: ServiceEnvironment) async throws -> Accepted {
    let message = submission.message
    let result = try await environment.tasks.engine.submit([submission])[0]
    switch result {
    case .accepted(let id, _):
      return Accepted(key: TaskKey(id, tenant: message.tenant), queue: message.queue, eta: message.eta)
    case .existing(let id, let cause):
      let key = TaskKey(id, tenant: message.tenant)
      var accepted = Accepted(key: key, queue: message.queue, eta: message.eta, duplicate: cause)
      let record = try await environment.tasks.records.records([key])[0].known(id)
      accepted.queue = record.message.queue
      accepted.state = record.state
      accepted.eta = record.message.eta
      return accepted
    case .conflict(let error):
      guard submission.idempotency != nil else { throw error }
      throw RouteError(
        422, "idempotency-key-reused", "the Idempotency-Key was sent before with another body",
        hint: "use a new key for new work")
    }
  }

  private static func answer(
    _ accepted: Accepted, _ preference: WaitPreference?, _ environment: ServiceEnvironment
  ) async throws -> RouteResponse {
    guard let preference else { return answer(accepted, waited: nil, headers(accepted, nil)) }
    let record = try await environment.tasks.record(accepted.key, waitingFor: .seconds(preference.seconds))
      .known(accepted.key.id)
    return answer(accepted, waited: record, headers(accepted, preference))
  }

  /// The task when it has ended meanwhile, else that it is accepted. Apart from the waiting, because the optimiser of
  /// Swift 6.3 crashes on the two in one coroutine.
  private static func answer(
    _ accepted: Accepted, waited record: TaskRecord?, _ headers: [(name: String, value: String)]
  ) -> RouteResponse {
    if let record, record.state.isTerminal { return .json(200, TaskView.json(record), headers: headers) }
    var now = accepted
    if let record { now.state = record.state }
    return .json(202, view(now), headers: headers + [("Retry-After", "1")])
  }

  private static func headers(
    _ accepted: Accepted, _ preference: WaitPreference?
  ) -> [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = [("Location", TaskView.path(of: accepted.key.id))]
    if accepted.duplicate == .idempotencyKey { headers.append(("Idempotency-Replayed", "true")) }
    if let preference { headers.append(preference.applied) }
    return headers
  }

  private static func view(_ accepted: Accepted) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writer.member("id", accepted.key.id.text)
    writer.member("state", accepted.state.rawValue)
    writer.member("queue", accepted.queue)
    writer.member("eta", ifPresent: accepted.eta?.rfc3339)
    writer.member("existing", ifPresent: accepted.duplicate?.rawValue)
    writer.member("links", object: { TaskView.writeLinks(accepted.key.id, &$0) })
    writer.endObject()
    return writer.finish()
  }
}
