import CelerityCore
import CelerityTasks
import CelerityTesting
import Testing

@testable import Finance

@Suite struct TallyTests {
  private let tally = TaskTally(tasks: [CompoundInterest.name])

  private func put(_ id: String, _ platform: TestPlatform) async throws {
    _ = try await platform.store.submit([Submission(TaskMessage(id: TaskID(stored: id), task: CompoundInterest.name))])
  }

  private func total(_ platform: TestPlatform) async throws -> Int? {
    try await tally.all(.default, platform.environment)?.total([], nil)
  }

  @Test("Cheap counting is done anew after every change, and not without one")
  func cheap() async throws {
    let store = BrokenStore(cost: .milliseconds(20))
    let platform = TestPlatform(broken: store)
    for number in 1...5 {
      try await put("t\(number)", platform)
      for _ in 0..<3 { #expect(try await total(platform) == number) }
    }
    #expect(store.count(.tally) == 5)
  }

  @Test("Counting that takes long is done at most a tenth of the time")
  func slow() async throws {
    let store = BrokenStore(cost: .seconds(1))
    let platform = TestPlatform(broken: store)
    try await put("a", platform)
    #expect(try await total(platform) == 1)
    try await put("b", platform)
    platform.time.advance(by: .milliseconds(9999))
    #expect(try await total(platform) == 1)
    #expect(store.count(.tally) == 1)
    #expect(try await tally.all(.default, platform.environment)?.isExact == false)
    platform.time.advance(by: .milliseconds(1))
    #expect(try await total(platform) == 2)
    #expect(try await tally.all(.default, platform.environment)?.isExact == true)
    #expect(store.count(.tally) == 2)
  }

  @Test("Many who ask at once are served by one count")
  func together() async throws {
    let store = BrokenStore()
    let platform = TestPlatform(broken: store)
    try await put("a", platform)
    store.hang(.tally)
    let totals = try await withThrowingTaskGroup(of: Int?.self) { group in
      for _ in 0..<50 { group.addTask { try await total(platform) } }
      await store.wait(for: .changes, count: 51)
      await store.wait(for: .tally, count: 1)
      store.mend()
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(totals == Array(repeating: 1, count: 50))
    // Those who came when the answer was just there may have had it counted once more, never each for himself.
    #expect(store.count(.tally) <= 2)
  }

  @Test("Whoever submitted before he asked finds his task counted, also when somebody else's count is under way")
  func readsOwnWrites() async throws {
    let store = BrokenStore()
    let platform = TestPlatform(broken: store)
    try await put("a", platform)
    store.hang(.tally)
    async let first = total(platform)
    await store.wait(for: .tally, count: 1)
    try await put("b", platform)
    async let second = total(platform)
    await store.wait(for: .changes, count: 3)
    store.mend()
    #expect(try await first != nil)
    #expect(try await second == 2)
  }

  @Test("A failed count is an error for those who waited for it, and nobody later")
  func failure() async throws {
    let store = BrokenStore()
    let platform = TestPlatform(broken: store)
    store.fail(.tally)
    await #expect(throws: EngineError.self) { try await total(platform) }
    store.mend()
    #expect(try await total(platform) == 0)
  }

  @Test("What waits is told in time or not at all")
  func waiting() async throws {
    let store = BrokenStore()
    let platform = TestPlatform(broken: store)
    try await put("a", platform)
    func waiting() async throws -> Int? {
      try await tally.waiting(.default, within: .seconds(1), platform.environment)?.total([], nil)
    }
    #expect(try await waiting() == 1)
    try await put("b", platform)
    #expect(try await waiting() == 1)
    platform.time.advance(by: .milliseconds(500))
    #expect(try await waiting() == 2)
    store.hang(.tally)
    platform.time.advance(by: .milliseconds(500))
    async let late = waiting()
    await platform.time.waitForSleepers()
    platform.time.advance(by: .seconds(1))
    #expect(try await late == nil)
    // The question is still open and not asked again.
    #expect(try await waiting() == nil)
    #expect(store.count(.tally) == 3)
    store.mend()
    while try await waiting() == nil { await Task.yield() }
  }

  @Test("A caller that goes away leaves nothing behind")
  func cancelled() async throws {
    let store = BrokenStore()
    let platform = TestPlatform(broken: store)
    store.hang(.tally)
    let caller = Task { try await total(platform) }
    await store.wait(for: .tally, count: 1)
    caller.cancel()
    #expect(try await caller.value == nil)
    store.mend()
    #expect(try await total(platform) == 0)
  }
}
