import CelerityCore
import CelerityTesting
import Testing

@Suite struct PriorityTests {
  private let ranks = PriorityRank(step: .seconds(60))

  private func rank(_ seconds: Int64, _ priority: Int?) -> Int64 {
    ranks.rank(ready: StoreTime(microseconds: seconds * 1_000_000), priority: priority.flatMap { Priority($0) })
  }

  @Test func `Priorities are 0 to 9`() {
    #expect((-2...12).filter { Priority($0) != nil } == Array(0...9))
    #expect([Priority.low, .normal, .high].map(\.value) == [2, 5, 8])
    #expect(Priority.low < .high)
  }

  @Test func `At one time the urgent goes first, and absent counts as 5`() {
    let order = (0...9).sorted { rank(0, $0) < rank(0, $1) }
    #expect(order == (0...9).reversed())
    #expect(rank(0, nil) == rank(0, 5))
  }

  @Test func `Each step of priority is worth one step of waiting`() {
    #expect(rank(0, 3) == rank(60, 4))
    #expect(rank(0, 3) < rank(61, 4))
    #expect(rank(0, 3) > rank(59, 4))
  }

  /// However many urgent tasks come, whatever waits goes before all that come nine steps later.
  @Test(arguments: 0..<UInt64(100))
  func `Nothing starves: nine steps later nothing overtakes`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let waiting = rank(0, random.below(10))
    for _ in 0..<1000 {
      let later = Int64(9 * 60 + random.below(10_000))
      #expect(waiting <= rank(later, random.below(10)))
    }
  }

  @Test func `Without a step the order is first come, first served`() {
    let flat = PriorityRank(step: .zero)
    let first = flat.rank(ready: StoreTime(microseconds: 1), priority: Priority(0))
    let second = flat.rank(ready: StoreTime(microseconds: 2), priority: Priority(9))
    #expect(first < second)
  }
}
