/// The reference page of metrics, made from the table.
public enum MetricsReference {
  /// The page in Markdown, without a line feed at its end.
  public static var markdown: String {
    let head = [
      "# Metrics",
      "",
      "Made from the table of metrics; a test compares the two. How to read them: [Watch with Prometheus and",
      "Grafana](../how-to/metrics.md).",
      "",
      "`GET /metrics` answers JSON by default, Prometheus's text when `Accept` asks for `text/plain`, and OpenMetrics when it",
      "asks for `application/openmetrics-text`. Names that begin with `celery_` and their labels are those of celery-exporter.",
      "A metric has at most 1,000 series; further label values are counted together under `overflow`. Histograms have",
      "`_bucket`, `_sum` and `_count`.",
      "",
      "| metric | kind | labels | meaning |",
      "| --- | --- | --- | --- |",
    ]
    return (head + MetricTable.all.map(row)).joined(separator: "\n")
  }

  private static func row(_ definition: MetricDefinition) -> String {
    let labels = definition.labels.map { "`\($0)`" }.joined(separator: ", ")
    let kind = definition.kind.word
    return "| `\(definition.sampleName)` | \(kind) | \(labels.isEmpty ? "–" : labels) | \(definition.help) |"
  }
}
