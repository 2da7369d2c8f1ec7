import CelerityTesting
import Synchronization
import Testing

@testable import CelerityWorker

@Suite("A bell", .timeLimit(.minutes(1)))
struct BellTests {
  @Test("A ring that nobody heard is heard by the next who waits, once")
  func remembered() async {
    let (bell, time) = (Bell(), TestTime())
    bell.ring()
    bell.ring()
    await bell.wait()
    let waiting = Task { await bell.wait(until: time.uptime + .seconds(1), on: time) }
    await time.waitForSleepers()
    time.advance(by: .seconds(1))
    await waiting.value
  }

  @Test("Who is cancelled is let go, before or while it waits")
  func cancelled() async {
    let (bell, time) = (Bell(), TestTime())
    let waiting = Task { await bell.wait(until: time.uptime + .seconds(1), on: time) }
    await time.waitForSleepers()
    waiting.cancel()
    await waiting.value
    let late = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      await bell.wait()
    }
    await late.value
    #expect(time.sleepers == 0)
  }

  @Test("A ring ends a wait before its time and leaves no sleeper")
  func early() async {
    let (bell, time) = (Bell(), TestTime())
    let waiting = Task { await bell.wait(until: time.uptime + .seconds(1), on: time) }
    await time.waitForSleepers()
    bell.ring()
    await waiting.value
    #expect(time.sleepers == 0)
  }

  @Test("No change is missed by a loop that looks and then waits, with or without a time")
  func noneMissed() async {
    for isTimed in [false, true] {
      let (bell, time) = (Bell(), TestTime())
      let made = Count()
      let reader = Task {
        var seen = 0
        while seen < 4 * 2000 {
          await bell.wait(until: isTimed ? .seconds(1_000_000) : nil, on: time)
          seen = made.value
        }
        return seen
      }
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            for n in 0..<2000 {
              made.add()
              bell.ring()
              if n.isMultiple(of: 50) { await Task.yield() }
            }
          }
        }
      }
      let seen = await reader.value
      #expect(seen == 8000)
    }
  }
}

private final class Count: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .sequentiallyConsistent) }

  func add() { count.add(1, ordering: .sequentiallyConsistent) }
}
