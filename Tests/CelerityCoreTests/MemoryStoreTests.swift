import CelerityCore
import CelerityTesting
import Testing

@Suite struct MemoryStoreTests {
  private static func conformance(
    lifecycle: LifecyclePolicy = LifecyclePolicy(), priorities: PriorityRank = PriorityRank()
  ) -> StoreConformance {
    StoreConformance(
      makeStore: { MemoryStore(time: $0, lifecycle: lifecycle, priorities: priorities) },
      restart: { store, _ in
        (store as? MemoryStore)?.restart()
        return store
      })
  }

  @Test(arguments: StoreConformance.cases)
  func `The store in memory keeps its contract`(_ sentence: ConformanceCase) async throws {
    try await Self.conformance().check(sentence)
  }

  @Test func `The suite has a sentence for everything, each once`() {
    let names = StoreConformance.cases.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count >= 300)
  }

  /// The names of the sentences that a store breaks.
  private static func broken(by conformance: StoreConformance) async -> Set<String> {
    var broken: Set<String> = []
    for sentence in StoreConformance.cases {
      do {
        try await conformance.check(sentence)
      } catch {
        broken.insert(sentence.name)
      }
    }
    return broken
  }

  @Test func `A store without a crash budget breaks the sentences on poison`() async {
    let broken = await Self.broken(by: Self.conformance(lifecycle: LifecyclePolicy(crashBudget: 99)))
    #expect(
      broken == [
        "A task under which the process died twice is poison", "A poisonous member fails the body",
        "A poisonous task that is redriven has its crash budget back",
      ])
  }

  @Test func `A store without ageing, or without priorities, breaks the sentences on order`() async {
    let strict = await Self.broken(by: Self.conformance(priorities: PriorityRank(step: .seconds(1_000_000))))
    #expect(strict == ["A task that has waited long goes before an urgent new one"])
    let flat = await Self.broken(by: Self.conformance(priorities: PriorityRank(step: .zero)))
    #expect(flat.contains("Urgent tasks go first, and an absent priority counts as 5"))
  }

  @Test func `A store that can't restart breaks exactly the sentences that need it`() async {
    let broken = await Self.broken(by: StoreConformance(makeStore: { MemoryStore(time: $0) }))
    #expect(broken == Set(StoreConformance.cases.filter(\.needsRestart).map(\.name)))
  }

  @Test(arguments: 0..<UInt64(20))
  func `A store compared with itself shows no difference`(seed: UInt64) async throws {
    try await differential(seed: seed, steps: 300) { MemoryStore(time: $0) }
  }

  @Test func `A store that decides otherwise is told apart`() async throws {
    let failure = await #expect(throws: ConformanceFailure.self) {
      for seed in 0..<UInt64(20) {
        try await differential(seed: seed, steps: 300) { MemoryStore(time: $0, priorities: PriorityRank(step: .zero)) }
      }
    }
    #expect(failure?.message.contains("seed ") == true)
  }
}
