public import CelerityJSON

/// Metrics as JSON, for people with `jq` and for programs that know no Prometheus.
public enum JSONForm {
  /// Writes the metrics by their names as a member of an object.
  public static func write(_ families: [MetricFamily], to writer: inout JSONWriter) {
    writer.member(
      "metrics",
      object: { writer in
        for family in families where !family.samples.isEmpty {
          writer.member(family.definition.sampleName, object: { write(family, &$0) })
        }
      })
  }

  private static func write(_ family: MetricFamily, _ writer: inout JSONWriter) {
    let definition = family.definition
    writer.member("type", definition.kind.word)
    writer.member("unit", orNull: definition.unit?.rawValue)
    writer.member("help", definition.help)
    writer.member(
      "series",
      array: { writer in
        for sample in family.samples {
          writer.beginObject()
          writer.member(
            "labels",
            object: { writer in
              for (name, value) in zip(definition.labels, sample.labels) { writer.member(name, value) }
            })
          write(sample.value, of: definition, &writer)
          writer.endObject()
        }
      })
  }

  private static func write(_ value: MetricValue, of definition: MetricDefinition, _ writer: inout JSONWriter) {
    switch value {
    case .number(let number):
      if let whole = Int64(exactly: number) {
        writer.member("value", whole)
      } else {
        writer.member("value", orNull: RawJSON.double(number))  // JSON has no infinity
      }
    case .histogram(let cumulative, let count, let sum):
      writer.member("count", count)
      writer.member("sum", orNull: RawJSON.double(sum))
      guard case .histogram(let bounds) = definition.kind else { return }
      writer.member(
        "buckets",
        array: { writer in
          for (bound, below) in zip(bounds, cumulative) {
            writer.beginObject()
            writer.member("le", bound)
            writer.member("count", below)
            writer.endObject()
          }
        })
    }
  }
}
