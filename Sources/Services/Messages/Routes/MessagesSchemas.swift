import CelerityCore
import CelerityJSON
import CelerityRoutes

/// What this API takes and answers. Answers are described from the types that they are made of.
enum MessagesSchemas {
  static let body = JSONSchema(
    .object(
      properties: [
        .init(
          "message",
          JSONSchema(.string, description: "The text; up to `messages.longest_text` characters.", minimumLength: 1)),
        .init(
          "user_id",
          JSONSchema(
            .string, isNullable: true, description: "Who wrote it.", minimumLength: 1,
            maximumLength: PostedMessage.longestUserID), isRequired: false),
        .init(
          "metadata",
          JSONSchema(
            .object(properties: [], additional: .allowed), isNullable: true,
            description: "What the client wants kept with it, at most \(PostedMessage.longestMetadata) bytes."),
          isRequired: false),
      ], additional: .allowed))

  static let bodyExample = RawJSON.object([
    ("message", .string("The new release is wonderful, thank you!")), ("user_id", .string("u-17")),
    ("metadata", .object([("channel", .string("web"))])),
  ])

  static let accepted = schema(of: AcceptedView.self)
  static let message = schema(of: MessageView.self)
  static let messages = schema(of: MessagesPage.self)
  static let user = schema(of: UserView.self)
  static let task = schema(of: TaskView.self)
  static let status = schema(of: StatusView.self)
  static let logs = schema(of: LogsPage.self)
  static let alerts = schema(of: AlertsPage.self)

  static let location = Route.Parameter("Location", JSONSchema(.string), "Where the message is.")

  static let userFilter = Route.Parameter(
    "user_id", JSONSchema(.string, minimumLength: 1, maximumLength: 1024), "Only those of this user.")

  static let paging: [Route.Parameter] = [
    .init(
      "limit",
      JSONSchema(
        .integer, defaultValue: .integer(Int64(RouteRequest.defaultPageLimit)),
        minimum: Double(RouteRequest.pageLimits.lowerBound), maximum: Double(RouteRequest.pageLimits.upperBound)),
      "Most entries on the page."),
    .init(
      "cursor", JSONSchema(.string, minimumLength: 1, maximumLength: 300),
      "`next_cursor` of the page before; a page without one is the last."),
  ]

  static let readProblems = [
    problem(400, "A parameter is given twice."), problem(422, "A parameter has a value that it can't have."),
    unavailable,
  ]

  static let unavailable = problem(
    503, "The store or the queue can't be reached.",
    [.init("Retry-After", JSONSchema(.integer, minimum: 0), "Seconds after which trying again is worth while.")])

  /// An error in the platform's form.
  static func problem(_ status: Int, _ description: String, _ headers: [Route.Parameter] = []) -> Route.Response {
    .init(
      status, description, JSONSchema(.reference("Problem")), contentType: "application/problem+json", headers: headers)
  }

  /// The schema of a type. That each type can be described is what a test sees to.
  private static func schema<Value: Decodable>(of type: Value.Type) -> JSONSchema {
    (try? JSONSchema.of(type)) ?? JSONSchema(.any)
  }
}
