import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension RecommendationsRoutes {
  /// The longest time an answer is held back, in seconds.
  private static let longestWait = 30

  /// `GET /result/{task_id}`
  var result: Route {
    Self.route(
      .get, "/result/{task_id}", "recommendations_result", "How a request for songs is, and the songs.",
      details: """
        With `wait` the answer comes when the task has ended, or as it is then. However many wait, others are served.
        """,
      message: "Result requested",
      pathParameters: ["task_id": .init("task_id", JSONSchema(.string), "The id that the request was answered with.")],
      parameters: [
        .init(
          "wait", JSONSchema(.number, minimum: 0, maximum: Double(Self.longestWait)),
          "Seconds to wait for the end, up to \(Self.longestWait).")
      ],
      responses: [
        .init(200, "The task as it stands.", RecommendationsSchemas.result),
        RecommendationsSchemas.error(404, "There is no such task."),
        RecommendationsSchemas.error(410, "It has been there, and is kept no longer."),
        RecommendationsSchemas.error(422, "`wait` is no number of seconds."), RecommendationsSchemas.unavailable,
      ]
    ) { request, environment, note in
      let text = request.parameters["task_id"] ?? ""
      let unknown = RouteError(404, "not-found", "there is no such task")
      let wait = try request.wait(upTo: Self.longestWait) ?? .zero
      guard let id = TaskID(text) else { throw unknown }
      note.fields["task_id"] = .text(text)
      switch try await request.lookup(id, waiting: wait, environment) {
      case .unknown: throw unknown
      case .expired: throw RouteError(410, "result-expired", "the task is kept no longer")
      case .found(let record):
        guard record.message.task == RecommendSongs.name else { throw unknown }
        note.fields["status"] = .text(ResultWord(record.state).rawValue)
        return .json(200, ResultWord.json(record))
      }
    }
  }

  private static let logLimits = 1...1000
  private static let defaultLogLimit = 100

  /// `GET /health/log`, where the service owns the root, and `GET /recommendations/health/log`.
  var healthLog: Route {
    Self.route(
      .get, "/health/log", "recommendations_health_log", "The health requests of the last day, newest first.",
      message: "Health log requested",
      parameters: [
        .init(
          "limit",
          JSONSchema(
            .integer, defaultValue: .integer(Int64(Self.defaultLogLimit)), minimum: Double(Self.logLimits.lowerBound),
            maximum: Double(Self.logLimits.upperBound)), "Most requests that are shown.")
      ],
      responses: [
        .init(200, "The requests.", RecommendationsSchemas.healthLog),
        RecommendationsSchemas.error(422, "`limit` is no such number."), RecommendationsSchemas.unavailable,
      ]
    ) { request, environment, _ in
      let limit = try Self.limit(request)
      let log = HealthLog(documents: environment.resources.documents, tenant: request.tenant)
      let checks = try await log.latest(limit)
      var note: String?
      if case .nobody(let reason) = HealthTarget(environment.resources.settings) { note = reason }
      var writer = JSONWriter(reservingCapacity: 128 + 160 * checks.count)
      writer.beginObject()
      writer.member("interval_seconds", RecommendationsService.healthInterval.components.seconds)
      writer.member("note", orNull: note)
      writer.member("checks", .array(checks))
      writer.endObject()
      return .json(200, writer.finish())
    }
  }

  private static func limit(_ request: RouteRequest) throws(RouteError) -> Int {
    guard let text = try request.queryValue("limit") else { return defaultLogLimit }
    // `Int` would also take a sign in front.
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), logLimits.contains(number)
    else {
      throw RecommendationsEnvelope.invalid([
        .init(
          pointer: "/query/limit",
          detail: "must be a whole number from \(logLimits.lowerBound) to \(logLimits.upperBound)")
      ])
    }
    return number
  }
}
