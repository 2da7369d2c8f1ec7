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
          422, "invalid-request", "unknown-field", "invalid-arguments", "idempotency-key-reused"),
      ]
    ) { [known, estimate] request, environment in
      let body = try request.json()
      let key = try IdempotencyField.text(of: request)
      let work = try await SubmissionReader(known, environment, request).work(
        body, idempotency: key.map { IdempotencyField.key($0, body: body) })
      let outlook = await SubmissionOutlook(work.message, estimate, environment)
      let accepted = try await AcceptedTask.submit([work], environment)[0].get()
      return try await Self.answer(accepted, WaitPreference(request.headers["prefer"]), outlook, request, environment)
    }
  }

  private static let submissionDetails = """
    202 means that the task is on disk and will be run at least once. `position` and `estimated_start` come from a look at \
    the queue that is at most a second old: tasks of a higher priority may still pass, and a `warning` says when nobody \
    takes from the queue at all.

    `chain`, `group` and `chord` make a workflow. `chain` is an array of steps, each called with what the step before \
    returned; `group` is an array of steps that run at the same time; `chord` has a `header` of steps that run at the same \
    time and a `body` that is called with the list of their results. What a `task`, a `group` or a `chord` begins, `chain` \
    goes on with. A step is a call as the body itself (`task`, `args`, `kwargs`, `queue` …, and `immutable` for one that \
    takes no result), a workflow again, or a signature as Celery writes it. The answer tells in `id` what ends last, in \
    `group` the group's id, and in `children` the ids of all tasks in their order. All of it is accepted together or not \
    at all.
    """

  private static let submissionExample = RawJSON(
    unchecked: Array(
      #"{"task": "finance.compound_interest", "kwargs": {"amount": 10000, "rate": 0.05}}"#.utf8))

  private static func answer(
    _ accepted: AcceptedTask, _ preference: WaitPreference?, _ outlook: SubmissionOutlook?,
    _ request: RouteRequest, _ environment: ServiceEnvironment
  ) async throws -> RouteResponse {
    // Of a group there is no task that stands for the whole.
    guard let preference, accepted.workflow?.isGroup != true else { return accepted.response(outlook: outlook) }
    let wait = Duration.seconds(preference.seconds)
    let id = accepted.workflow.map { TaskID(stored: $0.id) } ?? accepted.key.id
    let key = TaskKey(id, tenant: accepted.key.tenant)
    let record = try await environment.tasks.record(key, waitingFor: wait, for: request.client).known(id)
    return accepted.response(outlook: outlook, preference: preference, waited: record)
  }
}
