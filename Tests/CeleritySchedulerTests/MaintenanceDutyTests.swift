import CelerityCore
import CelerityTesting
import Testing

@testable import CelerityScheduler

@Suite("Maintenance", .timeLimit(.minutes(1)))
struct MaintenanceDutyTests {
  let bench = Bench()

  private func submit(_ count: Int, due: Duration) async throws {
    let submissions = (0..<count).map { n in
      Submission(TaskMessage(id: TaskID(stored: "t\(n)"), task: "demo", eta: bench.time.now + due))
    }
    _ = try await bench.memory.submit(submissions)
  }

  private func ready() async throws -> Int {
    try await bench.memory.queues(of: nil).first?.ready ?? 0
  }

  @Test("An idle store is asked once in thirty seconds")
  func idle() async throws {
    let store = bench.view()
    let duty = bench.maintenance(store)
    await bench.run({ await duty.run() }) {
      for _ in 0..<600 { await bench.pass(.seconds(1)) }
      await bench.time.waitForSleepers()
    }
    #expect(store.calls.count == 21)
  }

  @Test("What becomes due is done at its time, also when it was submitted during the wait")
  func due() async throws {
    let duty = bench.maintenance(bench.view())
    try await bench.run({ await duty.run() }) {
      await bench.time.waitForSleepers()
      try await submit(1, due: .seconds(7))
      await bench.pass(.milliseconds(6_999))
      await bench.time.waitForSleepers()
      let early = try await ready()
      #expect(early == 0)
      let hints = bench.memory.hints()
      bench.time.advance(by: .milliseconds(1))
      for await _ in hints { break }
      let now = try await ready()
      #expect(now == 1)
    }
  }

  @Test("When more is due than fits a commit, the next call follows at once")
  func hasMore() async throws {
    let store = bench.view()
    try await submit(35, due: .seconds(1))
    bench.time.advance(by: .seconds(1))
    let duty = bench.maintenance(store, limit: 10)
    await bench.run({ await duty.run() }) { await bench.time.waitForSleepers() }
    let now = try await ready()
    #expect(now == 35)
    #expect(store.calls.count == 5)  // 10, 10, 10, 5, and the one that waits
  }

  @Test("Errors are answered with growing pauses, and forgotten after a success")
  func errors() async throws {
    let (store, asked) = (bench.view(), Tally())
    store.before { _ throws(EngineError) in
      asked.add()
      if asked.count != 10 { throw EngineError(.unavailable, "gone") }
    }
    let duty = bench.maintenance(store)
    await bench.run({ await duty.run() }) {
      let pauses = [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]
      for (index, pause) in pauses.enumerated() {
        await asked.reach(index + 1)
        await bench.pass(.milliseconds(pause - 1))
        await bench.time.waitForSleepers()
        #expect(asked.count == index + 1)
        bench.time.advance(by: .milliseconds(1))
      }
      await asked.reach(10)
      await bench.pass(.seconds(30))
      await asked.reach(11)
      await bench.pass(.milliseconds(100))
      await asked.reach(12)
    }
  }

  @Test("A store that does not wait is not asked in a tight loop")
  func eager() async throws {
    let store = bench.view()
    store.answersAtOnce = true
    let duty = bench.maintenance(store)
    await bench.run({ await duty.run() }) {
      for _ in 0..<10 { await bench.pass(.seconds(1)) }
      await bench.time.waitForSleepers()
    }
    #expect(store.calls.count == 11)
  }
}
