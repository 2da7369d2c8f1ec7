import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension DocumentsRoutes {
  private static let cacheHeader = Route.Parameter(
    "X-Cache", JSONSchema(.string, values: [.string("HIT"), .string("MISS")]),
    "`HIT` when the document had been made before.")

  private static let made = DocumentFormat.allCases.map { format in
    Route.Response(
      200, "The document.", contentType: format.contentType, headers: [DocumentsSchemas.disposition, cacheHeader])
  }

  /// `POST /generate`
  var generate: Route {
    route(
      .post, "/generate", "generate", "Makes a document and answers it.",
      details: """
        A document that was made before comes from the cache. Others are made by workers; equal orders that come meanwhile \
        share one job. The same order always gives the same document: a letter without a date gets the day's before it is \
        looked up.
        """,
      request: DocumentsSchemas.order, example: Examples.request(.resume), responses: Self.made,
      errors: DocumentsSchemas.errors([400, 404, 413, 422, 500, 503, 504])
    ) { call in
      try await Self.answer(try DocumentRequest(try call.body(), today: call.today), call)
    }
  }

  /// `POST /generate-yaml`
  var generateYAML: Route {
    route(
      .post, "/generate-yaml", "generate_yaml", "Makes a document from data in YAML and answers it.",
      details: "As `POST /generate`, with the data as a text in YAML. Tags, anchors and merges are not read.",
      request: DocumentsSchemas.orderInYAML, example: Examples.requestInYAML, responses: Self.made,
      errors: DocumentsSchemas.errors([400, 404, 413, 422, 500, 503, 504])
    ) { [yaml] call in
      try await Self.answer(try DocumentRequest(try call.body(), yaml: yaml, today: call.today), call)
    }
  }

  private static func answer(_ wanted: DocumentRequest, _ call: Call) async throws -> RouteResponse {
    let (document, isHit) = try await DocumentDesk(call).document(wanted)
    return document.answer(named: wanted.order.filename, [("X-Cache", isHit ? "HIT" : "MISS")])
  }
}

// MARK: Jobs

extension DocumentsRoutes {
  /// `POST /generate/async`
  var generateAsync: Route {
    route(
      .post, "/generate/async", "generate_async", "Takes an order and answers its job at once.",
      details: "The job is durable when this answers. Whoever asks for its document takes it from `download_url`.",
      request: DocumentsSchemas.order, example: Examples.request(.resume),
      responses: [.init(202, "Accepted and durable.", DocumentsSchemas.accepted, headers: [DocumentsSchemas.location])],
      errors: DocumentsSchemas.errors([400, 404, 413, 422, 500, 503])
    ) { [estimate] call in
      let desk = DocumentDesk(call)
      let wanted = try DocumentRequest(try call.body(), today: call.today)
      let submission = try desk.job(wanted)
      // Before it is submitted, because it must not wait for itself.
      let wait = await estimate.seconds(
        queue: submission.message.queue, tenant: call.request.tenant, call.environment)
      let id = try DocumentDesk.accepted(try await call.environment.tasks.engine.submit([submission])[0], submission)
      var writer = JSONWriter(reservingCapacity: 256)
      writer.beginObject()
      let links = Links(call.request)
      Self.writeAccepted(id, links, &writer)
      writer.member("queue", submission.message.queue)
      writer.member("estimated_wait_seconds", orNull: wait)
      writer.endObject()
      return .json(202, writer.finish(), headers: [("Location", links.job(id))])
    }
  }

  static func writeAccepted(_ id: TaskID, _ links: Links, _ writer: inout JSONWriter) {
    writer.member("job_id", id.text)
    writer.member("status", JobStatus.pending.rawValue)
    writer.member("status_url", links.job(id))
    writer.member("download_url", links.download(id))
  }
}
