import CelerityCore

extension Components {
  /// What `/v1` says about kinds of tasks, as `TaskKindEntry` writes it.
  static let kinds: [(String, JSONSchema)] = [
    ("Kind", kind),
    ("KindList", .record("All kinds.", [.init("kinds", .list(of: .component("Kind"), "In the order of names."))])),
  ]

  private static let kind = JSONSchema.record(
    "A kind of task.",
    [
      .init("task", .text("Its name.", example: "finance.compound_interest")),
      .init("summary", .text("What it does.").orNull),
      .init("queue", .text("Where its tasks go when a submission names no queue.").orNull),
      .init(
        "source",
        .words(
          "Who knows it: the gateway itself, a worker that announced it, or the settings.",
          ["registry", "worker", "external"])),
      .init("input", .freeObject("JSON Schema of its keyword arguments; null when only workers know them.").orNull),
      .init("output", .freeObject("JSON Schema of its result, when that can be told.").orNull),
      .init("links", .freeObject("Paths by what they are for.")),
    ])
}
