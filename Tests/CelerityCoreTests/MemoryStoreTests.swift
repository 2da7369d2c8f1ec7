import CelerityCore
import CelerityTesting
import Testing

@Suite struct MemoryStoreTests {
  private static let conformance = StoreConformance(
    makeStore: { MemoryStore(time: $0) },
    restart: { store, _ in
      (store as? MemoryStore)?.restart()
      return store
    })

  @Test(arguments: StoreConformance.cases)
  func `The store in memory keeps its contract`(_ conformance: ConformanceCase) async throws {
    try await Self.conformance.check(conformance)
  }
}
