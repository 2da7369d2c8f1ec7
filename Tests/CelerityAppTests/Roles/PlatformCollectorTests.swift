import CelerityObservability
import Testing

@testable import CelerityApp

@Suite(.timeLimit(.minutes(2))) struct PlatformCollectorTests {
  private func families(unannounced: (@Sendable () -> Int)?) async -> [MetricFamily] {
    await PlatformCollector(gateway: nil, worker: nil, name: "w@h", path: nil, unannounced: unannounced).collect()
  }

  @Test func `Work that nothing announced is counted where the store can tell`() async throws {
    let found = try #require(await families { 3 }.first)
    #expect(found.definition.sampleName == "celerity_store_unannounced_work_total")
    #expect(await families(unannounced: nil).isEmpty)
  }
}
