import CelerityCore
import CelerityTesting
import Testing

@Suite struct RetryPolicyTests {
  private static let failure = TaskFailure(type: "ValueError", message: "boom")

  private func delay(
    _ policy: RetryPolicy, retries: Int, limit: Int? = nil, server: Duration? = nil, seed: UInt64 = 1,
    failure: TaskFailure = failure
  ) -> Duration? {
    var random = SeededRandom(seed: seed)
    return policy.delay(after: failure, retries: retries, limit: limit, serverDelay: server, using: &random)
  }

  @Test func `There are as many retries as the policy says, or the message`() {
    let policy = RetryPolicy.fixed(max: 3, delay: .seconds(2))
    #expect((0..<5).map { delay(policy, retries: $0) != nil } == [true, true, true, false, false])
    #expect((0..<5).map { delay(policy, retries: $0, limit: 1) != nil } == [true, false, false, false, false])
    #expect(delay(policy, retries: 7, limit: 8) != nil)
    #expect(delay(.never, retries: 0) == nil)
    #expect(delay(.never, retries: 0, limit: 1) == .zero)
  }

  @Test func `A fixed delay is the same each time`() {
    let policy = RetryPolicy.fixed(max: 9, delay: .milliseconds(1500))
    #expect((0..<9).allSatisfy { delay(policy, retries: $0, seed: UInt64($0)) == .milliseconds(1500) })
  }

  @Test(arguments: 0..<UInt64(200))
  func `A jittered delay lies between zero and the capped exponential`(seed: UInt64) throws {
    let policy = RetryPolicy.exponential(max: 100, base: .milliseconds(500), factor: 3, cap: .seconds(60))
    for retries in 0..<20 {
      var full = 0.5
      for _ in 0..<retries { full = min(full * 3, 60) }
      let drawn = try #require(delay(policy, retries: retries, seed: seed))
      #expect(drawn >= .zero)
      #expect(drawn.inSeconds <= full + 1e-6)
    }
  }

  @Test func `Jitter spreads the delays over the whole range`() throws {
    let policy = RetryPolicy.exponential(max: 10, base: .seconds(8), factor: 1, cap: .seconds(8))
    let drawn = try (0..<UInt64(400)).map { try #require(delay(policy, retries: 0, seed: $0)).inSeconds }
    for quarter in 0..<4 {
      let share = drawn.count { $0 >= Double(quarter) * 2 && $0 < Double(quarter + 1) * 2 }
      #expect((60...140).contains(share), "quarter \(quarter) got \(share) of 400")
    }
  }

  @Test func `Without jitter the delays double up to the cap`() {
    var policy = RetryPolicy.exponential(max: 99, base: .seconds(1), factor: 2, cap: .seconds(600))
    policy.hasJitter = false
    let delays = (0..<12).compactMap { delay(policy, retries: $0)?.inSeconds }
    #expect(delays == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600])
    #expect(delay(policy, retries: 98) == .seconds(600))
  }

  @Test(arguments: [0.0, 0.5, 1.0, 1e300])
  func `No factor makes a delay negative, endless or above its cap`(factor: Double) throws {
    var policy = RetryPolicy.exponential(max: .max, base: .seconds(3), factor: factor, cap: .seconds(600))
    policy.hasJitter = false
    for retries in [0, 1, 5, 1000, 1_000_000] {
      let drawn = try #require(delay(policy, retries: retries))
      #expect(drawn >= .zero && drawn <= .seconds(600))
    }
  }

  @Test func `What the other side asked for is taken as it is, but never negative`() {
    let policy = RetryPolicy.exponential(max: 3)
    #expect(delay(policy, retries: 0, server: .seconds(77)) == .seconds(77))
    #expect(delay(policy, retries: 0, server: .seconds(-1)) == .zero)
    #expect(delay(policy, retries: 3, server: .seconds(77)) == nil)
  }

  @Test func `Fatal errors are not retried, and single errors have rules of their own`() {
    var policy = RetryPolicy.fixed(max: 3, delay: .seconds(1))
    policy.fatal = ["TypeError"]
    policy.exceptions = ["KeyError": RetryPolicy.Rule(maxRetries: 9, backoff: .fixed(.seconds(5)))]
    let type = TaskFailure(type: "TypeError", message: "")
    let key = TaskFailure(type: "KeyError", message: "")
    #expect(delay(policy, retries: 0, limit: 99, failure: type) == nil)
    #expect(delay(policy, retries: 8, failure: key) == .seconds(5))
    #expect(delay(policy, retries: 9, failure: key) == nil)
    #expect(delay(policy, retries: 3) == nil)
  }
}
