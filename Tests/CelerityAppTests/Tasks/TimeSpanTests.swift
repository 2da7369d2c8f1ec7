import CelerityCore
import Testing

@testable import CelerityApp

@Suite("Lengths of time on the command line")
struct TimeSpanTests {
  static let good: [(String, Duration)] = [
    ("0", .zero), ("90", .seconds(90)), ("1.5", .milliseconds(1500)), ("500ms", .milliseconds(500)),
    ("5m", .seconds(300)), ("1h30m", .seconds(5400)), ("2d", .seconds(172_800)), ("1w", .seconds(604_800)),
    ("2H", .seconds(7200)), ("10min", .seconds(600)), ("1.5h", .seconds(5400)),
  ]

  @Test("are seconds, or have units", arguments: good)
  func accepted(text: String, duration: Duration) {
    #expect(TimeSpan(argument: text)?.duration == duration)
  }

  @Test(
    "are refused when they are none",
    arguments: [
      "", " ", "-1", "+1", "nan", "inf", "1e400", "99999999999", "5x", "m", "5m3", "1h-3m", "finance.add", "0x10m",
      "1 h", "١٢", "1..5s", "1000000d", "0x10", "0x1p4", "1e3", "infinity", ".",
    ])
  func refused(text: String) {
    #expect(TimeSpan(argument: text) == nil)
  }

  @Test("a moment is one of them from now, or a time, which without a zone is UTC")
  func moments() {
    #expect(Moment(argument: "5m") == TimeSpan(argument: "5m").map { .span($0) })
    #expect(Moment(argument: "2030-01-31T12:00:00+01:00") == .time("2030-01-31T11:00:00.000000Z"))
    #expect(Moment(argument: "2030-01-31 12:00") == .time("2030-01-31T12:00:00.000000Z"))
    #expect(Moment(argument: "tomorrow") == nil)
  }

  static let waits: [([String], [String])] = [
    (["submit", "x", "--wait"], ["submit", "x", "--wait=forever"]),
    (["submit", "--wait", "x"], ["submit", "--wait=forever", "x"]),
    (["submit", "x", "--wait", "10"], ["submit", "x", "--wait=10"]),
    (["submit", "x", "--wait", "1m", "--json"], ["submit", "x", "--wait=1m", "--json"]),
    (["submit", "x", "--wait", "--json"], ["submit", "x", "--wait=forever", "--json"]),
    (["submit", "x", "--wait=10", "--wait"], ["submit", "x", "--wait=10", "--wait=forever"]),
    (["submit", "--", "--wait", "x"], ["submit", "--", "--wait", "x"]), ([], []),
  ]

  @Test(
    "a --wait that is no length of time is refused, with one that is",
    arguments: [
      ("2sek", "celerity submit x --wait=2s"), ("abc", "celerity submit x --wait=10"),
      ("-3", "celerity submit x --wait=10"), ("", "celerity submit x --wait=10"),
    ])
  func wrongWait(value: String, hint: String) {
    #expect(WaitLimit.refusal(in: ["submit", "x", "--wait=" + value])?.hint == hint)
    let error = #expect(throws: ClientError.self) { try CommandLineParse.parse(["submit", "x", "--wait=" + value]) }
    #expect(error?.status == .usage)
    #expect(WaitLimit.refusal(in: ["submit", "x", "--", "--wait=" + value]) == nil)
  }

  @Test("--wait takes the next word only when that is a length of time", arguments: waits)
  func wait(words: [String], joined: [String]) {
    #expect(WaitLimit.joined(words) == joined)
  }
}
