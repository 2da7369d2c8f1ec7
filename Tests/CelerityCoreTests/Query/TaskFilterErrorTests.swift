import CelerityCore
import Testing

@Suite struct TaskFilterErrorTests {
  struct Case: CustomTestStringConvertible {
    var text: String
    var message: String
    var offset: Int
    var hint: String?

    init(_ text: String, _ message: String, at offset: Int, hint: String? = nil) {
      (self.text, self.message, self.offset, self.hint) = (text, message, offset, hint)
    }

    var testDescription: String { text.count > 60 ? "\(text.prefix(60))…" : text }
  }

  private static let word = "put it in quotes to search for the word"
  private static let states = "states are PENDING, RECEIVED, STARTED, PROGRESS, RETRY, SUCCESS, FAILURE, REVOKED"
  private static let times = "2026-01-31, 2026-01-31T10:00:00Z, <1h for younger or >7d for older"

  static let structure: [Case] = [
    Case("(a", "the parenthesis is not closed", at: 0),
    Case("a (b OR (c)", "the parenthesis is not closed", at: 2),
    Case("a)", "there is no parenthesis to close", at: 1),
    Case("(a))", "there is no parenthesis to close", at: 3),
    Case(")", "a term is missing before the parenthesis", at: 0),
    Case("(a OR )", "a term is missing before the parenthesis", at: 6),
    Case("()", "nothing stands between the parentheses", at: 0),
    Case("a ( )", "nothing stands between the parentheses", at: 2),
    Case("OR", "a term is missing before OR", at: 0, hint: word),
    Case("a OR OR b", "a term is missing before OR", at: 5, hint: word),
    Case("AND a", "a term is missing before AND", at: 0, hint: word),
    Case("a AND AND b", "a term is missing before AND", at: 6, hint: word),
    Case("NOT OR a", "a term is missing before OR", at: 4, hint: word),
    Case("a OR", "a term is missing at the end", at: 4),
    Case("a OR  ", "a term is missing at the end", at: 6),
    Case("a AND", "a term is missing at the end", at: 5),
    Case("NOT", "a term is missing at the end", at: 3),
    Case("(", "a term is missing at the end", at: 1),
    Case("--", "nothing follows the minus", at: 1, hint: "write it right before a term, or in quotes to search for it"),
    Case(
      "a - b", "nothing follows the minus", at: 2, hint: "write it right before a term, or in quotes to search for it"),
    Case(
      "(-)", "nothing follows the minus", at: 1, hint: "write it right before a term, or in quotes to search for it"),
    Case("\"a", "the quotation mark is not closed", at: 0),
    Case("é \"a\\\"", "the quotation mark is not closed", at: 3),
    Case("task:\"a", "the quotation mark is not closed", at: 5),
    Case("a\"b\"", "a quotation mark inside a word", at: 1, hint: "put the whole value in quotes"),
    Case("task:a\"b\"", "a quotation mark inside a word", at: 6, hint: "put the whole value in quotes"),
    Case("\"a\"b", "a blank is missing after the quotation mark", at: 3),
    Case("\"a\"\"b\"", "a blank is missing after the quotation mark", at: 3),
    Case("\"a\"(b)", "a blank is missing after the quotation mark", at: 3),
    Case("\"\"", "nothing stands between the quotation marks", at: 0),
    Case("error:\"\"", "nothing stands between the quotation marks", at: 6),
  ]

