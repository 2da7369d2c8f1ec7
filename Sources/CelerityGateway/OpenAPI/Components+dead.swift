import CelerityCore
import CelerityJSON

extension Components {
  /// What is said to and by the routes of dead letters.
  static let dead: [(String, JSONSchema)] = [
    ("DeadPage", page), ("DeadSelection", selection), ("DeadResult", result), ("DeadDiscard", discard),
  ]

  private static let page = JSONSchema.record(
    "A page of dead letters, the newest first.",
    [
      .init("dead", .list(of: .component("Task"), "The tasks.")),
      .init("next_cursor", .text("The `cursor` of the next page; null on the last.").orNull),
      .init("has_more", .flag("Whether there is a next page.")),
      .init("searched", .count("How many tasks were looked at, when a search looked at only a part.")).optional,
    ])

  private static let selection = JSONSchema(
    .object(
      properties: [
        .init(
          "ids",
          JSONSchema(
            .array(JSONSchema(.string, minimumLength: 1, maximumLength: 255)), isNullable: true,
            description: "Their ids; not together with a filter.", maximumLength: DeadSelection.limit)
        ).optional,
        .init(
          "q",
          JSONSchema(
            .string, isNullable: true, description: "A filter, as in lists.",
            maximumLength: TaskFilter.longestText)
        ).optional,
        .init("task", JSONSchema(.string, isNullable: true, minimumLength: 1, maximumLength: 255)).optional,
        .init("queue", JSONSchema(.string, isNullable: true, minimumLength: 1, maximumLength: 200)).optional,
        .init("reason", JSONSchema(.string, isNullable: true, values: DeadReason.allCases.map { .string($0.rawValue) }))
          .optional,
        .init(
          "limit",
          JSONSchema(
            .integer, isNullable: true, description: "Most tasks to be touched.", minimum: 1,
            maximum: Double(DeadSelection.limit))
        ).optional,
      ], additional: .refused),
    description: "Which dead letters are meant: some ids, or a filter. One of them must be there.")

  private static let result = JSONSchema.record(
    "What became of dead letters.",
    [
      .init("affected", .count("How many were touched.")),
      .init(
        "refused",
        .list(
          of: .record(
            "One that was not touched.",
            [.init("id", .text("Its id.")), .init("code", .text("Why: a problem's code.", example: "not-dead"))]),
          "Those among the ids that could not be touched.")),
      .init("has_more", .flag("Whether the filter would find others.")),
    ])

  private static let discard = JSONSchema.record(
    "A dead letter that is gone.",
    [.init("id", .text("Its id.")), .init("discarded", .flag("Always true."))])
}
