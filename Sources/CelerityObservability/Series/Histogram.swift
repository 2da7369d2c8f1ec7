import Synchronization

/// Counts observations by their size.
public final class Histogram: MetricSeries {
  private struct State {
    /// One for each bound and one for what is above all of them.
    var counts: [Int]
    var sum = 0.0
  }

  private let bounds: [Double]
  private let state: Mutex<State>

  /// A histogram with the bounds of its definition that has seen nothing.
  public init(_ definition: MetricDefinition) {
    if case .histogram(let bounds) = definition.kind { self.bounds = bounds } else { bounds = [] }
    state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  /// Counts an observation. What is no number is nothing to be counted: it would spoil the sum for ever.
  public func observe(_ size: Double) {
    guard size.isFinite else { return }
    // Few bounds, and most observations are small: looking from the front is quicker than halving.
    let index = bounds.firstIndex { size <= $0 } ?? bounds.count
    state.withLock { state in
      state.counts[index] += 1
      state.sum += size
    }
  }

  public var value: MetricValue {
    let state = state.withLock { $0 }
    var total = 0
    let cumulative = state.counts.dropLast().map { count in
      total += count
      return total
    }
    return .histogram(cumulative: cumulative, count: total + (state.counts.last ?? 0), sum: state.sum)
  }
}
