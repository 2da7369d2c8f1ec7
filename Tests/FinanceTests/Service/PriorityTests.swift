import CelerityCore
import CelerityTasks
import CelerityTesting
import Testing

@testable import Finance

@Suite struct PriorityTests {
  private let platform = TestPlatform(queueLimit: 0)

  private func submit(_ word: String) async throws -> String {
    let body = #"{"data": {"amount": 1, "rate": 0.1}, "priority": "\#(word)"}"#
    return try await platform.call("POST", "/tasks", body, service: FinanceService()).body.text("task_id")
  }

  private func started(_ limit: Int = 1000) async throws -> [String] {
    let request = FetchRequest(queues: ["finance"], limit: limit, worker: "w", lease: .seconds(86_400))
    return try await platform.store.fetch(request).map(\.message.id.text)
  }

  @Test("S4.35: High goes before medium before low; within one, first come first served")
  func order() async throws {
    var ids: [String: [String]] = [:]
    for word in ["low", "medium", "high", "low", "high", "medium"] {
      ids[word, default: []].append(try await submit(word))
    }
    let wanted = ["high", "medium", "low"].flatMap { ids[$0] ?? [] }
    #expect(try await started() == wanted)
  }

  @Test(
    "A task that has waited three minutes longer overtakes the next higher word, six minutes longer the highest",
    arguments: [("low", "high", 360), ("low", "medium", 180), ("medium", "high", 180)])
  func ageing(word: String, higher: String, seconds: Int) async throws {
    let first = try await submit(word)
    platform.time.advance(by: .seconds(seconds) - .microseconds(1))
    let justBefore = try await submit(higher)
    #expect(try await started(1) == [justBefore])
    platform.time.advance(by: .microseconds(1))
    _ = try await submit(higher)
    #expect(try await started(1) == [first])
  }

  @Test("Under a flood of high ones that never ends, a low one starts after what came within six minutes")
  func flood() async throws {
    let low = try await submit("low")
    var before = 0
    // Two high ones arrive each second and the one slot takes one a second, so there is always a high one waiting.
    for _ in 0..<1000 {
      _ = try await submit("high")
      _ = try await submit("high")
      if try await started(1) == [low] { break }
      before += 1
      platform.time.advance(by: .seconds(1))
    }
    // Those that arrived in the first 360 seconds are before it, and none of the later ones.
    #expect(before == 720)
  }

  @Test("The order of starts is that of arrival less a minute for each step of priority", arguments: 0..<6)
  func rank(seed: Int) async throws {
    var random = SeededRandom(seed: UInt64(seed))
    var tasks: [(id: String, rank: Int, number: Int)] = []
    var clock = 0
    for number in 0..<150 {
      let band = PriorityBand.allCases[random.below(3)]
      tasks.append((try await submit(band.rawValue), clock - band.priority.value * 60_000, number))
      let pause = random.below(8000)
      platform.time.advance(by: .milliseconds(pause))
      clock += pause
    }
    let wanted = tasks.sorted { ($0.rank, $0.number) < ($1.rank, $1.number) }.map(\.id)
    #expect(try await started() == wanted)
  }

  @Test("Every priority belongs to one word, and a word's own priority to itself")
  func bands() throws {
    for value in 0...9 {
      let priority = try #require(Priority(value))
      #expect(PriorityBand.allCases.filter { $0.priorities.contains(priority) } == [PriorityBand(priority)])
    }
    for band in PriorityBand.allCases { #expect(PriorityBand(band.priority) == band) }
    #expect(PriorityBand(nil) == .medium)
    #expect(PriorityBand(word: "normal") == .medium)
    for word in ["", "High", "urgent", "5"] { #expect(PriorityBand(word: word) == nil) }
  }
}
