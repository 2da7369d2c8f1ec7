import CelerityCore

extension Components {
  /// What streams of events carry; the streams themselves are text, of which OpenAPI can say little.
  static let events: [(String, JSONSchema)] = [
    (
      "TaskEvent",
      .record(
        "Data of `task` and `progress` events of the stream of all tasks.",
        [
          .init("id", .text("The task's id.")), .init("task", .text("Name of its kind.")),
          .init("state", .component("TaskState")), .init("queue", .text("Its queue.")),
          .init("worker", .text("Who runs or ran it.").orNull),
          .init("seq", .count("Number of the change; grows from event to event.")),
          .init("at", .time("When it came into this state, as far as its record tells.")),
        ])
    ),
    (
      "TaskEnd",
      .record(
        "Data of the `end` event of a task's stream.",
        [.init("id", .text("The task's id.")), .init("state", .component("TaskState"))])
    ),
    (
      "EventGap",
      .record(
        "Data of `gap` events.",
        [
          .init("after", .count("Changes after this number are not all there any more.")),
          .init("after_line", .count("Lines of the task's log after this number are not all there any more.")).optional,
        ])
    ),
  ]
}
