import CelerityCore
import CelerityJSON
import CelerityRoutes

/// What this API takes and answers.
enum ItemsSchemas {
  static let id = JSONSchema(
    .string, example: .string("6544d1a0c8f00a1b2c3d4e5f"), minimumLength: ItemID.length, maximumLength: ItemID.length)

  static let newItem = item(isNameRequired: true)
  static let itemChange = item(isNameRequired: false)

  private static func item(isNameRequired: Bool) -> JSONSchema {
    JSONSchema(
      .object(
        properties: [
          .init("name", JSONSchema(.string, minimumLength: 1, maximumLength: 100), isRequired: isNameRequired),
          .init("description", JSONSchema(.string, isNullable: true, maximumLength: 500), isRequired: false),
          .init("metadata", anyObject, isRequired: false),
        ], additional: .allowed))
  }

  static let newItemExample = RawJSON.object([
    ("name", .string("Lamp")), ("description", .string("Brass, 40 cm")),
    ("metadata", .object([("shelf", .integer(7))])),
  ])

  static let item = JSONSchema.object([
    .init("id", id), .init("name", JSONSchema(.string)), .init("description", JSONSchema(.string, isNullable: true)),
    .init("metadata", anyObject), .init("created_at", moment), .init("updated_at", moment),
  ])

  static let job = JSONSchema(
    .object(
      properties: [
        .init("data", JSONSchema(.string, minimumLength: 1, maximumLength: ProcessData.Input.longestData)),
        .init(
          "iterations",
          JSONSchema(.integer, defaultValue: .integer(10), minimum: 1, maximum: 1000), isRequired: false),
        .init(
          "priority",
          JSONSchema(
            .string, values: JobPriority.allCases.map { .string($0.rawValue) }, defaultValue: .string("normal")),
          isRequired: false),
      ], additional: .allowed))

  static let jobExample = RawJSON.object([("data", .string("test")), ("iterations", .integer(5))])

  static let accepted = JSONSchema.object([
    .init("task_id", JSONSchema(.string)), .init("status", JSONSchema(.string, values: [.string("PENDING")])),
    .init("message", JSONSchema(.string)),
  ])

  static let status = JSONSchema.object([
    .init("task_id", JSONSchema(.string)),
    .init("status", JSONSchema(.string, values: JobStatus.all.map(RawJSON.string))),
    .init("result", JSONSchema(.any)), .init("error", JSONSchema(.string, isNullable: true)),
    .init(
      "progress",
      JSONSchema(
        .object(
          properties: [
            .init("current", JSONSchema(.integer, minimum: 0)), .init("total", JSONSchema(.integer, minimum: 0)),
            .init("progress", JSONSchema(.number, description: "Per cent.", minimum: 0, maximum: 100)),
            .init("status", JSONSchema(.string)),
          ], additional: .refused), isNullable: true)),
    .init("archived", JSONSchema(.boolean, description: "Whether the archive answers, and not the result store.")),
  ])

  static let root = JSONSchema.object(
    ["message", "version", "docs", "health"].map { .init($0, JSONSchema(.string)) })

  static let health = JSONSchema.object([
    .init("status", JSONSchema(.string, values: [.string("healthy"), .string("degraded")])),
    .init("timestamp", moment),
    .init("services", .object(["mongodb", "redis", "rabbitmq"].map { .init($0, connection) })),
  ])

  static let location = Route.Parameter("Location", JSONSchema(.string), "Where it is.")
  static let tag = Route.Parameter("ETag", JSONSchema(.string), "The item's version, for `If-Match`.")
  static let condition = Route.Parameter(
    "If-Match", JSONSchema(.string), "Only if the item still has the version of this `ETag`.")
  static let retryAfter = Route.Parameter(
    "Retry-After", JSONSchema(.integer, minimum: 0), "Seconds after which trying again is worth while.")

  /// An error in the service's own form.
  static func error(_ status: Int, _ description: String, _ headers: [Route.Parameter] = []) -> Route.Response {
    .init(status, description, error, headers: headers)
  }

  static let malformed = error(400, "The body is no JSON.")
  static let noItem = error(404, "There is no such item.")
  static let changed = error(412, "The item has another version.")
  static let unavailable = error(503, "The store can't be asked.", [retryAfter])

  private static let error = JSONSchema.object([
    .init("error", JSONSchema(.string)), .init("status_code", JSONSchema(.integer)),
    .init(
      "detail",
      JSONSchema(
        .array(
          .object([
            .init("loc", JSONSchema(.array(JSONSchema(.string)))), .init("msg", JSONSchema(.string)),
            .init("type", JSONSchema(.string)),
          ]))), isRequired: false),
  ])

  private static let anyObject = JSONSchema(.object(properties: [], additional: .allowed))
  private static let moment = JSONSchema(.string, format: "date-time")
  private static let connection = JSONSchema(.string, values: [.string("connected"), .string("disconnected")])
}
