import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension RecommendationsRoutes {
  /// The one who is served.
  private static let admin = "admin"
  /// The alert of everybody else.
  static let fraud = "Fraud attempt"

  /// `POST /recommendations`: the service's own prefix, which is why the path here is the root. Where the service owns the
  /// root, `POST /` is the same.
  var recommend: Route {
    Self.route(
      .post, "/", "recommendations_recommend", "Asks for songs for a song.",
      details: """
        The answer does not wait for the songs. Any other role than `admin` is refused and reported. Anybody may claim to be \
        one: the role is no protection.
        """,
      message: "Recommendation requested", request: RecommendationsSchemas.question,
      requestExample: RecommendationsSchemas.questionExample,
      responses: [
        .init(
          202, "Accepted and durable.", RecommendationsSchemas.accepted, headers: [RecommendationsSchemas.location]),
        RecommendationsSchemas.error(400, "The body is no JSON."),
        RecommendationsSchemas.error(403, "The role may not ask. It is reported."),
        RecommendationsSchemas.error(422, "A field is missing or has a value that it can't have."),
        RecommendationsSchemas.unavailable,
      ]
    ) { request, environment, note in
      let (song, role) = try Self.question(request)
      guard role == Self.admin else {
        note.message = "Recommendation refused"
        try await Self.report(role, environment, &note)
        throw RouteError(403, "forbidden", "only an admin gets recommendations; the attempt is reported")
      }
      let input = RecommendSongs.Input(song: song)
      do {
        try input.validate()
      } catch let refusal as SongRefusal {
        throw RecommendationsEnvelope.invalid([.init(pointer: "/body/your_song", detail: refusal.detail)])
      }
      let id = try await environment.tasks.submit(Submission(Self.message(input, request, environment)))
      note.fields["task_id"] = .text(id.text)
      // Beside the path it was submitted on, which may be the root or the service's prefix.
      let base = request.path.hasSuffix("/") ? request.path : request.path + "/"
      return .json(
        202, .object([("task_id", .string(id.text)), ("status", .string("your request was sent"))]),
        headers: [("Location", "\(base)result/\(id)")])
    }
  }

  private static func question(_ request: RouteRequest) throws(RouteError) -> (song: String, role: String) {
    let body = try request.json()
    guard body.kind == .object else {
      throw RecommendationsEnvelope.invalid([.init(pointer: "/body", detail: "must be an object")])
    }
    let values = ["your_song", "your_role"].map { (name: $0, value: body[$0]) }
    let issues = values.compactMap { name, value -> RouteError.Issue? in
      if value == nil { return .init(pointer: "/body/\(name)", detail: "is required") }
      return value?.stringValue == nil ? .init(pointer: "/body/\(name)", detail: "must be a text") : nil
    }
    if !issues.isEmpty { throw RecommendationsEnvelope.invalid(issues) }
    return (values[0].value?.stringValue ?? "", values[1].value?.stringValue ?? "")
  }

  /// Tells people, and only then the client: what is answered is written down.
  private static func report(
    _ role: String, _ environment: ServiceEnvironment, _ note: inout Note
  ) async throws(EngineError) {
    // Whatever was sent, a report is a few lines long and says no more than it has to.
    let shown = String(String.UnicodeScalarView(role.unicodeScalars.prefix(100)))
    let alert = Alert(
      fraud, "a recommendation was asked for in the role '\(shown)', which is not \(admin)",
      service: RecommendationsService.name, time: environment.time.now)
    try await environment.resources.alerts.raise(alert)
    note.fields["alert"] = .text(fraud)
    InteractionLog.record(.alert, "Alert: \(fraud)", ["status": .text("raised")], environment.resources)
  }

  private static func message(
    _ input: RecommendSongs.Input, _ request: RouteRequest, _ environment: ServiceEnvironment
  ) throws -> TaskMessage {
    var message = TaskMessage(
      id: TaskID(stored: environment.tasks.ids.next()), task: RecommendSongs.name, queue: RecommendationsService.queue,
      kwargs: try RawJSONEncoder().encode(input), tenant: request.tenant)
    message.extras.traceparent = request.traceparent
    message.extras.requestID = request.requestID
    return message
  }
}
