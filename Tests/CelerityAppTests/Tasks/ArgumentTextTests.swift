import CelerityJSON
import Testing

@testable import CelerityApp

@Suite("JSON on the command line")
struct ArgumentTextTests {
  static let kwargs = ArgumentText(option: "--kwargs", kind: .object)
  static let args = ArgumentText(option: "--args", kind: .array)

  @Test("is passed on as it is, numbers to the last digit")
  func exact() throws {
    #expect(
      try Self.kwargs.read("{\"a\": 1.10, \"b\": 12345678901234567890}").description.contains("12345678901234567890"))
    #expect(try Self.args.read("[ ]").elements() == [])
  }

  @Test("that lost its quotes in the shell is shown with a mark, and with what was meant")
  func lostQuotes() throws {
    let error = #expect(throws: ClientError.self) { try Self.kwargs.read("{amount:10000,rate:0.05}") }
    #expect(error?.what == "--kwargs is not JSON")
    #expect(error?.cause?.contains("{amount:10000,rate:0.05}\n ^") == true)
    #expect(error?.cause?.contains("shell") == true)
    #expect(error?.hint == #"--kwargs '{"amount":10000,"rate":0.05}'"#)
    #expect(error?.status == .usage)
  }

  static let repairs: [(String, String?)] = [
    ("{amount:10000}", #"{"amount":10000}"#), ("{'a': 'b c', 'n': None}", #"{"a": "b c", "n": null}"#),
    ("[1,2,]", "[1,2]"), ("{\"a\": True, \"b\": [False],}", #"{"a": true, "b": [false]}"#),
    ("{name: O'Neil}", nil), ("{a: it's}", nil), ("{'a': 'it\\'s'}", #"{"a": "it's"}"#),
    (#"{'a': 'say "x"'}"#, #"{"a": "say \"x\""}"#), ("{to:a@example.org}", #"{"to":"a@example.org"}"#),
    ("{a:{b:[c,-1.5e3]}}", #"{"a":{"b":["c",-1.5e3]}}"#), ("{", nil), ("", nil), ("hello", nil), ("{a:}", #"{"a":""}"#),
  ]

  @Test("is mended by a guess where that is possible", arguments: repairs)
  func repair(text: String, expected: String?) {
    let guess = JSONRepair.guess(text)?.description
    #expect(guess == (text == "{a:}" ? nil : expected))
  }

  static let wrongKinds: [(ArgumentText, String, String)] = [
    (args, "3", "--args '[3]'"), (args, "{\"a\":1}", #"--kwargs '{"a":1}'"#), (kwargs, "[1]", "--args '[1]'"),
    (kwargs, "\"x\"", #"--kwargs '{"amount": 10000}'"#), (args, "null", "--args '[null]'"),
  ]

  @Test("of another kind is refused with the option or the brackets that it needs", arguments: wrongKinds)
  func wrongKind(option: ArgumentText, text: String, hint: String) {
    let error = #expect(throws: ClientError.self) { try option.read(text) }
    #expect(error?.hint == hint)
  }

  @Test("a mistake deep in a long text of many lines is shown by its line")
  func place() {
    let text = "{\n\"a\": 1,\n" + String(repeating: " ", count: 100) + "\"b\": \u{1B}x\n}"
    let place = TextPlace(Array(text.utf8), offset: 116)
    let lines = place.picture.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("line 3: …"))
    #expect(lines[0].contains("\\x1bx"))
    #expect(lines[1].last == "^")
    #expect(TextPlace([], offset: 5).picture == "\n^")
  }

  @Test("a file that is not there, or is none, is named with the reason", arguments: ["@/nowhere/x.json", "@/tmp"])
  func files(text: String) {
    let error = #expect(throws: ClientError.self) { try Self.kwargs.read(text) }
    #expect(error?.what.contains(text.dropFirst()) == true)
    #expect(error?.cause != nil)
  }
}

@Suite("Ids from a list")
struct TaskNamesTests {
  @Test("are the first fields of its lines, without the heading, each once")
  func lines() throws {
    #expect(TaskNames.lines("id\ttask\tstate\na\tx\tFAILURE\r\nb\n\n  c  \n") == ["a", "b", "c"])
    #expect(TaskNames.lines("") == [])
    #expect(try TaskNames.read(["a", "b", "a"]) == ["a", "b"])
  }
}

@Suite("JSON that a shell took apart")
struct JSONWordsTests {
  static let words: [([String], String?, Int)] = [
    (["{amount:", "10000,", "rate:", "0.05}", "--wait"], #"{"amount": 10000, "rate": 0.05}"#, 4),
    (["amount:10000", "rate:0.05", "--wait"], #"{"amount":10000,"rate":0.05}"#, 2), (["[1,", "2]", "x"], "[1, 2]", 2),
    (["{a:", "1"], nil, 0), (["x", "y"], nil, 0), ([], nil, 0), (["{a:{b:", "1}}", "z"], #"{"a":{"b": 1}}"#, 2),
  ]

  @Test("is put together again", arguments: words)
  func join(words: [String], value: String?, count: Int) {
    let joined = JSONRepair.join(words[...])
    #expect(joined?.value.description == value)
    #expect(joined?.count ?? 0 == count)
  }
}
