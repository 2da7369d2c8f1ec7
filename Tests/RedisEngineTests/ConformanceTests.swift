import CelerityCore
import CelerityTesting
import Foundation
import RedisEngine
import Testing

@Suite("The contract of a store, kept by Redis", .sharedRedis)
struct ConformanceTests {
  private static func suite(_ stand: Stand) -> StoreConformance {
    StoreConformance(order: .steps(every: 16)) { time in
      try await stand.open(time)
    } restart: { _, time in
      try await stand.restart(time)
    } dispose: { _ in
      await stand.close()
    }
  }

  /// A sentence that is wrong here: on one server the death of a process is not the end of all, so that others' presence and
  /// terms last as long as they said.
  private static let otherwise = ["Who was present, leading or holding permits is gone after a restart"]

  /// All sentences, or those that `CELERITY_CASE` names, a regular expression.
  private static let sentences: [ConformanceCase] = {
    let all = StoreConformance.cases.filter { !otherwise.contains($0.name) }
    guard let wanted = ProcessInfo.processInfo.environment["CELERITY_CASE"] else { return all }
    return all.filter { $0.name.range(of: wanted, options: .regularExpression) != nil }
  }()

  @Test("Every sentence of the contract", arguments: sentences)
  func contract(_ sentence: ConformanceCase) async throws {
    try await Turns.shared.take { try await Self.suite(Stand()).check(sentence) }
  }

  @Test("Random verbs have the same effect as in memory", arguments: 0..<60)
  func differential(_ seed: Int) async throws {
    try await Turns.shared.take { try await Self.suite(Stand()).differential(seed: UInt64(seed), steps: 100) }
  }
}
