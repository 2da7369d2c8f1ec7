import Synchronization

/// Counts what happens; never goes back.
public final class Counter: MetricSeries {
  private let count = Atomic<Int>(0)

  /// A counter at 0.
  public init(_ definition: MetricDefinition) {}

  /// Counts one more, or several.
  public func add(_ number: Int = 1) { count.wrappingAdd(max(0, number), ordering: .relaxed) }

  public var value: MetricValue { .number(Double(count.load(ordering: .relaxed))) }
}
