import CelerityCore

extension Components {
  /// What `/v1` says about workers, as `WorkerView` writes it.
  static let workers: [(String, JSONSchema)] = [
    ("Worker", worker),
    (
      "WorkerOrder",
      .record(
        "An order that a worker will be told.",
        [
          .init("worker", .text("Its name.", example: "celery@host")),
          .init("order", .words("What it will be told.", ["quiet", "resume", "stop", "scale"])),
        ])
    ),
    (
      "WorkerList",
      .record(
        "Workers that are there now.", [.init("workers", .list(of: .component("Worker"), "In the order of names."))])
    ),
  ]

  private static let worker = JSONSchema.record(
    "A worker that announced itself within the last seconds.",
    [
      .init("name", .text("Its name.", example: "celerity@host")),
      .init("incarnation", .text("Changes whenever it starts.")), .init("hostname", .text("Machine it runs on.")),
      .init("pid", JSONSchema(.integer, description: "Its process.")), .init("version", .text("Its version.")),
      .init("queues", .list(of: JSONSchema(.string), "Queues it takes from.")),
      .init("concurrency", .count("Tasks it can run at once.")), .init("running", .count("Tasks it runs now.")),
      .init("processed", .count("Attempts it has ended.")),
      .init("tasks", .list(of: JSONSchema(.string), "Kinds of tasks it has code for.")),
      .init("started_at", .time("When it started.")),
      .init("draining", .flag("Whether it takes no more and ends when its slots are free.")),
    ])
}
