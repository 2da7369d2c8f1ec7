import CelerityTesting
import Foundation
import Testing

@Suite struct SimulationTests {
  private static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  /// Whether this was built as `make test` builds it; otherwise so many seeds would take half an hour.
  private static var isOptimised: Bool {
    var isOptimised = true
    assert(
      {
        isOptimised = false
        return true
      }())
    return isOptimised
  }

  /// Each seed is a world of its own; two threads share them, as the machine of the tests has two cores.
  @Test func `Every seeded world keeps its invariants and comes to rest`() async throws {
    if let seed = Self.setting("CELERITY_SIM_SEED") {
      var simulation = Simulation(seed: seed, isTraced: true)
      defer { for line in simulation.history { print(line) } }
      let tally = try simulation.replay()
      print("seed \(seed): \(tally)")
      return
    }
    let seeds = Self.setting("CELERITY_SIM_SEEDS") ?? (Self.isOptimised ? 20_000 : 500)
    let tally = try await withThrowingTaskGroup(of: SimulationTally.self) { group in
      for first in 0..<UInt64(2) {
        group.addTask {
          var tally = SimulationTally()
          for seed in stride(from: first, to: seeds, by: 2) {
            tally.add(try Simulation.run(seed: seed))
            await Task.yield()  // other tests wait for the same threads
          }
          return tally
        }
      }
      return try await group.reduce(into: SimulationTally()) { $0.add($1) }
    }
    print("\(seeds) seeds: \(tally)")
    // A simulation in which little goes wrong proves little.
    #expect(tally.events >= Int(seeds) * 200)
    #expect(tally.leasesLost > tally.deliveries / 50)
    #expect(tally.stale > 0 && tally.poisoned > 0 && tally.redriven > 0 && tally.bodies > 0 && tally.restarts > 0)
  }

  /// Which invariant finds which error.
  private static let findings: [PlantedBug: String] = [
    .ignoresToken: "I3", .losesTask: "I1", .leasesTwice: "I1", .hidesCause: "I4", .changesResult: "I3",
    .forgetsMember: "I10", .resurrects: "I1", .forgetsRetry: "I6",
  ]

  @Test(arguments: PlantedBug.allCases)
  func `A planted error is found within a few hundred seeds, by the invariant it breaks`(_ bug: PlantedBug) throws {
    let failure = #expect(throws: SimulationFailure.self) {
      for seed in 0..<UInt64(300) { try Simulation.run(seed: seed, bug: bug) }
    }
    let invariant = try #require(failure?.message.prefix { $0 != ":" })
    #expect(String(invariant) == Self.findings[bug])
  }

  @Test func `A seed repeats itself`() throws {
    for seed in 0..<UInt64(4) {
      var one = Simulation(seed: seed, isTraced: true)
      var two = Simulation(seed: seed, isTraced: true)
      #expect(try one.replay() == two.replay())
      #expect(one.history == two.history)
    }
  }

  @Test func `A failure names its seed, the invariant and how to replay it`() throws {
    let failure = try #require(throws: SimulationFailure.self) {
      for seed in 0..<UInt64(300) { try Simulation.run(seed: seed, bug: .losesTask) }
    }
    #expect(failure.message.hasPrefix("I1"))
    #expect(failure.description.contains("CELERITY_SIM_SEED=\(failure.seed)"))
    #expect(!failure.trace.isEmpty)
  }
}
