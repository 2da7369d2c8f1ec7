import CelerityCore
import CelerityTesting
import SQLiteEngine
import Testing

@Suite("The contract of a store, kept by SQLite")
struct ConformanceTests {
  private static func suite(_ stand: Stand) -> StoreConformance {
    StoreConformance { time in
      try await stand.make(time)
    } restart: { _, time in
      try await stand.restart(time)
    } dispose: { _ in
      await stand.close()
    }
  }

  @Test("Every sentence of the contract", arguments: StoreConformance.cases)
  func contract(_ sentence: ConformanceCase) async throws {
    try await Self.suite(Stand()).check(sentence)
  }

  @Test("Random verbs have the same effect as in memory", arguments: 0..<200)
  func differential(_ seed: Int) async throws {
    try await Self.suite(Stand()).differential(seed: UInt64(seed), steps: 100)
  }
}
