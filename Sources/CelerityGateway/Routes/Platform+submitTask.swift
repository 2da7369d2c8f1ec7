import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `POST /v1/tasks`
  var submitTask: Route {
    Route(
      .post, "/v1/tasks", operationID: "submitTask", summary: "Submits a task", tag: "tasks",
      scope: .permission("tasks:write"), headers: Route.Parameter.submissionFields + [.prefer],
      request: .component("Submission"), requestExample: Self.submissionExample,
      responses: [
        .ok(
          200, "It ended within the time that Prefer asked for", "Task",
          headers: [.location, .preferenceApplied, .replayed]),
        .ok(
          202, "Accepted: it is on disk and will be run", "Accepted",
          headers: [.location, .retryAfter, .preferenceApplied, .replayed]),
        .problem(
          400, "malformed-json", "invalid-encoding", "duplicate-key", "json-too-deep", "invalid-idempotency-key"),
        .problem(404, "unknown-task"), .problem(409, "conflict"), .problem(410, "result-expired"),
        .problem(
          422, "invalid-request", "unknown-field", "invalid-arguments", "idempotency-key-reused", "not-supported-yet"),
      ]
    ) { [known] request, environment in
      let body = try request.json()
      let key = try IdempotencyField.text(of: request)
      let submission = try await SubmissionReader(known, environment, request).submission(
        body, idempotency: key.map { IdempotencyField.key($0, body: body) })
      let accepted = try await AcceptedTask.submit([submission], environment)[0].get()
      return try await Self.answer(accepted, WaitPreference(request.headers["prefer"]), environment)
    }
  }

  private static let submissionExample = RawJSON(
    unchecked: Array(
      #"{"task": "finance.compound_interest", "kwargs": {"amount": 10000, "rate": 0.05}}"#.utf8))

  private static func answer(
    _ accepted: AcceptedTask, _ preference: WaitPreference?, _ environment: ServiceEnvironment
  ) async throws -> RouteResponse {
    guard let preference else { return answer(accepted, waited: nil, headers(accepted, nil)) }
    let record = try await environment.tasks.record(accepted.key, waitingFor: .seconds(preference.seconds))
      .known(accepted.key.id)
    return answer(accepted, waited: record, headers(accepted, preference))
  }

  /// The task when it has ended meanwhile, else that it is accepted. Apart from the waiting, because the optimiser of
  /// Swift 6.3 crashes on the two in one coroutine.
  private static func answer(
    _ accepted: AcceptedTask, waited record: TaskRecord?, _ headers: [(name: String, value: String)]
  ) -> RouteResponse {
    if let record, record.state.isTerminal { return .json(200, TaskView.json(record), headers: headers) }
    var now = accepted
    if let record { now.state = record.state }
    return .json(202, view(now), headers: headers + [("Retry-After", "1")])
  }

  private static func headers(
    _ accepted: AcceptedTask, _ preference: WaitPreference?
  ) -> [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = [("Location", TaskView.path(of: accepted.key.id))]
    if accepted.duplicate == .idempotencyKey { headers.append(("Idempotency-Replayed", "true")) }
    if let preference { headers.append(preference.applied) }
    return headers
  }

  private static func view(_ accepted: AcceptedTask) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    accepted.writeMembers(to: &writer)
    writer.member("links", object: { TaskView.writeLinks(accepted.key.id, &$0) })
    writer.endObject()
    return writer.finish()
  }
}
