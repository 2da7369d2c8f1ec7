import CelerityCore
import CelerityJSON
import CelerityRoutes

/// What this API takes and answers.
enum DocumentsSchemas {
  private static let anyObject = JSONSchema(.object(properties: [], additional: .allowed))
  private static let text = JSONSchema(.string)
  private static let count = JSONSchema(.integer, minimum: 0)
  private static let moment = JSONSchema(.string, format: "date-time")

  private static func words(_ words: [String], default word: String? = nil) -> JSONSchema {
    JSONSchema(.string, values: words.map(RawJSON.string), defaultValue: word.map(RawJSON.string))
  }

  private static func optional(_ name: String, _ schema: JSONSchema) -> JSONSchema.Property {
    JSONSchema.Property(name, schema, isRequired: false)
  }

  private static func orNull(_ schema: JSONSchema) -> JSONSchema {
    var schema = schema
    schema.isNullable = true
    return schema
  }

  // MARK: Requests

  private static let type = JSONSchema.Property("document_type", words(DocumentType.allCases.map(\.rawValue)))
  private static let template = JSONSchema.Property("template", words(DocumentTemplate.allCases.map(\.rawValue)))
  private static let spacing = optional(
    "spacing_mode", words(SpacingMode.allCases.map(\.rawValue), default: SpacingMode.compact.rawValue))
  private static let data = JSONSchema.Property("data", anyObject)
  private static let level = words(ValidationLevel.words, default: ValidationLevel.standard.rawValue)

  private static let making: [JSONSchema.Property] = [
    type, template,
    optional("format", words(DocumentFormat.allCases.map(\.rawValue), default: DocumentFormat.pdf.rawValue)),
    spacing,
    optional(
      "ultra_validation",
      JSONSchema(.boolean, description: "Whether data are cleaned and normalised first.", defaultValue: .false)),
    optional("validation_level", level),
    optional(
      "clean_up",
      JSONSchema(.boolean, description: "Taken for old clients' sake: nothing is left behind.", defaultValue: .true)),
    optional("priority", JSONSchema(.integer, defaultValue: .integer(5), minimum: 0, maximum: 10)),
  ]

  static let order = JSONSchema(.object(properties: making + [data], additional: .allowed))
  static let orderInYAML = JSONSchema(
    .object(properties: making + [.init("yaml_data", text)], additional: .allowed))
  static let batch = JSONSchema(
    .object(
      properties: [
        .init(
          "documents",
          JSONSchema(.array(order), minimumLength: 1, maximumLength: DocumentsRoutes.largestBatch))
      ], additional: .allowed))
  static let validation = JSONSchema(
    .object(properties: [type, data, optional("validation_level", level)], additional: .allowed))
  static let analysis = JSONSchema(.object(properties: [type, template, spacing, data], additional: .allowed))

  // MARK: Answers

  private static let errorMembers: [JSONSchema.Property] = [
    .init("code", words(DocumentError.Code.allCases.map(\.rawValue))), .init("category", text),
    .init("severity", text), .init("title", text), .init("message", text), optional("suggested_fix", text),
    optional("field", text), optional("context", anyObject),
  ]
  private static let found = JSONSchema.object(errorMembers)

  static let error = JSONSchema.object([
    .init(
      "error",
      .object(
        errorMembers + [
          .init("request_id", JSONSchema(.string, minimumLength: 8, maximumLength: 8)), .init("timestamp", moment),
        ]))
  ])

  private static let taken: [JSONSchema.Property] = [
    .init("job_id", text), .init("status", words([JobStatus.pending.rawValue])), .init("status_url", text),
    .init("download_url", text),
  ]

  static let accepted = JSONSchema.object(
    taken + [
      .init("queue", text),
      .init("estimated_wait_seconds", JSONSchema(.number, isNullable: true, minimum: 0)),
    ])

  static let batchAccepted = JSONSchema.object([
    .init("accepted", count), .init("rejected", count),
    .init(
      "jobs",
      JSONSchema(
        .array(
          .object(
            [.init("index", count)] + taken.map { optional($0.name, $0.schema) } + [optional("error", found)])))),
  ])
  static let batchRefused = JSONSchema(.oneOf([batchAccepted, error]))

  static let job = JSONSchema.object([
    .init("job_id", text), .init("status", words(JobStatus.allCases.map(\.rawValue))),
    .init("progress", JSONSchema(.integer, minimum: 0, maximum: 100)), .init("message", text),
    .init("document_type", orNull(text)), .init("template", orNull(text)), .init("format", orNull(text)),
    .init("queue", text), .init("created_at", moment), .init("started_at", orNull(moment)),
    .init("completed_at", orNull(moment)), .init("attempts", count), .init("error", orNull(found)),
    .init(
      "result",
      orNull(
        .object([
          .init("filename", text), .init("file_size", count), .init("content_type", text),
          .init("pages", orNull(count)), .init("cached", JSONSchema(.boolean)), .init("download_url", text),
        ]))),
    .init("expires_at", orNull(moment)), .init("status_url", text), .init("download_url", text),
  ])

  static let validated = JSONSchema.object([
    .init("valid", JSONSchema(.boolean)), .init("validation_level", words(ValidationLevel.words)),
    .init("message", text), optional("errors", JSONSchema(.array(found))),
    optional("suggestions", JSONSchema(.array(text))),
    optional(
      "data_summary",
      .object([
        .init("document_type", text), .init("sections_found", JSONSchema(.array(text))),
        .init("personal_info_complete", JSONSchema(.boolean)),
      ])), optional("normalized_data", anyObject), .init("warnings", JSONSchema(.array(found))),
  ])

  /// An object of whose members its own documentation tells.
  static let object = anyObject

  // MARK: Header fields and errors

  static let disposition = Route.Parameter("Content-Disposition", text, "The file's name.")
  static let location = Route.Parameter("Location", text, "Where the job is.")
  private static let retryAfter = Route.Parameter(
    "Retry-After", JSONSchema(.integer, minimum: 0), "Seconds after which trying again is worth while.")

  private static let reasons = [
    400: "The data, or the format, are not right.", 404: "There is no such thing.",
    409: "It can't be done in this state.", 410: "The document is no longer kept.", 413: "The body is too large.",
    422: "The body can't be read.", 500: "The document could not be made.", 503: "The service is busy.",
    504: "The document was not ready in time.",
  ]

  /// Errors in the service's own form.
  static func errors(_ statuses: [Int]) -> [Route.Response] {
    statuses.map { status in
      .init(status, reasons[status] ?? "An error.", error, headers: [409, 503].contains(status) ? [retryAfter] : [])
    }
  }
}
