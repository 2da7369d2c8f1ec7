import CelerityCore
import Testing

@testable import CelerityApp

@Suite("Times and numbers for people")
struct HumanTextTests {
  static let durations: [(Int64, String)] = [
    (0, "0 µs"), (999, "999 µs"), (1000, "1 ms"), (340_400, "340 ms"), (999_600, "1.0 s"), (1_249_000, "1.2 s"),
    (9_949_000, "9.9 s"), (9_950_000, "10 s"), (59_499_000, "59 s"), (59_500_000, "1 m 00 s"),
    (184_000_000, "3 m 04 s"), (3_600_000_000, "1 h 00 m"), (7_500_000_000, "2 h 05 m"), (86_400_000_000, "1 d 00 h"),
    (273_600_000_000, "3 d 04 h"), (-1_500_000, "-1.5 s"),
  ]

  @Test("have at most two units", arguments: durations)
  func duration(microseconds: Int64, text: String) {
    #expect(HumanText.duration(.microseconds(microseconds)) == text)
  }

  @Test("the longest length of time does not overflow")
  func extreme() {
    #expect(HumanText.duration(.microseconds(Int64.max)).contains("d"))
    let beginning = Timestamp(microseconds: .min)
    #expect(HumanText.relative(beginning, to: Timestamp(microseconds: .max)).hasSuffix("ago"))
  }

  static let moments: [(Int64, String)] = [
    (0, "now"), (-12, "12 s ago"), (5, "in 5 s"), (-60, "1 m ago"), (3599, "in 59 m 59 s"),
    (90, "in 1 m 30 s"), (300, "in 5 m"), (7200, "in 2 h"), (7201, "in 2 h 1 m"), (86_399, "in 1 d"),
    (90_000, "in 1 d 1 h"), (-7200, "2 h ago"),
    (-90_000_000, "1,041 d ago"),
  ]

  @Test("moments are told from now", arguments: moments)
  func relative(seconds: Int64, text: String) {
    let now = Timestamp(seconds: 1_800_000_000)
    #expect(HumanText.relative(now + .seconds(seconds), to: now) == text)
  }

  @Test("what was put off by five minutes is told as five minutes, and not four")
  func roundedUp() {
    let now = Timestamp(seconds: 1_800_000_000)
    #expect(HumanText.relative(now + .milliseconds(299_970), to: now) == "in 5 m")
    #expect(HumanText.relative(now + .microseconds(1), to: now) == "in 1 s")
  }

  @Test("moments have no fractions of seconds, alone and in a sentence")
  func withoutFractions() throws {
    #expect(HumanText.moment(try #require(Timestamp("2026-01-31T12:00:00.123456Z"))) == "2026-01-31 12:00:00 UTC")
    #expect(
      HumanText.shortMoments("since 2026-01-31T12:00:00.123456Z, for 3 s") == "since 2026-01-31 12:00:00 UTC, for 3 s")
  }

  @Test(
    "numbers are grouped by thousands",
    arguments: [(0, "0"), (999, "999"), (1204, "1,204"), (-1_000_000, "-1,000,000")])
  func grouped(number: Int, text: String) {
    #expect(HumanText.grouped(number) == text)
    #expect(HumanText.count(1, "task") == "1 task")
  }

  @Test("a time of day that can't be read is shown as it is")
  func strangeClock() {
    #expect(ClockText.timeOfDay("yesterday") == "yesterday")
    #expect(ClockText.timeOfDay("2026-01-01T00:00:00Z").count == 8)
  }
}
