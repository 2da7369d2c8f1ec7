import CelerityCore

extension Components {
  /// What `/v1` says about queues, as `QueueView` writes it.
  static let queues: [(String, JSONSchema)] = [
    ("Queue", queue),
    ("QueueList", .record("All queues.", [.init("queues", .list(of: .component("Queue"), "In the order of names."))])),
    (
      "QueuePause",
      .record("A queue that was paused or resumed.", [queueName, .init("paused", .flag("Its state now."))])
    ),
    (
      "QueuePurge",
      .record("A queue that was purged.", [queueName, .init("purged", .count("Tasks that were revoked."))])
    ),
    (
      "QueueMove",
      .record(
        "A queue whose tasks were moved.",
        [queueName, .init("to", .text("Where they are now.")), .init("moved", .count("Tasks that were moved."))])
    ),
  ]

  private static let queueName = JSONSchema.Property("queue", .text("Its name.", example: "finance"))

  private static let queue = JSONSchema.record(
    "A queue and what waits in it.",
    [
      .init("name", .text("Its name.", example: "finance")),
      .init("depth", .count("Tasks that have not started: ready and delayed.")),
      .init("ready", .count("Tasks that may start now.")), .init("delayed", .count("Tasks that wait for their time.")),
      .init("running", .count("Tasks that a worker holds.")), .init("paused", .flag("Whether nothing is fetched.")),
      .init("oldest_ready_at", .time("Since when the oldest ready task waits.").orNull),
    ])
}
