import CelerityCore
import CelerityJSON

extension Components {
  /// What a client sends to have a task run, as `TaskRequest` reads it.
  static let submission: [(String, JSONSchema)] = [
    (
      "Submission",
      JSONSchema(
        .object(properties: [name.optional] + call + times + links + workflow + extras, additional: .refused),
        description: about)
    ),
    ("Step", step), ("Chord", chord),
  ]

  private static let about = "A task to be run. A member that is null counts as left out; unknown members are refused."

  private static let name = JSONSchema.Property(
    "task", .name("Name of its kind.", 1...255, example: "finance.compound_interest"))

  private static let call: [JSONSchema.Property] = [
    .init("args", .list(of: JSONSchema(.any), "Positional arguments.").orNull).optional,
    .init("kwargs", .freeObject("Keyword arguments.").orNull).optional,
    .init("queue", .name("Queue to send it to; without it the task's own.", 1...200).orNull).optional,
    .init(
      "priority", JSONSchema(.integer, isNullable: true, description: "9 goes first.", minimum: 0, maximum: 9)
    ).optional,
  ]

  private static let times: [JSONSchema.Property] = [
    .init("countdown", .seconds("Not before so many seconds from now.").orNull).optional,
    .init("eta", .time("Not before this moment; not together with countdown.").orNull).optional,
    .init(
      "expires",
      JSONSchema(
        .oneOf([.time("A moment."), JSONSchema(.number, minimum: 0, isMinimumExclusive: true)]), isNullable: true,
        description: "Revoked when it has not started by then: a moment, or seconds from now.")
    ).optional,
    .init(
      "retries", JSONSchema(.integer, isNullable: true, description: "Most retries.", minimum: 0, maximum: 10_000)
    ).optional,
    .init("time_limit", .positiveSeconds("The attempt is ended after this long.")).optional,
    .init("soft_time_limit", .positiveSeconds("The code is told to stop after this long.")).optional,
  ]

  private static let extras: [JSONSchema.Property] = [
    .init("key", .name("At most one task under this key waits or runs.", 1...255).orNull).optional,
    .init(
      "tags",
      JSONSchema(
        .array(.name("A word.", 1...100)), isNullable: true, description: "Words to find it by.", maximumLength: 32)
    ).optional,
  ]

  private static let links: [JSONSchema.Property] = [
    .init("link", .steps("Called with the result after success.")).optional,
    .init("link_error", .steps("Called with the task's id after failure.")).optional,
  ]

  private static let workflow: [JSONSchema.Property] = [
    .init(
      "chain",
      JSONSchema(
        .array(.component("Step")), isNullable: true,
        description: "Steps one after the other, each called with what the one before returned.")
    ).optional,
    .init(
      "group",
      JSONSchema(.array(.component("Step")), isNullable: true, description: "Steps that run at the same time.")
    ).optional,
    .init("chord", .component("Chord").orNull).optional,
  ]

  private static let step = JSONSchema(
    .object(
      properties: [name.optional] + call + times + links + workflow + [
        .init("immutable", .flag("Whether no result is put before the arguments.").orNull).optional,
        .init("options", .freeObject("Publishing options by Celery's names.").orNull).optional,
        .init(
          "subtask_type",
          JSONSchema(
            .string, isNullable: true,
            values: [.null] + ["chain", "group", "chord", "xmap", "xstarmap", "chunks"].map(RawJSON.string))
        ).optional,
        .init("chord_size", JSONSchema(.integer, isNullable: true)).optional,
      ], additional: .refused),
    description: "A call to be made in its turn, a workflow, or a signature as Celery writes it.")

  private static let chord = JSONSchema(
    .object(
      properties: [
        .init("header", JSONSchema(.array(.component("Step")), description: "Steps that run at the same time.")),
        .init("body", .component("Step")),
      ], additional: .refused),
    description: "Steps that run at the same time, and one that is called with the list of their results.")
}

extension JSONSchema {
  /// A string of a length.
  fileprivate static func name(_ description: String, _ bytes: ClosedRange<Int>, example: String? = nil) -> JSONSchema {
    JSONSchema(
      .string, description: description, example: example.map(RawJSON.string), minimumLength: bytes.lowerBound,
      maximumLength: bytes.upperBound)
  }

  /// A time that is longer than none.
  fileprivate static func positiveSeconds(_ description: String) -> JSONSchema {
    JSONSchema(.number, isNullable: true, description: description, minimum: 0, isMinimumExclusive: true)
  }

  /// One step or several.
  fileprivate static func steps(_ description: String) -> JSONSchema {
    JSONSchema(
      .oneOf([
        .component("Step"), JSONSchema(.array(.component("Step")), maximumLength: StepReader.linkLimit),
      ]), isNullable: true, description: description)
  }
}
