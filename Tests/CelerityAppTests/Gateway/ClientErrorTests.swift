import NIOHTTP1
import Testing

@testable import CelerityApp

@Suite("Answers of a gateway as errors")
struct ClientErrorTests {
  static func error(_ status: Int, _ body: String = "", _ headers: [(String, String)] = []) -> ClientError {
    ClientError(status: status, headers: HTTPHeaders(headers), body: Array(body.utf8))
  }

  static let exitCodes: [(status: Int, exit: CelerityApp.ExitStatus)] = [
    (400, .usage), (401, .denied), (403, .denied), (404, .notFound), (405, .usage), (408, .tryLater),
    (409, .conflict), (410, .notFound), (412, .conflict), (413, .usage), (415, .usage), (422, .usage),
    (429, .tryLater), (500, .failed), (502, .unavailable), (503, .tryLater), (504, .unavailable), (599, .failed),
  ]

  @Test("have the exit code of their kind", arguments: exitCodes)
  func exitCode(status: Int, exit: CelerityApp.ExitStatus) {
    #expect(Self.error(status).status == exit)
  }

  @Test("tell what the problem tells: the detail, each place, the kind, and what to try")
  func problem() {
    let error = Self.error(
      422,
      #"""
      {"type":"/problems/invalid-arguments","title":"Invalid arguments","status":422,"detail":"the arguments do not fit",
       "code":"invalid-arguments","errors":[{"pointer":"/kwargs/amount","detail":"must be a number"}],"hint":"see docs"}
      """#)
    #expect(error.code == "invalid-arguments")
    #expect(
      error.lines == [
        "error: the arguments do not fit (invalid-arguments)", "cause: --kwargs amount must be a number",
        "try:   see docs",
      ])
  }

  @Test(
    "that are no problems still make sense",
    arguments: ["", "<html>502</html>", "[]", "{\"detail\": 5}", "{", "null", "\u{0}"])
  func strange(body: String) {
    let error = Self.error(503, body, [("Retry-After", "7")])
    #expect(error.what.contains("503"))
    #expect(error.hint == "again in 7 s")
  }

  @Test("can't act on a terminal, whatever is in them")
  func hostile() {
    let error = Self.error(404, #"{"detail":"\u001b[2J\nerror: fake","hint":"\u202e"}"#)
    let text = error.lines.joined(separator: "\n")
    #expect(!text.unicodeScalars.contains("\u{1B}"))
    #expect(!text.unicodeScalars.contains("\u{202E}"))
    #expect(text.contains("\n       error: fake"))
  }

  @Test("point at the place of a filter that can't be read")
  func filter() {
    let body =
      #"{"detail":"the filter can't be read: there is no qualifier 'stat', at byte 5 of q","code":"invalid-query"}"#
    let error = ClientError(
      status: 400, headers: [:], body: Array(body.utf8), request: .get("/v1/tasks", query: [("q", "mail stat:x")]))
    #expect(
      error.lines == [
        "error: --query can't be read: there is no qualifier 'stat' (invalid-query)",
        "cause: mail stat:x\n            ^",
      ])
  }

  @Test("show the code faintly where there are colours, and no error where a person chose the end")
  func tones() {
    var error = ClientError("gone", status: .notFound, code: "unknown-task-id")
    error.isColoured = true
    #expect(error.lines == ["error: gone \u{1B}[2m(unknown-task-id)\u{1B}[0m"])
    #expect(ClientError.interrupted.lines == ["interrupted"])
  }

  @Test("name the address that was meant when the encryption is the other way")
  func encryption() throws {
    let plain = TransportError.unencrypted.asClientError(try GatewayAddress("https://localhost:8000"), .seconds(1))
    #expect(plain.hint == "celerity … --url http://localhost:8000")
    let set = TransportError.unencrypted.asClientError(
      try GatewayAddress("https://localhost:8000", from: .variable), .seconds(1))
    #expect(set.hint == "export CELERITY_URL=http://localhost:8000")
  }

  @Test("say how to start a gateway where none answers, on this machine only")
  func refused() throws {
    let here = TransportError.refused.asClientError(try GatewayAddress("localhost:1"), .seconds(30))
    #expect(here.status == .unavailable)
    #expect(here.hint == "is a gateway running? try: celerity dev")
    let there = TransportError.refused.asClientError(try GatewayAddress("example.org:1"), .seconds(30))
    #expect(there.hint == "check the --url that you gave")
    let set = TransportError.refused.asClientError(try GatewayAddress("example.org:1", from: .variable), .seconds(30))
    #expect(set.hint?.contains("CELERITY_URL") == true)
    #expect(TransportError.timedOut.asClientError(try GatewayAddress("x"), .seconds(30)).status == .tryLater)
    #expect(TransportError.cancelled.asClientError(try GatewayAddress("x"), .seconds(30)).status == .interrupted)
  }
}

@Suite("Sending a request again")
struct RepeatRuleTests {
  static let safe = GatewayRequest.get("/x")
  static let unsafe = GatewayRequest.post("/x")

  @Test("happens after a broken connection, for what is safe to repeat")
  func broken() {
    #expect(RepeatRule.pause(.broken("x"), Self.safe, 1) != nil)
    #expect(RepeatRule.pause(.broken("x"), Self.safe, RepeatRule.attempts) == nil)
    #expect(RepeatRule.pause(.broken("x"), Self.unsafe, 1) == nil)
    #expect(RepeatRule.pause(.refused, Self.safe, 1) == nil)
    #expect(RepeatRule.pause(.timedOut, Self.safe, 1) == nil)
  }

  @Test(
    "happens when the gateway asks for a moment, unless the moment is long",
    arguments: [
      (503, "1", true), (429, "0", true), (503, nil, true), (503, "60", false), (500, "1", false), (404, nil, false),
      (503, "soon", true),
    ] as [(Int, String?, Bool)])
  func asked(status: Int, after: String?, repeats: Bool) {
    let answer = GatewayAnswer(
      status: status, headers: HTTPHeaders(after.map { [("Retry-After", $0)] } ?? []), body: [])
    let problem = ClientError(status: status, headers: answer.headers, body: [])
    #expect((RepeatRule.pause(answer, problem, Self.safe, 1) != nil) == repeats)
    #expect(RepeatRule.pause(answer, problem, Self.unsafe, 1) == nil)
  }

  @Test("happens while the first of two requests with one key is still being worked on")
  func keyInUse() {
    let answer = GatewayAnswer(status: 409, headers: [:], body: [])
    let problem = ClientError("x", status: .conflict, code: "idempotency-key-in-use")
    #expect(RepeatRule.pause(answer, problem, Self.safe, 1) != nil)
    #expect(RepeatRule.pause(answer, ClientError("x", status: .conflict, code: "conflict"), Self.safe, 1) == nil)
  }
}

@Suite("A time without a stream")
struct OutageTests {
  @Test("is told of once, and its end only when it was told of")
  func telling() {
    let start = ContinuousClock.now
    var outage = Outage(patience: .seconds(60))
    let quiet = outage.begin(isQuiet: true, at: start)
    #expect(!quiet)
    let first = outage.begin(isQuiet: false, at: start)
    let second = outage.begin(isQuiet: false, at: start)
    #expect(first && !second)
    #expect(!outage.isTooLong(at: start + .seconds(60)))
    #expect(outage.isTooLong(at: start + .seconds(61)))
    let ended = outage.end()
    let again = outage.end()
    #expect(ended && !again)
    #expect(!outage.isTooLong(at: start + .seconds(600)))
  }

  @Test("the first new attempt comes soon, the next as the stream asked")
  func pauses() {
    let start = ContinuousClock.now
    var outage = Outage(patience: .seconds(60))
    let pauses = [0, 1, 6].map { outage.pause(asked: 2000, at: start + .seconds($0)) }
    #expect(pauses == [.milliseconds(200), .seconds(2), .milliseconds(200)])
    let bounds = [outage.pause(asked: 0, at: start + .seconds(7)), outage.pause(asked: .max, at: start + .seconds(8))]
    #expect(bounds == [.milliseconds(100), .seconds(10)])
  }
}
