import CelerityCore
import CelerityJSON
import CelerityRoutes

extension Platform {
  /// `POST /v1/tasks:bulk`
  var bulkSubmit: Route {
    Route(
      .post, "/v1/tasks:bulk", operationID: "submitTasks", summary: "Submits up to 10,000 tasks",
      details: Self.bulkDetails, tag: "tasks", scope: .permission("tasks:write"),
      headers: Route.Parameter.submissionFields,
      request: JSONSchema(.array(.component("Submission")), maximumLength: BulkBody.itemLimit),
      requestMediaTypes: ["application/json"] + BulkBody.lineTypes, requestExample: Self.bulkExample,
      responses: [
        .ok(202, "All items are accepted: they are on disk", "BulkAnswer", headers: [.replayed]),
        .ok(207, "Some or all items were refused; each tells its own status", "BulkAnswer", headers: [.replayed]),
        .problem(
          400, "malformed-json", "invalid-encoding", "duplicate-key", "json-too-deep", "invalid-idempotency-key"),
        .problem(409, "idempotency-key-in-use", headers: [.retryAfter]),
        .problem(413, "payload-too-large", "too-many-items"), .problem(422, "invalid-request"),
      ],
      maximumBodyBytes: settings.limits.maximumBulkBodyBytes
    ) { [known, keys] request, environment in
      let body = try BulkBody(request)
      let key = try IdempotencyField.text(of: request)
      return try await keys.alone(key, of: request.tenant) {
        var run = BulkRun(body, SubmissionReader(known, environment, request), key: key)
        return try await run.run()
      }
    }
  }

  private static let bulkDetails = """
    The body is an array of submissions, or one submission per line (`application/x-ndjson`). Each item is taken or \
    refused by itself, and the answer tells what became of each, in their order. A fault in the JSON of an array refuses \
    the whole body; a broken line is refused alone, and empty lines are not counted.

    Items are stored a thousand at a time. Under an `Idempotency-Key` each item has a key of its own, made from the \
    request's and its place, so a request that was cut off can be sent again as it was.
    """

  private static let bulkExample = RawJSON(
    unchecked: Array(
      #"""
      [{"task": "finance.compound_interest", "kwargs": {"amount": 10000, "rate": 0.05}}, \#
      {"task": "finance.compound_interest", "kwargs": {"amount": 20000, "rate": 0.04, "years": 10}}]
      """#.utf8))
}
