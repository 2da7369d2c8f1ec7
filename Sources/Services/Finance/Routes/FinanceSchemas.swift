import CelerityCore
import CelerityJSON
import CelerityRoutes

/// What this API takes and answers.
enum FinanceSchemas {
  static let body = JSONSchema(
    .object(
      properties: [
        .init("data", JSONSchema(.object(properties: [], additional: .allowed)), isRequired: false),
        .init(
          "task_type", JSONSchema(.string, isNullable: true, values: RequestedTask.words.map(RawJSON.string)),
          isRequired: false),
        .init("priority", JSONSchema(.string, isNullable: true, values: PriorityBand.values), isRequired: false),
        .init("queue", JSONSchema(.string, isNullable: true, minimumLength: 1, maximumLength: 50), isRequired: false),
      ], additional: .allowed))

  static let bodyExample = RawJSON.object([
    ("data", .object([("amount", .integer(10_000)), ("rate", .double(0.05) ?? .null)]))
  ])

  static let accepted = JSONSchema.object([
    .init("task_id", JSONSchema(.string)), .init("status", JSONSchema(.string, values: [.string("PENDING")])),
    .init("queue", JSONSchema(.string)), .init("message", JSONSchema(.string)),
    .init(
      "estimated_wait_time_seconds",
      JSONSchema(
        .number, isNullable: true, description: "Null while no worker is there or no time was measured.", minimum: 0)),
  ])

  static let task = JSONSchema.object(taskProperties)

  static let page = JSONSchema.object([
    .init(
      "tasks",
      JSONSchema(
        .array(
          .object(
            taskProperties + [
              .init("result_omitted", JSONSchema(.boolean, description: "Whether the result was too long for a list."))
            ])))),
    .init("total", JSONSchema(.integer, minimum: 0)), .init("limit", JSONSchema(.integer, minimum: 1, maximum: 1000)),
    .init("offset", JSONSchema(.integer, minimum: 0)), .init("has_more", JSONSchema(.boolean)),
  ])

  static let health = JSONSchema.object([
    .init("status", JSONSchema(.string, values: [.string("healthy"), .string("degraded")])),
    .init("version", JSONSchema(.string)), .init("server_id", JSONSchema(.string)),
    .init("timestamp", JSONSchema(.string, format: "date-time")),
    .init("dependencies", .object(["redis", "celery_broker", "celery_workers"].map { .init($0, connection) })),
    .init(
      "queue_stats",
      .object(
        PriorityBand.allCases.map { .init($0.rawValue, JSONSchema(.integer, isNullable: true, minimum: 0)) })),
  ])

  static let location = Route.Parameter("Location", JSONSchema(.string), "Where the task is.")
  static let retryAfter = Route.Parameter(
    "Retry-After", JSONSchema(.integer, minimum: 0), "Seconds after which trying again is worth while.")

  /// An error in the service's own form.
  static func error(_ status: Int, _ description: String, _ headers: [Route.Parameter] = []) -> Route.Response {
    .init(status, description, error, headers: headers)
  }

  private static let error = JSONSchema.object([
    .init(
      "error",
      .object([
        .init("code", JSONSchema(.string)), .init("message", JSONSchema(.string)),
        .init("details", JSONSchema(.object(properties: [], additional: .allowed))),
        .init("request_id", JSONSchema(.string)),
      ]))
  ])

  private static let connection = JSONSchema(.string, values: [.string("connected"), .string("disconnected")])

  private static let taskProperties: [JSONSchema.Property] = [
    .init("task_id", JSONSchema(.string)),
    .init("status", JSONSchema(.string, values: TaskState.allCases.map { .string($0.rawValue) })),
    .init("priority", JSONSchema(.string, values: PriorityBand.values)), .init("queue", JSONSchema(.string)),
    .init("result", JSONSchema(.any)), .init("error", JSONSchema(.string, isNullable: true)),
    .init("created_at", JSONSchema(.string, format: "date-time")),
    .init("started_at", JSONSchema(.string, isNullable: true, format: "date-time")),
    .init("completed_at", JSONSchema(.string, isNullable: true, format: "date-time")),
    .init("processing_time_ms", JSONSchema(.number, isNullable: true, minimum: 0)),
  ]
}
