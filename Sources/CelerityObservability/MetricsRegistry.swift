import Synchronization

/// What asks elsewhere for numbers when somebody wants to read them.
public protocol MetricsCollector: Sendable {
  /// The metrics as they stand; those that can't be had now are left out.
  func collect() async -> [MetricFamily]
}

/// Holds every metric of a process. Making a metric costs; counting in one is a look-up and an addition.
public final class MetricsRegistry: Sendable {
  private struct State {
    var families: [any AnyFamily] = []
    var names: Set<String> = []
    var collectors: [any MetricsCollector] = []
  }

  private let limit: Int
  private let state = Mutex(State())

  /// A registry whose metrics have at most so many series each.
  public init(seriesLimit: Int = 1000) { limit = seriesLimit }

  /// A counter for each set of label values. A name may be used once.
  public func counter(_ definition: MetricDefinition) -> Family<Counter> {
    precondition(definition.kind == .counter, "\(definition.name) is no counter")
    return add(Family(definition, limit: limit))
  }

  /// A gauge for each set of label values. A name may be used once.
  public func gauge(_ definition: MetricDefinition) -> Family<Gauge> {
    precondition(definition.kind == .gauge, "\(definition.name) is no gauge")
    return add(Family(definition, limit: limit))
  }

  /// A histogram for each set of label values. A name may be used once.
  public func histogram(_ definition: MetricDefinition) -> Family<Histogram> {
    guard case .histogram = definition.kind else { preconditionFailure("\(definition.name) is no histogram") }
    return add(Family(definition, limit: limit))
  }

  /// Has a collector asked with every reading.
  public func add(_ collector: any MetricsCollector) { state.withLock { $0.collectors.append(collector) } }

  private func add<Series>(_ family: Family<Series>) -> Family<Series> {
    state.withLock { state in
      let isNew = state.names.insert(family.definition.name).inserted
      precondition(isNew, "\(family.definition.name) is in the registry already")
      state.families.append(family)
    }
    return family
  }

  /// Every metric as it stands, by name.
  public func snapshot() async -> [MetricFamily] {
    let (families, collectors) = state.withLock { ($0.families, $0.collectors) }
    var all = families.map(\.snapshot)
    for collector in collectors { all += await collector.collect() }
    return all.sorted { $0.definition.name < $1.definition.name }
  }
}
