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
              "What the caches of all services did, in all processes on the store.",
              [
                .init("hits", .count("Reads that found something.")),
                .init("misses", .count("Reads that found nothing.")),
                .init(
                  "hit_rate_percent",
                  JSONSchema(.number, description: "Share of the hits, with two decimals.", minimum: 0)),
                .init("total_requests", .count("All reads.")),
                .init("errors", .count("Calls of this process that failed.")),
                .init("sets", .count("Entries that were kept.")),
                .init("evictions", .count("Entries that gave way to a bound.")),
                .init("entries", .count("Entries that are kept now.")),
                .init("bytes", .count("What they count for against the bounds.")),
                .init("enabled", .flag("Whether caches are switched on.")),
                .init("connected", .flag("Whether the caches' store answers.")),
              ])),
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
