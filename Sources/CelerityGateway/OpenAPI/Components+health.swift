import CelerityCore

extension Components {
  /// What the platform says of its health and its numbers.
  static let health: [(String, JSONSchema)] = [
    (
      "Probe",
      .record(
        "Whether a probe passed, check by check.",
        [
          .init("status", .words("Whether it passed.", ["ok", "failed"])),
          .init(
            "checks",
            .list(
              of: .record(
                "A check.",
                [
                  .init("name", .text("Its name, as `exclude` takes it.", example: "engine")),
                  .init("status", .words("Its result.", ["ok", "failed", "excluded"])),
                ]), "The checks in order.")),
        ])
    ),
    (
      "Metrics",
      .record(
        "Metrics by name, and what the cache did.",
        [
          .init("timestamp", .time("When they were read.")),
          .init(
            "cache",
            .record(
              "What the cache did since the start.",
              ["hits", "misses", "evictions", "entries", "bytes"].map { .init($0, .count("The cache's \($0).")) })),
          .init(
            "metrics",
            JSONSchema(
              .object(properties: [], additional: .of(.component("Metric"))),
              description: "Metrics by the names that Prometheus gives them.")),
        ])
    ),
    (
      "Metric",
      .record(
        "A metric with its series.",
        [
          .init("type", .words("Its kind.", ["counter", "gauge", "histogram"])),
          .init("unit", .text("Its unit, when it has one.").orNull), .init("help", .text("What it tells.")),
          .init(
            "series", .list(of: .freeObject("`labels` with a `value`, or `count`, `sum` and `buckets`."), "Its series.")
          ),
        ])
    ),
  ]
}
