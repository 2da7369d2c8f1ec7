import CelerityCore
import CelerityTesting
import Testing

@Suite struct RateWindowTests {
  private static func time(_ seconds: Double) -> StoreTime { StoreTime(microseconds: Int64(seconds * 1_000_000)) }

  @Test func `A window that nobody used admits at once`() {
    #expect(RateWindow().delay(at: Self.time(123.4), limit: 1, per: .seconds(10)) == .zero)
    #expect(RateWindow().delay(at: Self.time(123.4), limit: 0, per: .seconds(10)) == nil)
    #expect(RateWindow().delay(at: Self.time(123.4), limit: 5, per: .zero) == nil)
  }

  /// Cloudflare's own example: 42 in the window before, 18 in this one, a quarter gone, 50 a minute: 49.5, one more.
  @Test func `The window before counts by the part that still covers it`() {
    var window = RateWindow(index: 10, current: 42, previous: 0)
    let now = Self.time(11 * 60 + 15)
    for _ in 0..<18 { window.use(at: now, per: .seconds(60)) }
    #expect([window.previous, window.current] == [42, 18])
    #expect(window.delay(at: now, limit: 50, per: .seconds(60)) == .zero)
    window.use(at: now, per: .seconds(60))
    #expect(window.delay(at: now, limit: 50, per: .seconds(60)) != .zero)
  }

  @Test(arguments: 0..<UInt64(50))
  func `The delay is honest: at its end one more is admitted, and not before`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let limit = 1 + random.below(20)
    let length = Duration.milliseconds(1 + random.below(60_000))
    var window = RateWindow()
    var now = StoreTime(microseconds: Int64(random.below(1_000_000_000)))
    for _ in 0..<200 {
      let delay = try #require(window.delay(at: now, limit: limit, per: length))
      #expect(delay >= .zero && delay <= length + length)
      if delay > .zero {
        #expect(window.delay(at: now + (delay - .microseconds(1)), limit: limit, per: length) != .zero)
        now = now + delay
        #expect(window.delay(at: now, limit: limit, per: length) == .zero)
      }
      window.use(at: now, per: length)
      now = now + .microseconds(random.below(Int(length.microseconds) / limit))
    }
  }

  @Test(arguments: [1, 2, 3, 10, 100])
  func `Who asks all the time gets the limit in the long run, and twice the limit over no window`(limit: Int) {
    var window = RateWindow()
    var admitted: [Int64] = []
    for millisecond in 0..<Int64(100_000) {
      let now = StoreTime(microseconds: millisecond * 1000)
      if window.delay(at: now, limit: limit, per: .seconds(1)) == .zero {
        window.use(at: now, per: .seconds(1))
        admitted.append(millisecond)
      }
    }
    #expect((99 * limit...101 * limit).contains(admitted.count), "\(admitted.count)")
    var first = 0
    for (index, millisecond) in admitted.enumerated() {
      while admitted[first] <= millisecond - 1000 { first += 1 }
      #expect(index - first + 1 <= 2 * limit)
    }
  }

  @Test func `A share lets one in always, and no more than its part`() {
    #expect(Permit.shareAllows(0.1, own: 0, all: 0))
    #expect(!Permit.shareAllows(0.5, own: 1, all: 1))
    #expect(!Permit.shareAllows(0.5, own: 1, all: 2))
    #expect(Permit.shareAllows(0.5, own: 1, all: 3))
    #expect(Permit.shareAllows(1, own: 99, all: 99))
  }
}
