import Foundation
import Testing

@testable import CelerityApp

@Suite("What a gateway says, in the words of the command line")
struct GatewayWordsTests {
  static let id = "019812ab-4c1d-7e61-8f00-6a1f0e2d9c44"

  /// The hints of explanations and problems that speak of HTTP.
  static let hints: [(String, String)] = [
    ("run it again with POST /v1/tasks/\(id):retry", "run it again with celerity task retry \(id)"),
    (
      "run it all the same with POST /v1/tasks/\(id):retry", "run it all the same with celerity task retry \(id)"
    ),
    (
      "find out why its process dies before it is run again with POST /v1/tasks/a%20b:retry",
      "find out why its process dies before it is run again with celerity task retry 'a b'"
    ),
    ("POST /v1/queues/finance:resume", "celerity queue resume finance"),
    ("POST /v1/workers/{name}:resume, or start another one", "celerity workers resume NAME, or start another one"),
    ("GET /v1/workers lists those that are", "celerity workers list lists those that are"),
    ("GET /v1/tasks/\(id) shows it", "celerity task show \(id) shows it"),
    ("PUT /v1/schedules/nightly replaces it", "celerity schedule edit nightly replaces it"),
    ("GET / lists where to begin", "celerity --help lists where to begin"),
    ("somebody changed it; GET it again and decide anew", "somebody changed it; read it again and decide anew"),
    (
      "POST /v1/tasks takes a single submission; lines are sent as application/x-ndjson",
      "celerity submit takes a single submission; lines are sent as application/x-ndjson"
    ),
    (
      "add it to worker.queues of a worker, or POST /v1/queues/mail:move",
      "add it to worker.queues of a worker, or celerity queue move mail QUEUE"
    ),
    (
      "Mend what the errors point at; GET /v1/schedules:next tries a schedule out without storing it.",
      "Mend what the errors point at; celerity schedule next tries a schedule out without storing it."
    ),
    ("Mend it; `GET /v1/kinds/{name}` shows it.", "Mend it; `celerity kinds show NAME` shows it."),
    ("did you mean 'finance'?", "did you mean 'finance'?"), ("", ""), ("GET /v2/strange", "GET /v2/strange"),
    ("POST /", "POST /"), ("GET /v1/tasks/%zz%", "celerity task show %zz%"),
  ]

  @Test("a request becomes the verb that does the same", arguments: hints)
  func hint(said: String, meant: String) {
    #expect(GatewayWords.hint(said) == meant)
  }

  @Test("no hint in the gateway's code sends people to a request")
  func complete() throws {
    let hints = try Self.hintsInCode()
    #expect(hints.count > 5)
    for hint in hints {
      let meant = GatewayWords.hint(hint)
      #expect(!["GET ", "POST ", "PUT ", "DELETE ", "/v1"].contains { meant.contains($0) }, "\(meant)")
    }
  }

  /// The hints of explanations and problems as they stand in the gateway's code, with names in place of what is put in.
  static func hintsInCode() throws -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/CelerityGateway")
    let files = try #require(FileManager.default.enumerator(at: root.standardized, includingPropertiesForKeys: nil))
    var hints: [String] = []
    for case let file as URL in files where file.pathExtension == "swift" {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      where line.contains("hint: ") || line.contains("let again") {
        for literal in line.matches(of: #/"((?:GET|POST|PUT|DELETE|[a-z][^"]*(?:GET|POST|PUT|DELETE)) [^"]*)"/#) {
          let text = literal.1.replacing(#/\\\(TaskView\.path\(of: [^)]*\)\)/#, with: "/v1/tasks/\(id)")
            .replacing(#/\\\(path\)/#, with: "/v1/queues/finance").replacing(#/\\\([^)]*\)/#, with: "x")
          hints.append(String(text))
        }
      }
    }
    return hints
  }

  @Test("each verb is there", arguments: GatewayWords.verbs.map(\.verb))
  func verbs(line: String) {
    let words = line.split(separator: " ").map(String.init).dropFirst()
    let (verb, count) = Verb.root.descend(words)
    #expect(count > 0 || line == "celerity --help")
    #expect(!verb.isGroup || verb.isRoot)
  }

  static let sentences: [(String, String)] = [
    ("/priority must be an integer from 0 to 9", "--priority must be an integer from 0 to 9"),
    ("/time_limit must be more", "--time-limit must be more"), ("/tags/0 is empty", "--tag 0 is empty"),
    ("/kwargs/rate is missing", "--kwargs rate is missing"), ("/kwargs/a~1b is missing", "--kwargs a/b is missing"),
    ("/strange is no known field", "'strange' is no known field"), ("the body must be", "the body must be"),
    ("/", "/"), ("/v1/tasks is there", "/v1/tasks is there"),
  ]

  @Test("a pointer becomes the option", arguments: sentences)
  func sentence(said: String, meant: String) {
    #expect(GatewayWords.sentence(said) == meant)
  }
}
