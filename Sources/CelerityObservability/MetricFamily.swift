/// A metric with its values at one moment.
public struct MetricFamily: Sendable, Hashable {
  public let definition: MetricDefinition
  /// In the order of their label values, so that two scrapes can be compared by eye.
  public let samples: [MetricSample]

  /// A metric's values.
  public init(_ definition: MetricDefinition, _ samples: [MetricSample]) {
    self.definition = definition
    self.samples = samples.sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
  }

  /// A metric with numbers that somebody else knows. Where there are very many, those that come last are left out: what
  /// is shown for each queue must not make a scrape of any size.
  public init(_ definition: MetricDefinition, numbers: [(labels: [String], value: Double)], limit: Int = 2000) {
    self.init(
      definition, numbers.prefix(limit).map { MetricSample(labels: $0.labels, value: .number($0.value)) })
  }

  /// A metric without labels.
  public init(_ definition: MetricDefinition, _ value: Double) {
    self.init(definition, [MetricSample(labels: [], value: .number(value))])
  }
}

/// The value of one series at one moment.
public struct MetricSample: Sendable, Hashable {
  public let labels: [String]
  public let value: MetricValue

  /// A series' label values and its value.
  public init(labels: [String], value: MetricValue) {
    self.labels = labels
    self.value = value
  }
}
