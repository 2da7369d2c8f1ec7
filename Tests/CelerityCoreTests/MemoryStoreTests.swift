import CelerityCore
import CelerityTesting
import Testing

@Suite struct MemoryStoreTests {
  private static func conformance(
    lifecycle: LifecyclePolicy = LifecyclePolicy(), order: ClaimOrder = .ranks(PriorityRank())
  ) -> StoreConformance {
    StoreConformance(
      order: order,
      makeStore: { MemoryStore(time: $0, lifecycle: lifecycle, order: order) },
      restart: { store, _ in
        (store as? MemoryStore)?.restart()
        return store
      })
  }

  @Test(arguments: StoreConformance.cases)
  func `The store in memory keeps its contract`(_ sentence: ConformanceCase) async throws {
    try await Self.conformance().check(sentence)
  }

  @Test(arguments: StoreConformance.cases)
  func `It keeps its contract also where priorities are steps`(_ sentence: ConformanceCase) async throws {
    try await Self.conformance(order: .steps(every: 16)).check(sentence)
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
        "A poisonous task that is redriven has its crash budget back", "A poisonous task ends the rest of its chain",
      ])
  }

  @Test func `A store without ageing, or without priorities, breaks the sentences on order`() async {
    let strict = await Self.broken(by: Self.conformance(order: .ranks(PriorityRank(step: .seconds(1_000_000)))))
    #expect(strict == ["A task that has waited long is not passed over for ever"])
    let flat = await Self.broken(by: Self.conformance(order: .ranks(PriorityRank(step: .zero))))
    #expect(flat.contains("Urgent tasks go first"))
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
        try await differential(seed: seed, steps: 300) {
          MemoryStore(time: $0, order: .ranks(PriorityRank(step: .zero)))
        }
      }
    }
    #expect(failure?.message.contains("seed ") == true)
  }
}
