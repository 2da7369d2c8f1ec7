import CelerityCore
import CelerityJSON
import CelerityRoutes

/// What this API takes and answers.
enum RecommendationsSchemas {
  static let question = JSONSchema(
    .object(
      properties: [
        .init(
          "your_song", JSONSchema(.string, minimumLength: 1, maximumLength: RecommendSongs.Input.longestSong)),
        .init("your_role", JSONSchema(.string, description: "Only `admin` is served.")),
      ], additional: .allowed))

  static let questionExample = RawJSON.object([
    ("your_song", .string("Queen - Bohemian Rhapsody")), ("your_role", .string("admin")),
  ])

  static let message = JSONSchema.object([.init("message", JSONSchema(.string))])

  static let health = JSONSchema.object([.init("status", JSONSchema(.string, values: [.string("ok")]))])

  static let accepted = JSONSchema.object([
    .init("task_id", JSONSchema(.string)), .init("status", JSONSchema(.string)),
  ])

  static let result = JSONSchema.object([
    .init("status", JSONSchema(.string, values: ResultWord.allCases.map { .string($0.rawValue) })),
    .init("result", JSONSchema(.any, description: "What was found, of `Success`."), isRequired: false),
    .init("error", JSONSchema(.string, description: "Why not, of `Failed` and `Retrying`."), isRequired: false),
  ])

  static let healthLog = JSONSchema.object([
    .init("interval_seconds", JSONSchema(.integer)),
    .init("note", JSONSchema(.string, isNullable: true, description: "Why nobody is asked.")),
    .init(
      "checks",
      JSONSchema(
        .array(
          .object([
            .init("time", JSONSchema(.string, format: "date-time")), .init("healthy", JSONSchema(.boolean)),
            .init("status_code", JSONSchema(.integer, isNullable: true)), .init("seconds", JSONSchema(.number)),
            .init("error", JSONSchema(.string, isNullable: true)),
          ])))),
  ])

  static let location = Route.Parameter("Location", JSONSchema(.string), "Where the result will be.")
  static let retryAfter = Route.Parameter(
    "Retry-After", JSONSchema(.integer, minimum: 0), "Seconds after which trying again is worth while.")

  /// An error in the service's own form.
  static func error(_ status: Int, _ description: String, _ headers: [Route.Parameter] = []) -> Route.Response {
    .init(status, description, error, headers: headers)
  }

  static let unavailable = error(503, "The store can't be asked.", [retryAfter])

  private static let error = JSONSchema.object([
    .init(
      "detail",
      JSONSchema(
        .oneOf([
          JSONSchema(.string),
          JSONSchema(
            .array(
              .object([
                .init("loc", JSONSchema(.array(JSONSchema(.string)))), .init("msg", JSONSchema(.string)),
                .init("type", JSONSchema(.string)),
              ]))),
        ])))
  ])
}
