import CelerityCore
import CelerityTesting
import RedisEngine
import Testing

@Suite("Rates counted by a script", .sharedRedis)
struct RateTests {
  @Test("The script reckons as RateWindow does, to the microsecond", arguments: 0..<8)
  func agreement(_ seed: Int) async throws {
    var random = SeededRandom(seed: UInt64(seed))
    let stand = Stand()
    let time = TestTime()
    let store = try await stand.open(time)
    _ = try await store.submit([Submission(TaskMessage(id: TaskID(stored: "a"), task: "work"))])
    let delivery = try #require(
      try await store.fetch(
        FetchRequest(queues: ["default"], limit: 1, worker: "w", lease: .seconds(1_000_000), wait: .zero)
      ).first)
    let holder = PermitHolder(delivery.key, token: delivery.lease.token)
    // Large limits and odd lengths are where doubles would round.
    let limit = [1, 3, 7, 1000, 1_000_003][random.below(5)]
    let length = Duration.microseconds([1_000_000, 999_983, 86_400_000_000, 3_600_000_001][random.below(4)])
    var window = RateWindow()
    for step in 0..<150 {
      let now = StoreTime(microseconds: time.uptime.microseconds)
      let wait = window.delay(at: now, limit: limit, per: length)
      let answer = try await store.acquire([PermitRequest(holder, permits: [Permit("r", .rate(limit, per: length))])])
      if wait == .zero {
        #expect(answer == [.granted], "step \(step)")
        window.use(at: now, per: length)
      } else {
        #expect(answer == [.denied(by: "r", retryAfter: wait)], "step \(step)")
      }
      let most = max(2, Int(length.microseconds) / max(1, min(limit, 50)))
      time.advance(by: .microseconds(random.oneIn(3) ? random.below(most) : random.below(7)))
    }
    await stand.close()
  }
}
