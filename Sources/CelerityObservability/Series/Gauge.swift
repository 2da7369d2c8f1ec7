import Synchronization

/// Shows a number that goes up and down.
public final class Gauge: MetricSeries {
  private let bits = Atomic<UInt64>(0)

  /// A gauge at 0.
  public init(_ definition: MetricDefinition) {}

  /// Shows another number.
  public func set(_ number: Double) { bits.store(number.bitPattern, ordering: .relaxed) }

  public var value: MetricValue { .number(Double(bitPattern: bits.load(ordering: .relaxed))) }
}
