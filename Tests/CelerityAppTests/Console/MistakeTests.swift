import Testing

@testable import CelerityApp

/// What is said to a line that is wrong. The table of forty mistakes of the product's tests goes through the binary;
/// these are the corners.
@Suite struct CommandLineCheckTests {
  private func mistake(_ line: String) -> Mistake? {
    CommandLineCheck(WaitLimit.joined(Array(ShellWords.split(line)))).mistake()
  }

  @Test(arguments: [
    "dev", "config show --json", "config explain worker.concurrency", "queue pause a -y", "submit a.b --kwargs '{}'",
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
    ("worker -c 4", "celerity dev"), ("beat", "celerity dev"), ("completion basch", "celerity completion bash"),
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
    #expect(found.error.contains("--countdown needs a value"))
  }

  @Test func splitJSONIsRecognised() throws {
    let found = try #require(mistake("submit x --kwargs {amount: 1}"))
    #expect(found.cause?.contains("single quotes") == true)
  }
}
