import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension DocumentsRoutes {
  private static let id = ["job_id": Route.Parameter("job_id", JSONSchema(.string), "The id that the order answered.")]

  /// `GET /jobs/{job_id}`
  var job: Route {
    route(
      .get, "/jobs/{job_id}", "job", "A job as it stands.",
      details: """
        `status` is PENDING, STARTED, PROCESSING, RETRY, SUCCESS, FAILURE, REVOKED when it was cancelled, or EXPIRED when \
        its document is no longer kept. An id that nobody submitted is 404.
        """,
      pathParameters: Self.id, responses: [.init(200, "The job.", DocumentsSchemas.job)],
      errors: DocumentsSchemas.errors([404, 410, 503])
    ) { call in
      .json(200, try await Self.job(call).json(Links(call.request)))
    }
  }

  /// `GET /jobs/{job_id}/download`
  var download: Route {
    let formats = DocumentFormat.allCases.map { format in
      Route.Response(200, "The document.", contentType: format.contentType, headers: [DocumentsSchemas.disposition])
    }
    return route(
      .get, "/jobs/{job_id}/download", "download", "A job's document.",
      details:
        "409 while there is none, with `Retry-After` as long as there may be one; 410 when it is no longer kept.",
      pathParameters: Self.id, responses: formats, errors: DocumentsSchemas.errors([404, 409, 410, 503])
    ) { [envelope] call in
      let job = try await Self.job(call)
      guard job.status == .success, let output = job.output else { return Self.refusal(of: job, call, envelope) }
      let shelf = ResultShelf(resources: call.environment.resources)
      guard let document = try await shelf.document(of: job.record.key) else { throw Self.gone }
      return document.answer(named: output.filename)
    }
  }

  private static func job(_ call: Call) async throws -> Job {
    let text = call.request.parameters["job_id"] ?? ""
    let unknown = DocumentError(.notFound, "there is no job '\(text.shortened)'", field: "job_id")
    guard let id = TaskID(text) else { throw unknown }
    switch try await call.environment.tasks.records.records([TaskKey(id, tenant: call.request.tenant)])[0] {
    case .found(let record):
      guard let job = Job(record, at: call.environment.time.now) else { throw unknown }
      return job
    case .expired: throw gone
    case .unknown: throw unknown
    }
  }

  private static let gone = DocumentError(
    .resultExpired, "the document is no longer kept", suggestedFix: "order it again")

  private static func refusal(of job: Job, _ call: Call, _ envelope: DocumentsEnvelope) -> RouteResponse {
    switch job.status {
    case .expired, .success: envelope.answer(gone, call.request)
    case .failure:
      envelope.answer(DocumentDesk.error(of: job.record), call.request, status: 409)
    case .revoked: envelope.answer(DocumentError(.conflict, "the job was cancelled"), call.request)
    case .pending, .started, .processing, .retry:
      envelope.answer(
        DocumentError(
          .conflict, "the document is not ready; the job is \(job.status.rawValue)", suggestedFix: "try again soon",
          context: [.init(name: "status", value: job.status.rawValue)]), call.request,
        headers: [("Retry-After", "1")])
    }
  }
}
