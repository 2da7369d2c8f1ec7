import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import CelerityTesting
import Testing

@testable import CelerityScheduler

@Suite("Schedules that change all the time", .timeLimit(.minutes(1)))
struct ChangeStormTests {
  private static let names = ["a", "b", "c"]

  /// What a random person does to a definition.
  private func change(_ name: String, _ bench: Bench, _ random: inout SeededRandom) async throws {
    let now = bench.time.now
    switch (try await bench.definition(name), random.below(6)) {
    case (nil, 0...2): try await bench.define(name, "every \(5 + random.below(4))s")
    case (nil, _): break
    case (.some, 0): try await bench.delete(name)
    case (.some, 1): try await bench.change(name) { $0.pause() }
    case (.some, 2...3): try await bench.change(name) { $0.resume(at: now) }
    case (.some(let old), 4):
      let entry = ScheduleEntry(name, .interval(seconds: Int64(5 + random.below(4))), task: "demo.tick")
      try await bench.put(
        try ScheduleDefinition(entry, source: .api, at: now).replacing(old, keepingPause: random.oneIn(2)), as: name)
    case (.some(let old), _):
      let entry = ScheduleEntry(
        name, old.schedule, task: "demo.tick", kwargs: .object([("n", .integer(Int64(random.below(9))))]))
      try await bench.put(
        try ScheduleDefinition(entry, source: .api, at: now).replacing(old, keepingPause: true), as: name)
    }
  }

  @Test(
    "Whatever people change and however many lead: what fires was active at its slot, and what is left alone fires",
    arguments: 0..<20)
  func storm(seed: Int) async throws {
    let bench = Bench()
    var random = SeededRandom(seed: UInt64(seed))
    /// Names that were active when a second came.
    var active: [Int64: Set<String>] = [:]
    let duties = [bench.duty(bench.view()), bench.duty(bench.view())]
    func second() async throws {
      var now: Set<String> = []
      for name in Self.names {
        if let definition = try await bench.definition(name), !definition.isPaused { now.insert(name) }
      }
      active[bench.now + 1] = now
      await bench.pass(.seconds(1), sleepers: 2)
      await bench.time.waitForSleepers(2)
    }
    try await bench.run({ await duties[0].run() }) {
      try await bench.run({ await duties[1].run() }) {
        await bench.time.waitForSleepers(2)
        for _ in 0..<200 {
          if random.oneIn(2) { try await change(Self.names[random.below(3)], bench, &random) }
          try await second()
        }
        for name in Self.names { try await bench.define(name, "every 5s") }
        for _ in 0..<30 { try await second() }
      }
    }
    for name in Self.names {
      let slots = try await bench.slots(name)
      #expect(slots.allSatisfy { active[$0]?.contains(name) == true })
      #expect(
        slots.suffix(5) == stride(from: slots[slots.count - 1] - 20, through: slots[slots.count - 1], by: 5).map { $0 })
      #expect(slots[slots.count - 1] > bench.now - 5)
    }
    #expect(bench.log.lines.isEmpty)
  }
}
