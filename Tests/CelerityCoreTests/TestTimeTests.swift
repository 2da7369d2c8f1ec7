import CelerityCore
import CelerityTesting
import Testing

@Suite struct TestTimeTests {
  @Test func `Sleepers wake when their time has come, and not before`() async throws {
    let time = TestTime()
    let sleeper = Task { try await time.sleep(for: .seconds(10)) }
    await time.waitForSleepers()
    time.advance(by: .seconds(10) - .microseconds(1))
    #expect(time.sleepers == 1)
    time.advance(by: .microseconds(1))
    #expect(time.sleepers == 0)
    try await sleeper.value
    try await time.sleep(until: time.uptime)
  }

  @Test func `A cancelled sleeper throws, before or while it sleeps`() async {
    let time = TestTime()
    let early = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await time.sleep(for: .seconds(10))
    }
    await #expect(throws: CancellationError.self) { try await early.value }
    let late = Task { try await time.sleep(for: .seconds(10)) }
    await time.waitForSleepers()
    late.cancel()
    await #expect(throws: CancellationError.self) { try await late.value }
    #expect(time.sleepers == 0)
  }

  @Test func `A jump moves the wall clock alone`() async throws {
    let time = TestTime()
    let (now, uptime) = (time.now, time.uptime)
    time.jump(by: .seconds(-3600))
    #expect(time.now == now + .seconds(-3600))
    #expect(time.uptime == uptime)
    time.advance(by: .seconds(1))
    #expect(time.now == now + .seconds(-3599))
    #expect(time.uptime == uptime + .seconds(1))
  }

  @Test func `Seeded numbers repeat, and lie where they are asked to`() {
    var (one, two, other) = (SeededRandom(seed: 5), SeededRandom(seed: 5), SeededRandom(seed: 6))
    let numbers = (0..<100).map { _ in one.next() }
    #expect(numbers == (0..<100).map { _ in two.next() })
    #expect(numbers != (0..<100).map { _ in other.next() })
    #expect(Set((0..<1000).map { _ in one.below(7) }) == Set(0..<7))
    #expect(one.below(1) == 0 && one.below(0) == 0)
    #expect(one.pick([Int]()) == nil)
    // The first numbers of seed 0, as the authors' C program prints them.
    var zero = SeededRandom(seed: 0)
    #expect([zero.next(), zero.next()] == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4])
  }
}
