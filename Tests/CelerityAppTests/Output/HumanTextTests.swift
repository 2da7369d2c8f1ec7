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
    (0, "now"), (-12, "12 s ago"), (5, "in 5 s"), (-60, "1 m ago"), (3599, "in 59 m"), (-7200, "2 h ago"),
    (-90_000_000, "1,041 d ago"),
  ]

  @Test("moments are told from now", arguments: moments)
  func relative(seconds: Int64, text: String) {
    let now = Timestamp(seconds: 1_800_000_000)
    #expect(HumanText.relative(now + .seconds(seconds), to: now) == text)
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
