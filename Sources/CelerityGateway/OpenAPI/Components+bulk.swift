import CelerityCore

extension Components {
  /// What is answered to a bulk submission, as `BulkAnswer` writes it.
  static let bulk: [(String, JSONSchema)] = [("BulkAnswer", answer), ("BulkItem", item)]

  private static let answer = JSONSchema.record(
    "What became of each item, in the order in which they were sent.",
    [
      .init("accepted", .count("Items that are on disk and will be run.")),
      .init("refused", .count("Items that were not taken; the others were all the same.")),
      .init("items", .list(of: .component("BulkItem"), "One for each item.")),
    ])

  private static let item = JSONSchema.record(
    "What became of one item: either `id`, `state` and `queue`, or `error`.",
    [
      .init("index", .count("Its place among the items, from 0.")),
      .init("status", JSONSchema(.integer, description: "What a request of its own would have been answered.")),
      .init("id", .text("The task's id.")).optional, .init("state", .component("TaskState")).optional,
      .init("queue", .text("Queue it waits in.")).optional, .init("eta", .time("Not before this.")).optional,
      .init("existing", .words("Why no new task was made.", DuplicateCause.words)).optional,
      .init("error", .component("Problem")).optional,
    ])
}
