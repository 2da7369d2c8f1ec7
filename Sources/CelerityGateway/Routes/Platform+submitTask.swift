import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `POST /v1/tasks`
  var submitTask: Route {
    Route(
      .post, "/v1/tasks", operationID: "submitTask", summary: "Submits a task",
      details: Self.submissionDetails, tag: "tasks",
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
    ) { [known, estimate] request, environment in
      let body = try request.json()
      let key = try IdempotencyField.text(of: request)
      let submission = try await SubmissionReader(known, environment, request).submission(
        body, idempotency: key.map { IdempotencyField.key($0, body: body) })
      let outlook = await SubmissionOutlook(submission.message, estimate, environment)
      let accepted = try await AcceptedTask.submit([submission], environment)[0].get()
      return try await Self.answer(accepted, WaitPreference(request.headers["prefer"]), outlook, request, environment)
    }
  }

  private static let submissionDetails = """
    202 means that the task is on disk and will be run at least once. `position` and `estimated_start` come from a look at \
    the queue that is at most a second old: tasks of a higher priority may still pass, and a `warning` says when nobody \
    takes from the queue at all.
    """

  private static let submissionExample = RawJSON(
    unchecked: Array(
      #"{"task": "finance.compound_interest", "kwargs": {"amount": 10000, "rate": 0.05}}"#.utf8))

  private static func answer(
    _ accepted: AcceptedTask, _ preference: WaitPreference?, _ outlook: SubmissionOutlook?,
    _ request: RouteRequest, _ environment: ServiceEnvironment
  ) async throws -> RouteResponse {
    guard let preference else { return accepted.response(outlook: outlook) }
    let wait = Duration.seconds(preference.seconds)
    let record = try await environment.tasks.record(accepted.key, waitingFor: wait, for: request.client)
      .known(accepted.key.id)
    return accepted.response(outlook: outlook, preference: preference, waited: record)
  }
}
