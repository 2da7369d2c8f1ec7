import CelerityCore
import Testing

@testable import CelerityApp

/// What is said to a line that is wrong. The table of forty mistakes of the product's tests goes through the binary;
/// these are the corners.
@Suite struct CommandLineCheckTests {
  private func mistake(_ line: String) -> Mistake? {
    CommandLineCheck(WaitLimit.joined(Array(ShellWords.split(line)))).mistake()
  }

  @Test(arguments: [
    "dev", "serve --port 0", "worker -c 4", "beat", "config show --json", "config explain worker.concurrency",
    "queue pause a -y", "submit a.b --kwargs '{}'",
    "submit --wait=10 x", "submit x --wait", "dead redrive a b c --json", "inspect ping -d a,b",
    "schedule next '* * * * *'",
    "queue pause -- -odd",
  ]) func aRightLineIsNoMistake(line: String) {
    #expect(mistake(line) == nil)
  }

  @Test(arguments: [
    ("dve", "celerity dev"), ("que list", "celerity queue list"), ("queue lsit", "celerity queue list"),
    ("list queue", "celerity queue list"), ("queue-list", "celerity queue list"), ("queue:list", "celerity queue list"),
    ("queue.list", "celerity queue list"), ("redrive --all", "celerity dead redrive --all"),
    ("config show --jsno", "celerity config show --json"), ("config show -json", "celerity config show --json"),
    ("--json config show", "celerity config show --json"), ("config show --json=true", "celerity config show --json"),
    ("dev -c8", "celerity dev -c 8"), ("version now", "celerity version"), ("worker list", "celerity workers list"),
    ("worker -c4", "celerity worker -c 4"), ("up", "celerity dev"), ("completion basch", "celerity completion bash"),
    ("completion BASH", "celerity completion bash"), ("queue", "celerity queue list"),
  ]) func theLineToTypeInsteadIsRightAndWorks(line: String, hint: String) throws {
    let found = try #require(mistake(line))
    #expect(found.hint == hint)
    #expect(CommandLineParse.accepts(ShellWords.split(hint).dropFirst().map { $0 }), "\(hint)")
  }

  @Test func controlCharactersOfTheLineDoNotReachTheTerminal() throws {
    let found = try #require(CommandLineCheck(["\u{1B}[2Jdev"]).mistake())
    #expect(!found.error.contains("\u{1B}"))
    let option = try #require(CommandLineCheck(["dev", "--\u{1B}[2J"]).mistake())
    #expect(!option.error.contains("\u{1B}"))
    #expect(option.hint?.contains("\u{1B}") == false)
  }

  @Test func aVeryLongWordIsAnsweredQuickly() throws {
    let found = try #require(CommandLineCheck([String(repeating: "x", count: 100_000)]).mistake())
    #expect(found.hint == "celerity --help")
  }

  @Test func aValueWithADashIsJoinedToItsOption() throws {
    let found = try #require(mistake("submit x --countdown -5"))
    #expect(found.error.contains("--countdown can't be '-5'"))
    #expect(found.hint == "celerity submit x --countdown 5")
  }

  @Test func splitJSONIsRecognised() throws {
    let found = try #require(mistake("submit x --kwargs {amount: 1}"))
    #expect(found.cause?.contains("single quotes") == true)
  }
}

@Suite struct ValueFormTests {
  private static let now = Timestamp("2030-01-31T12:00:00Z") ?? Timestamp(microseconds: 0)

  @Test(arguments: [
    ("5 minutes", "5m"), ("-5", "5"), ("2 hours and 30 min", "2h30min"), ("in 2 days", "2d"), ("soon", "5m"),
    ("1hour", "1h"), ("500 milliseconds", "500ms"),
  ]) func aLengthOfTimeIsMended(text: String, meant: String) {
    #expect(!ValueForm.span.accepts(text))
    #expect(ValueForm.span.mended(text) == meant)
    #expect(ValueForm.span.accepts(meant))
  }

  @Test(arguments: [
    ("tomorrow", "2030-02-01"), ("today", "2030-01-31"), ("5 minutes", "5m"), ("31.1.2030", "2030-02-01"),
  ]) func aMomentIsMended(text: String, meant: String) {
    #expect(!ValueForm.moment.accepts(text))
    #expect(ValueForm.moment.mended(text, now: Self.now) == meant)
    #expect(ValueForm.moment.accepts(meant))
  }

  @Test(arguments: [
    ("-2", "2"), ("99", "9"), ("abc", "5"), ("-99", "9"), ("7th", "7"), ("9999999999999999999999", "5"),
  ])
  func aNumberIsMended(text: String, meant: String) {
    let form = ValueForm.number(0...9, usual: 5)
    #expect(!form.accepts(text))
    #expect(form.mended(text) == meant)
  }

  @Test func aDateAloneIsItsMidnightInUTC() {
    #expect(Moment(argument: "2030-01-31") == .time("2030-01-31T00:00:00.000000Z"))
    #expect(Moment(argument: "2030-02-31") == nil)
  }

  @Test(arguments: [("5m", "every 5 minutes"), ("@every 1h", "every hour"), ("61 * * * *", nil), ("5", nil), ("", nil)])
  func aLengthOfTimeIsNoScheduleButNearlyOne(text: String, meant: String?) {
    #expect(ScheduleMistake.mended(text) == meant)
  }
}

@Suite struct ExampleTextTests {
  @Test func aCommandThatIsTooWideGoesOnBehindABackslash() {
    let layout = TextLayout(width: 40, isEmphasised: false)
    let lines = layout.examples([.init(command: "celerity submit a.b --kwargs '{\"amount\": 1}' --wait", note: nil)])
    #expect(lines == ["  celerity submit a.b --kwargs \\", #"    '{"amount": 1}' --wait"#])
  }

  @Test func aNoteStandsAboveWhenThereIsNoRoomBehind() {
    let layout = TextLayout(width: 40, isEmphasised: false)
    let lines = layout.examples([.init(command: "celerity queue purge reports --yes", note: "asks nobody")])
    #expect(lines == ["  # asks nobody", "  celerity queue purge reports --yes"])
  }
}
