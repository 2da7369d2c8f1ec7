import CelerityTasks
import Testing

@testable import CelerityWorker

@Suite("Deadlines of an attempt")
struct AttemptDeadlinesTests {
  /// A lease of 30 s from second 0, two seconds of grace.
  private let start = AttemptDeadlines(lease: .seconds(30), cancelGrace: .seconds(2))

  @Test("A lease that is extended is never lost; one that is not ends at its time")
  func lease() {
    var deadlines = start
    #expect(deadlines.next == .seconds(30))
    deadlines.extend(until: .seconds(45))
    deadlines.extend(until: .seconds(40))  // an answer that came late takes nothing back
    var isOver = deadlines.enforce(at: .seconds(44))
    #expect(!isOver)
    #expect(deadlines.stop == nil)
    isOver = deadlines.enforce(at: .seconds(45))
    #expect(!isOver)
    #expect(deadlines.stop == .leaseLost)
    #expect(deadlines.next == .seconds(47))
    isOver = deadlines.enforce(at: .seconds(47))
    #expect(isOver)
  }

  @Test("Limits count from where the code begins")
  func limits() {
    var deadlines = start
    deadlines.begin(at: .seconds(5), soft: .seconds(3), hard: .seconds(10))
    #expect(deadlines.next == .seconds(8))
    var isOver = deadlines.enforce(at: .seconds(7))
    #expect(!isOver)
    #expect(deadlines.stop == nil)
    isOver = deadlines.enforce(at: .seconds(8))
    #expect(!isOver)
    #expect(deadlines.stop == .softTimeLimit)
    #expect(deadlines.next == .seconds(15))
    isOver = deadlines.enforce(at: .seconds(15))
    #expect(isOver)
    #expect(deadlines.stop == .timeLimit)
  }

  @Test("A soft limit alone never ends the wait for the code")
  func softLimitAlone() {
    var deadlines = start
    deadlines.begin(at: .zero, soft: .seconds(1), hard: nil)
    let isOver = deadlines.enforce(at: .seconds(29))
    #expect(!isOver)
    #expect(deadlines.stop == .softTimeLimit)
    #expect(deadlines.next == .seconds(30))
  }

  @Test("A soft limit that is not below the hard one has no meaning")
  func softAboveHard() {
    var deadlines = start
    deadlines.begin(at: .zero, soft: .seconds(10), hard: .seconds(10))
    #expect(deadlines.next == .seconds(10))
    let isOver = deadlines.enforce(at: .seconds(10))
    #expect(isOver)
    #expect(deadlines.stop == .timeLimit)
  }

  @Test("A limit that was slept over ends the attempt at once, as the hard one")
  func late() {
    var deadlines = start
    deadlines.begin(at: .zero, soft: .seconds(1), hard: .seconds(2))
    let isOver = deadlines.enforce(at: .seconds(20))
    #expect(isOver)
    #expect(deadlines.stop == .timeLimit)
  }

  @Test(
    "Code that was told to stop has the grace to end",
    arguments: [StopReason.cancelled, .shutdown, .leaseLost])
  func grace(_ reason: StopReason) {
    var deadlines = start
    deadlines.stop(reason, at: .seconds(10))
    var isOver = deadlines.enforce(at: .seconds(11))
    #expect(!isOver)
    #expect(deadlines.next == .seconds(12))
    isOver = deadlines.enforce(at: .seconds(12))
    #expect(isOver)
    #expect(deadlines.stop == reason)
  }

  @Test("The weightier reason stays, whichever came first; a second word gives no second grace")
  func weight() {
    let reasons: [StopReason] = [.softTimeLimit, .timeLimit, .shutdown, .cancelled, .leaseLost]
    for (low, lower) in reasons.enumerated() {
      for higher in reasons[(low + 1)...] {
        var upwards = start
        upwards.stop(lower, at: .seconds(1))
        upwards.stop(higher, at: .seconds(2))
        #expect(upwards.stop == higher)
        var downwards = start
        downwards.stop(higher, at: .seconds(1))
        let before = downwards
        downwards.stop(lower, at: .seconds(2))
        #expect(downwards == before)
      }
    }
    var twice = start
    twice.stop(.shutdown, at: .seconds(1))
    twice.stop(.cancelled, at: .seconds(2))
    #expect(twice.next == .seconds(3))
  }
}
