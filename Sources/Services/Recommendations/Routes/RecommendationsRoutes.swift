import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// The service's own HTTP API. Whatever is asked and whatever is answered is a point in the log.
struct RecommendationsRoutes {
  var all: [Route] { [root, health, recommend, result, healthLog] }

  /// `GET /`, where the service owns the root, and `GET /recommendations`.
  private var root: Route {
    Self.route(
      .get, "/", "recommendations_root", "What the service is.", message: "Description requested",
      responses: [.init(200, "The service.", RecommendationsSchemas.message)]
    ) { _, _, _ in
      .json(
        200,
        .object([
          (
            "message",
            .string("Recommends songs for a song you like: POST /recommendations, then GET /result/{task_id}.")
          )
        ]))
    }
  }

  /// `GET /health`, where the service owns the root, and `GET /recommendations/health`.
  private var health: Route {
    Self.route(
      .get, "/health", "recommendations_health", "Whether the service answers.", message: "Health requested",
      responses: [.init(200, "It does.", RecommendationsSchemas.health)]
    ) { _, _, note in
      note.fields["status"] = .text("ok")
      return .json(200, .object([("status", .string("ok"))]))
    }
  }

  /// What a handler has to say of a call besides its status.
  struct Note {
    var message: String
    var fields: [String: TelemetryPoint.Value] = [:]
  }

  /// A route whose calls are written down, also those that are refused.
  static func route(
    _ method: Route.Method, _ path: PathTemplate, _ operationID: String, _ summary: String, details: String? = nil,
    message: String, pathParameters: [String: Route.Parameter] = [:], parameters: [Route.Parameter] = [],
    request: JSONSchema? = nil, requestExample: RawJSON? = nil, responses: [Route.Response],
    handler: @escaping @Sendable (RouteRequest, ServiceEnvironment, inout Note) async throws -> RouteResponse
  ) -> Route {
    Route(
      method, path, operationID: operationID, summary: summary, details: details, pathParameters: pathParameters,
      parameters: parameters, request: request, requestExample: requestExample, responses: responses,
      envelope: RecommendationsEnvelope.envelope, maximumBodyBytes: 1 << 16
    ) { request, environment in
      var note = Note(message: message)
      note.fields["request_id"] = .text(request.requestID)
      do {
        let answer = try await handler(request, environment, &note)
        record(note, answer.status, environment)
        return answer
      } catch {
        record(note, status(of: error), environment)
        throw error
      }
    }
  }

  private static func record(_ note: Note, _ status: Int, _ environment: ServiceEnvironment) {
    var fields = note.fields
    fields["status_code"] = .integer(Int64(status))
    if fields["status"] == nil { fields["status"] = .text(status < 400 ? "ok" : "refused") }
    InteractionLog.record(.request, note.message, fields, environment.resources)
  }

  /// The status that an error will be answered with; 499 for a client that has gone.
  private static func status(of error: any Error) -> Int {
    switch error {
    case let error as RouteError: error.status
    case let error as EngineError: RouteError(engine: error).status
    case is CancellationError: 499
    default: 500
    }
  }
}
