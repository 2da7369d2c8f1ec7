/// One time series: what a metric counts under one set of label values.
public protocol MetricSeries: AnyObject, Sendable {
  /// A series that has counted nothing.
  init(_ definition: MetricDefinition)
  /// What it stands at.
  var value: MetricValue { get }
}

/// What a series stands at.
public enum MetricValue: Sendable, Hashable {
  case number(Double)
  /// How many observations were at or below each bound, how many there were at all, and their sum.
  case histogram(cumulative: [Int], count: Int, sum: Double)
}
