import Testing

@testable import CelerityApp

/// Arguments as other tools take them: the line to type has the person's own values.
@Suite struct SubmitWordsTests {
  static let good = "celerity submit x --kwargs '{\"amount\":1000,\"rate\":0.05}'"

  @Test(arguments: [
    ("submit x amount=1000 rate=0.05", good), ("submit x --amount 1000 --rate 0.05", good),
    ("submit x --amount=1000 --rate=0.05", good), ("submit x '{\"amount\":1000,\"rate\":0.05}'", good),
    ("submit x --data '{\"amount\":1000,\"rate\":0.05}'", good),
    ("submit x -d '{\"amount\":1000,\"rate\":0.05}'", good), ("submit x --kwargs amount=1000 rate=0.05", good),
    ("submit x --kwargs '{\"amount\":1000}' rate=0.05", good),
    ("submit x --args 1000 0.05", "celerity submit x --args '[1000,0.05]'"),
    ("submit x 1000 -0.05", "celerity submit x --args '[1000,-0.05]'"),
    ("submit x '[1, 2]'", "celerity submit x --args '[1, 2]'"),
    (
      "submit x to=me ok=True --wait --queue q",
      "celerity submit x --wait --queue q --kwargs '{\"to\":\"me\",\"ok\":true}'"
    ),
  ]) func theValuesAreInTheLine(line: String, hint: String) throws {
    let words = WaitLimit.joined(ShellWords.split(line))
    let found = try #require(CommandLineCheck(words).mistake())
    let meant = try #require(found.hint)
    #expect(meant.replacing(", ", with: ",") == hint.replacing(", ", with: ","))
    #expect(CommandLineParse.accepts(WaitLimit.joined(Array(ShellWords.split(meant).dropFirst()))))
  }

  @Test(arguments: [
    ("submit x --kwrags '{}'", "celerity submit x --kwargs '{}'"),
    ("submit x --port 8001", "celerity submit x --url http://127.0.0.1:8001"),
    ("submit x a=1 a=2", "celerity submit x"),
  ]) func aSlipInAnOptionStaysOne(line: String, hint: String) throws {
    #expect(try #require(CommandLineCheck(ShellWords.split(line)).mistake()).hint == hint)
  }
}
