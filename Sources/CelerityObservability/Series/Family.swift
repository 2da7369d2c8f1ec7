import Synchronization

/// All series of one metric, by their label values. Bounded: when values come that would make too many, they are counted
/// together in one series whose labels all say `overflow`. Values may come from clients.
public final class Family<Series: MetricSeries>: Sendable {
  /// The value of every label of the series that takes what is too much.
  public static var overflow: String { "overflow" }

  public let definition: MetricDefinition
  private let limit: Int
  private let series = Mutex<[[String]: Series]>([:])

  init(_ definition: MetricDefinition, limit: Int) {
    self.definition = definition
    self.limit = limit
    if definition.labels.isEmpty { _ = with() }  // what has no labels is there from the beginning
  }

  /// The series of these label values, in the order of the definition's names; made when it is new.
  public func with(_ values: String...) -> Series { with(values: values) }

  /// As above.
  public func with(values: [String]) -> Series {
    precondition(values.count == definition.labels.count, "\(definition.name) has the labels \(definition.labels)")
    return series.withLock { series in
      if let known = series[values] { return known }
      let isFull = series.count >= limit
      let key = isFull ? Array(repeating: Self.overflow, count: values.count) : values
      if isFull, let known = series[key] { return known }
      let new = Series(definition)
      series[key] = new
      return new
    }
  }
}

/// A family whose kind of series does not matter: it is only read.
protocol AnyFamily: Sendable {
  var snapshot: MetricFamily { get }
}

extension Family: AnyFamily {
  var snapshot: MetricFamily {
    let all = series.withLock { $0 }
    return MetricFamily(definition, all.map { MetricSample(labels: $0.key, value: $0.value.value) })
  }
}
