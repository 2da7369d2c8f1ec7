import CelerityCore
import CelerityJSON

extension Components {
  /// What is said to and by the routes of schedules.
  static let schedules: [(String, JSONSchema)] = [
    ("Schedule", schedule),
    (
      "ScheduleList",
      .record("All schedules.", [.init("schedules", .list(of: .component("Schedule"), "In the order of names."))])
    ),
    ("ScheduleRequest", request(named: true)), ("ScheduleReplacement", request(named: false)),
    ("SchedulePreview", preview),
  ]

  private static let schedule = JSONSchema.record(
    "Work that is submitted again and again.",
    [
      .init("name", .text("Its name.", example: "monday-interest")),
      .init("schedule", .text("When it fires.", example: "0 4 * * 1 Europe/Berlin")),
      .init("description", .text("The same in words.")),
      .init("timezone", .text("Zone of its clocks.", example: "UTC")),
      .init("task", .text("Kind of task it submits.")),
      .init("args", .list(of: JSONSchema(.any), "Positional arguments.")),
      .init("kwargs", .freeObject("Keyword arguments.")), .init("queue", .text("Where its tasks go.")),
      .init("priority", JSONSchema(.integer, isNullable: true, description: "9 goes first.", minimum: 0, maximum: 9)),
      .init("paused", .flag("Whether it is held back.")),
      .init("source", .text("`api`, or `service:NAME` for one that stands in a service's code.", example: "api")),
      .init("last_fired_at", .time("Its last slot that fired.").orNull),
      .init(
        "next_fire_at",
        JSONSchema(
          .array(.time("A moment.")), description: "Its next slot; empty when there is none.", maximumLength: 1)),
      .init("links", .freeObject("Paths by what they are for.")),
    ])

  private static func request(named: Bool) -> JSONSchema {
    let name = JSONSchema(
      .string, description: "1 to 200 characters of `A-Z a-z 0-9 . _ - :`.", minimumLength: 1, maximumLength: 200)
    let own: [JSONSchema.Property] = [named ? .init("name", name) : .init("name", name.orNull).optional]
    return JSONSchema(
      .object(properties: own + definition, additional: .refused),
      description: "A schedule. A member that is null counts as left out.")
  }

  private static let definition: [JSONSchema.Property] = [
    .init(
      "schedule",
      .text(
        "`every 30s`, a crontab with or without a zone behind it, `@daily`, or `at` a moment.", example: "0 4 * * 1")),
    .init("timezone", .text("Zone of a crontab that names none; UTC without it.", example: "Europe/Berlin").orNull)
      .optional,
    .init("task", .text("Kind of task to submit.", example: "finance.compound_interest")),
    .init("args", .list(of: JSONSchema(.any), "Positional arguments.").orNull).optional,
    .init("kwargs", .freeObject("Keyword arguments.").orNull).optional,
    .init("queue", .text("Where its tasks go; without it the task's own queue.").orNull).optional,
    .init("priority", JSONSchema(.integer, isNullable: true, description: "9 goes first.", minimum: 0, maximum: 9))
      .optional,
    .init("paused", .flag("Whether it is held back at first.").orNull).optional,
  ]

  private static let preview = JSONSchema.record(
    "When a schedule would fire.",
    [
      .init("schedule", .text("The schedule as it is kept.")), .init("description", .text("The same in words.")),
      .init("timezone", .text("Zone of its clocks.")),
      .init("next", .list(of: .time("A moment."), "The moments, the earliest first.")),
    ])
}
