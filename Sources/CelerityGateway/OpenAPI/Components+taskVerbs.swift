import CelerityCore

extension Components {
  /// What the verbs of a task answer, as `TaskView`, `LogLineView` and `TaskExplanation` write it.
  static let taskVerbs: [(String, JSONSchema)] = [
    ("TaskRetry", retry), ("TaskLogs", logs), ("TaskLogLine", logLine), ("TaskExplanation", explanation),
  ]

  private static let retry = JSONSchema.record(
    "A task that was sent on its way again.",
    [
      .init("id", .text("Its id, the same as before.")), .init("state", .component("TaskState")),
      .init("generation", .count("How often it was begun anew.")), .init("links", .component("TaskLinks")),
    ])

  private static let logLine = JSONSchema.record(
    "A line that a task's code logged.",
    [
      .init("number", .count("Its place in the task's log.")), .init("attempt", .count("The attempt that logged it.")),
      .init("time", .time("When it was logged.")),
      .init("level", .text("debug, info, warning, error, stdout or stderr.", example: "info")),
      .init("text", .text("The line, at most 8 KiB.")),
    ])

  private static let logs = JSONSchema.record(
    "Lines of a task's log, the oldest first.",
    [
      .init("lines", .list(of: .component("TaskLogLine"), "The lines.")),
      .init("next_after", .count("The `after` that leads to the lines behind these.")),
    ])

  private static let explanation = JSONSchema.record(
    "Why a task is in the state that it is in.",
    [
      .init("id", .text("Its id.")), .init("state", .component("TaskState")),
      .init("summary", .text("The main reason in one sentence.")),
      .init(
        "reasons",
        .list(
          of: .record(
            "A reason.",
            [
              .init("code", .text("The stable word for it.", example: "queue-paused")),
              .init("detail", .text("What it is about.")), .init("hint", .text("What to do about it.")).optional,
            ]), "Everything that is known about it, the weightiest first.")),
    ])
}
