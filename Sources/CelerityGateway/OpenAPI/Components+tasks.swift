import CelerityCore

extension Components {
  /// What `/v1` says about tasks, as `TaskView` writes it.
  static let tasks: [(String, JSONSchema)] = [
    ("TaskState", state), ("TaskLinks", links), ("TaskFailure", failure), ("TaskAttempt", attempt), ("Task", task),
    ("TaskPage", page), ("TaskResult", result), ("TaskCancellation", cancellation),
  ]

  private static let state = JSONSchema.words(
    "Celery's states. A delayed task is PENDING with an `eta`; SUCCESS, FAILURE and REVOKED are final.",
    TaskState.allCases.map(\.rawValue))

  private static let links = JSONSchema(
    .object(
      properties: [
        .init("self", .text("Path of the task.")), .init("result", .text("Path of its result.")),
        .init("cancel", .text("Path that cancels it with POST.")),
      ], additional: .of(JSONSchema(.string))),
    description: "Where to go on from a task: paths by what they are for.")

  private static let failure = JSONSchema.record(
    "Why a task failed or was revoked.",
    [
      .init("type", .text("Name of the error's type.", example: "ValueError")),
      .init("module", .text("Module of the type.").orNull),
      .init("message", .text("What the error says.")),
      .init("reason", .text("The platform's word for why the task ended so, `expired` for example.").orNull),
      .init("traceback", .text("Where it was thrown, when the code's language tells.").orNull),
      .init("signal", JSONSchema(.integer, description: "Signal that ended the process.")).optional,
      .init("exit_status", JSONSchema(.integer, description: "Exit status of the process.")).optional,
      .init("peak_memory_bytes", .count("Most memory the process had.")).optional,
      .init(
        "causes",
        .list(
          of: .record("An error.", [.init("type", .text("Its type.")), .init("message", .text("What it says."))]),
          "The errors behind this one, the nearest first.")),
    ])

  private static let attempt = JSONSchema.record(
    "An attempt that has ended without ending the task, or the last one.",
    [
      .init("attempt", .count("Its number.")), .init("worker", .text("Who made it.").orNull),
      .init("started_at", .time("When it began.").orNull), .init("ended_at", .time("When it ended.")),
      .init("cause", .text("How it ended: lease_expired, process_died, released, retried, failed, terminated.")),
      .init("detail", .text("More about that.").orNull),
    ])

  private static let task = JSONSchema.record(
    "All that is known of a task.", identity + outcome + times + origin)

  private static let identity: [JSONSchema.Property] = [
    .init("id", .text("Its id.")), .init("task", .text("Name of its kind.", example: "finance.compound_interest")),
    .init("state", .component("TaskState")), .init("queue", .text("Queue it was sent to.", example: "finance")),
    .init("priority", JSONSchema(.integer, isNullable: true, description: "9 goes first.", minimum: 0, maximum: 9)),
    .init("args", .list(of: JSONSchema(.any), "Positional arguments, as they came.")),
    .init("kwargs", .freeObject("Keyword arguments, as they came.")),
  ]

  private static let outcome: [JSONSchema.Property] = [
    .init("result", .anything("What it returned; null before and without a result.")),
    .init("error", .component("TaskFailure").orNull),
    .init("progress", .anything("What it last reported of its progress; null once it has ended.")),
    .init("attempts", .count("Attempts begun.")), .init("retries", .count("Times it was tried again.")),
    .init("cancel_requested", .flag("Whether it was asked to end.")),
    .init("worker", .text("Who runs or ran it.").orNull),
  ]

  private static let times: [JSONSchema.Property] = [
    .init("created_at", .time("When it was accepted.")), .init("eta", .time("Not before this.").orNull),
    .init("due_at", .time("When it becomes ready, or its lease ends.").orNull),
    .init("expires_at", .time("Not after this.").orNull),
    .init("started_at", .time("Begin of the last attempt.").orNull),
    .init("finished_at", .time("When it ended.").orNull),
    .init("time_limit_seconds", .seconds("The attempt is ended after this long.").orNull),
    .init("soft_time_limit_seconds", .seconds("The code is told to stop after this long.").orNull),
  ]

  private static let origin: [JSONSchema.Property] = [
    .init("parent_id", .text("Task that sent it.").orNull), .init("root_id", .text("First task of its tree.").orNull),
    .init("group_id", .text("Group it belongs to.").orNull),
    .init("group_index", JSONSchema(.integer, isNullable: true, description: "Its place in the group.")),
    .init("children", .list(of: JSONSchema(.string), "Ids of the tasks that followed its end.")),
    .init("tags", .list(of: JSONSchema(.string), "Words it was given.")),
    .init("request_id", .text("`X-Request-ID` of the request that led to it.").orNull),
    .init("traceparent", .text("W3C trace context.").orNull),
    .init("history", .list(of: .component("TaskAttempt"), "Attempts that have ended, the oldest first.")),
    .init("links", .component("TaskLinks")),
  ]

  private static let page = JSONSchema.record(
    "A page of tasks, the newest first.",
    [
      .init("tasks", .list(of: .component("Task"), "The tasks.")),
      .init("next_cursor", .text("The `cursor` of the next page; null on the last.").orNull),
      .init("has_more", .flag("Whether there is a next page.")),
      .init("searched", .count("How many tasks were looked at, when a search looked at only a part.")).optional,
    ])

  private static let result = JSONSchema.record(
    "The end of a task, or how far it is.",
    [
      .init("id", .text("Its id.")), .init("state", .component("TaskState")),
      .init("result", .anything("What it returned; only after SUCCESS.")).optional,
      .init("error", .component("TaskFailure")).optional,
      .init("progress", .anything("What it last reported; only before its end.")).optional,
    ])

  private static let cancellation = JSONSchema.record(
    "What became of a wish to cancel.",
    [
      .init("id", .text("The task's id.")), .init("state", .component("TaskState")),
      .init("cancel_requested", .flag("Whether it runs and was asked to stop.")),
      .init("links", .component("TaskLinks")),
    ])
}
