import CelerityCore
import CelerityObservability
import CelerityTesting
import Synchronization
import Testing

@Suite("What is shown of caches")
struct CacheCollectorTests {
  /// A store that can be taken away.
  private final class Shelf: CacheStatistics {
    let memory = MemoryStore(time: TestTime())
    private let state = Mutex(false)
    var isAway: Bool {
      get { state.withLock { $0 } }
      set { state.withLock { $0 = newValue } }
    }

    func caches() async throws(EngineError) -> [String: CacheFigures] {
      if isAway { throw EngineError(.unavailable, "away") }
      return try await memory.caches()
    }
  }

  private func fill(_ shelf: Shelf) async throws {
    for cache in ["documents", "items"] {
      let key = CacheKey(cache, "a")
      _ = try await shelf.memory.cached(key)
      try await shelf.memory.cache(Blob(contentType: "", bytes: [1]), at: key, for: .seconds(60), bound: 1000)
    }
    _ = try await shelf.memory.cached(CacheKey("items", "a"))
  }

  private func samples(_ definition: MetricDefinition, _ families: [MetricFamily]) -> [[String]: Double] {
    let samples = families.first { $0.definition == definition }?.samples ?? []
    return Dictionary(
      uniqueKeysWithValues: samples.map { sample in
        if case .number(let number) = sample.value { (sample.labels, number) } else { (sample.labels, .nan) }
      })
  }

  @Test("What a service keeps for itself, in a cache whose name says so, is in no figure")
  func unshown() async throws {
    let shelf = Shelf()
    let collector = CacheCollector(shelf, isEnabled: true)
    try await fill(shelf)
    let before = CacheCollector.report(in: await collector.collect())
    let key = CacheKey("_documents-typesetter", "a")
    _ = try await shelf.memory.cached(key)
    try await shelf.memory.cache(Blob(contentType: "", bytes: [1]), at: key, for: .seconds(60), bound: 1000)
    #expect(CacheCollector.report(in: await collector.collect()) == before)
  }

  @Test("S1.02: each cache has series of its own, and the report is the sum over all")
  func shown() async throws {
    let shelf = Shelf()
    let collector = CacheCollector(shelf, isEnabled: true)
    #expect(
      CacheCollector.report(in: await collector.collect()) == CacheReport(isEnabled: true, isConnected: true))
    try await fill(shelf)
    let families = await collector.collect()
    #expect(samples(MetricTable.cacheHits, families) == [["documents"]: 0, ["items"]: 1])
    #expect(samples(MetricTable.cacheMisses, families) == [["documents"]: 1, ["items"]: 1])
    #expect(samples(MetricTable.cacheBytes, families) == [["documents"]: 130, ["items"]: 130])
    let report = CacheCollector.report(in: families)
    #expect(report.figures == CacheFigures(hits: 1, misses: 2, sets: 2, entries: 2, bytes: 260))
    #expect(report.figures.hitRatePercent == 33.33 && report.figures.requests == 3)
  }

  @Test("S1.32: while the store is away the numbers stand still, and it is said")
  func away() async throws {
    let shelf = Shelf()
    let collector = CacheCollector(shelf, isEnabled: false)
    try await fill(shelf)
    let before = CacheCollector.report(in: await collector.collect())
    #expect(!before.isEnabled && before.isConnected)
    shelf.isAway = true
    let during = CacheCollector.report(in: await collector.collect())
    #expect(during.figures == before.figures && !during.isConnected)
    #expect(during.figures.requests == 3)
  }
}
