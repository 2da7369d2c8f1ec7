import CelerityCore

extension Components {
  /// What is answered to a submission.
  static let submissions: [(String, JSONSchema)] = [("Accepted", accepted)]

  private static let accepted = JSONSchema.record(
    "A task that is accepted: it is on disk and will be run.",
    [
      .init("id", .text("Its id; of a workflow the id of what ends last.")),
      .init("state", .component("TaskState")).optional,
      .init("queue", .text("Queue it waits in; missing, as the state, when a repeated task can't be looked up now."))
        .optional, .init("eta", .time("Not before this.")).optional,
      .init(
        "existing",
        .words(
          "Why no new task was made: one with this id, idempotency key or unique key was there.",
          DuplicateCause.words)
      ).optional,
      .init("position", .count("Tasks that are ready before it, counted within the last second.")).optional,
      .init("estimated_start", .time("When it will probably begin.")).optional,
      .init("warning", .text("Why it may not start at all: nobody takes from its queue, or it is paused.")).optional,
      .init("group", .text("Id of the group that a workflow ends with, or else has.")).optional,
      .init("children", .list(of: JSONSchema(.string), "Ids of all tasks of a workflow, in their order.")).optional,
      .init("links", .component("TaskLinks")),
    ])
}

extension DuplicateCause {
  /// All of them as `/v1` writes them.
  static let words = [DuplicateCause.sameID, .idempotencyKey, .uniqueKey].map(\.rawValue)
}