  static let values: [Case] = [
    Case(
      "quue:x", "there is no qualifier 'quue'", at: 0,
      hint: "did you mean 'queue:'? put it in quotes to search for the text"),
    Case(
      "a schedule:nightly:1", "there is no qualifier 'schedule'", at: 2, hint: "put it in quotes to search for the text"
    ),
    Case(":x", "there is no qualifier ''", at: 0, hint: "put it in quotes to search for the text"),
    Case("http://x", "there is no qualifier 'http'", at: 0, hint: "put it in quotes to search for the text"),
    Case("task:", "a value is missing after 'task:'", at: 5),
    Case("created: >1h", "a value is missing after 'created:'", at: 8),
    Case("kwargs.a:>=", "a value is missing to compare with", at: 9),
    Case("result:=", "a value is missing to compare with", at: 7),
    Case("state.x:y", "'state' has no parts", at: 5, hint: "only args, kwargs and result have"),
    Case("kwargs.:y", "a name is missing after the dot", at: 7),
    Case("b kwargs.a..b:y", "a name is missing after the dot", at: 11),
    Case("state:faliure", "there is no state 'faliure'", at: 6, hint: "did you mean FAILURE?"),
    Case("state:success,bogus", "there is no state 'bogus'", at: 14, hint: states),
    Case("state:success,", "there is no state ''", at: 14, hint: states),
    Case("state:*", "there is no state '*'", at: 6, hint: states),
    Case("priority:high", "'high' is not a whole number", at: 9, hint: "write priority:5 or priority:>=5"),
    Case("attempts:>1.5", "'1.5' is not a whole number", at: 9, hint: "write attempts:5 or attempts:>=5"),
    Case("attempts:>", "'' is not a whole number", at: 9, hint: "write attempts:5 or attempts:>=5"),
    Case(
      "attempts:9223372036854775808", "'9223372036854775808' is not a whole number", at: 9,
      hint: "write attempts:5 or attempts:>=5"),
    Case("priority:10", "priorities are 0 to 9", at: 9),
    Case("priority:>-1", "priorities are 0 to 9", at: 9),
    Case("queue:>a", "'queue' can't be compared", at: 6, hint: "put the value in quotes if it begins so"),
    Case("tag:=a", "'tag' can't be compared", at: 4, hint: "put the value in quotes if it begins so"),
    Case("created:yesterday", "'yesterday' is no time", at: 8, hint: "write created: and one of \(times)"),
    Case("started:2026-02-30", "'2026-02-30' is no time", at: 8, hint: "write started: and one of \(times)"),
    Case("finished:>5", "'5' is no time", at: 9, hint: "write finished: and one of \(times)"),
    Case("created:<h", "'h' is no time", at: 8, hint: "write created: and one of \(times)"),
    Case("created:<1x", "'1x' is no time", at: 8, hint: "write created: and one of \(times)"),
    Case("created:<1h30", "'1h30' is no time", at: 8, hint: "write created: and one of \(times)"),
    Case("created:<101y", "'101y' is no time", at: 8, hint: "write created: and one of \(times)"),
    Case(
      "created:<99999999999999999999w", "'99999999999999999999w' is no time", at: 8,
      hint: "write created: and one of \(times)"),
    Case("created:<3155760001s", "'3155760001s' is no time", at: 8, hint: "write created: and one of \(times)"),
    Case(
      "created:1h", "an age needs a comparison", at: 8,
      hint: "write created:<1h for younger or created:>1h for older"),
  ]

  static let bounds: [Case] = [
    Case(String(repeating: "a", count: 1025), "the filter is longer than 1024 bytes", at: 1024),
    Case(String(repeating: "é", count: 513), "the filter is longer than 1024 bytes", at: 1024),
    Case(String(repeating: "a ", count: 65), "more than 64 terms", at: 128),
    Case(
      String(repeating: "(", count: 17) + "a" + String(repeating: ")", count: 17), "nested deeper than 16 levels",
      at: 17),
    Case(String(repeating: "-", count: 17) + "a", "nested deeper than 16 levels", at: 17),
    Case(String(repeating: "NOT ", count: 17) + "a", "nested deeper than 16 levels", at: 68),
    Case(String(repeating: "(", count: 1024), "nested deeper than 16 levels", at: 17),
  ]

  @Test(arguments: structure + values + bounds)
  func `What is wrong is told with its place and what to write instead`(_ example: Case) {
    let error = #expect(throws: TaskFilterError.self) { try TaskFilter(example.text) }
    #expect(error?.message == example.message)
    #expect(error?.offset == example.offset)
    #expect(error?.hint == example.hint)
  }

  @Test(arguments: [
    String(repeating: "a", count: 1024), String(repeating: "a ", count: 64),
    String(repeating: "(", count: 16) + "a" + String(repeating: ")", count: 16),
    String(repeating: "-", count: 16) + "a",
  ])
  func `The bounds themselves are allowed`(_ text: String) throws {
    _ = try TaskFilter(text)
  }

  @Test func `An error reads as one line`() {
    #expect("\(TaskFilterError("bad", at: 3))" == "bad at byte 3")
    #expect("\(TaskFilterError("bad", at: 3, hint: "good"))" == "bad at byte 3 (good)")
  }
}
