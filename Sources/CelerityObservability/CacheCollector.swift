public import CelerityCore
import Synchronization

/// What a store's caches have done, asked for when somebody reads. Those whose name begins with `_` hold what services need for
/// themselves, and would spoil the figures of what is asked for: they are left out. While the store is away the numbers stand still.
public final class CacheCollector: MetricsCollector {
  private let store: any CacheStatistics
  private let isEnabled: Bool
  private let last = Mutex<[String: CacheFigures]>([:])

  /// A collector of a store, in a process that uses caches or does not.
  public init(_ store: any CacheStatistics, isEnabled: Bool) {
    self.store = store
    self.isEnabled = isEnabled
  }

  public func collect() async -> [MetricFamily] {
    let read = try? await store.caches().filter { !$0.key.hasPrefix("_") }
    let caches = last.withLock { last in
      if let read { last = read }
      return last
    }
    func family(_ definition: MetricDefinition, _ value: (CacheFigures) -> Int64) -> MetricFamily {
      MetricFamily(definition, numbers: caches.map { ([$0.key], Double(value($0.value))) })
    }
    return [
      family(MetricTable.cacheHits, \.hits), family(MetricTable.cacheMisses, \.misses),
      family(MetricTable.cacheSets, \.sets), family(MetricTable.cacheEvictions, \.evictions),
      family(MetricTable.cacheEntries, \.entries), family(MetricTable.cacheBytes, \.bytes),
      MetricFamily(MetricTable.cacheEnabled, isEnabled ? 1 : 0),
      MetricFamily(MetricTable.cacheConnected, read != nil ? 1 : 0),
    ]
  }

  /// All caches of a reading together.
  public static func report(in families: [MetricFamily]) -> CacheReport {
    func sum(_ definition: MetricDefinition) -> Int64 {
      let samples = families.first { $0.definition == definition }?.samples ?? []
      return samples.reduce(0) { sum, sample in
        if case .number(let number) = sample.value { sum + (Int64(exactly: number) ?? 0) } else { sum }
      }
    }
    return CacheReport(
      CacheFigures(
        hits: sum(MetricTable.cacheHits), misses: sum(MetricTable.cacheMisses), sets: sum(MetricTable.cacheSets),
        evictions: sum(MetricTable.cacheEvictions), entries: sum(MetricTable.cacheEntries),
        bytes: sum(MetricTable.cacheBytes)),
      errors: sum(MetricTable.cacheErrors), isEnabled: sum(MetricTable.cacheEnabled) == 1,
      isConnected: sum(MetricTable.cacheConnected) == 1)
  }
}
