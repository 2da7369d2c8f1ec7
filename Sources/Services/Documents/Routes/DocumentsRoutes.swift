import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// The service's HTTP API.
struct DocumentsRoutes: Sendable {
  let yaml: YAMLSource
  let envelope: DocumentsEnvelope
  let estimate = WaitEstimate()

  /// An API that reads YAML by a reader, and dates its errors by a clock.
  init(yaml: YAMLReading?, time: any TimeSource) {
    self.yaml = YAMLSource(read: yaml)
    envelope = DocumentsEnvelope(time: time)
  }

  var all: [Route] {
    [
      root, generate, generateYAML, generateAsync, generateBatch, job, download, validate, analyze, analyzePDF,
      templates,
      templatesOfType, templateInfo, preview, schema, schemaYAML,
    ]
  }

  /// What a handler of this service is given.
  struct Call: Sendable {
    var request: RouteRequest
    var environment: ServiceEnvironment

    /// The body as JSON.
    func body() throws(RouteError) -> RawJSON { try request.json(limits: DocumentRequest.limits) }

    /// The day, as letters bear it.
    var today: String { LetterDate.text(environment.time.now) }
  }

  /// A route whose handler may throw the service's own errors.
  func route(
    _ method: Route.Method, _ path: PathTemplate, _ operationID: String, _ summary: String, details: String? = nil,
    pathParameters: [String: Route.Parameter] = [:], request: JSONSchema? = nil, example: RawJSON? = nil,
    responses: [Route.Response], errors: [Route.Response] = [],
    handler: @escaping @Sendable (Call) async throws -> RouteResponse
  ) -> Route {
    Route(
      method, path, operationID: "documents_" + operationID, summary: summary, details: details,
      pathParameters: pathParameters, request: request, requestExample: example, responses: responses + errors,
      envelope: envelope.envelope, errorSchema: DocumentsSchemas.error, maximumBodyBytes: DocumentRequest.longestBody
    ) { [envelope] request, environment in
      do {
        return try await handler(Call(request: request, environment: environment))
      } catch let error as DocumentError {
        return envelope.answer(error, request, headers: error.code == .busy ? [("Retry-After", "30")] : [])
      }
    }
  }
}
