import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

@Suite struct RequestTests {
  static let paths = ["/generate", "/generate/async"]

  @Test(
    "C1.2: a body that is no JSON is 422 with a JSON error, the guide's own `{...}` too",
    arguments: [
      #"{"document_type": "resume", "template": "classic", "data": {...}}"#, "", "{", "null", "[]", "7", #""x""#,
      #"{"a":1,"a":2}"#, "\u{1}",
    ])
  func malformed(body: String) async throws {
    for path in Self.paths {
      let answer = try await DocumentsPlatform().call("POST", path, body)
      #expect(answer.status == 422)
      #expect(try answer.error("code") == "API001")
    }
  }

  private static let person = #"{"personalInfo":{"name":"J","email":"j@example.com"}}"#

  @Test(
    "3.3: each thing that can be wrong with a request has its status, code and field",
    arguments: [
      (#"{}"#, 422, "API002", "document_type"),
      (#"{"document_type":"resume","data":\#(person)}"#, 422, "API002", "template"),
      (#"{"document_type":"resume","template":"classic"}"#, 422, "API002", "data"),
      (#"{"document_type":null,"template":"classic","data":\#(person)}"#, 422, "API002", "document_type"),
      (#"{"document_type":"cv","template":"classic","data":\#(person)}"#, 422, "API001", "document_type"),
      (#"{"document_type":7,"template":"classic","data":\#(person)}"#, 422, "API001", "document_type"),
      (#"{"document_type":"resume","template":7,"data":\#(person)}"#, 422, "API001", "template"),
      (#"{"document_type":"resume","template":"modern","data":\#(person)}"#, 404, "TPL001", "template"),
      (#"{"document_type":"resume","template":"classic","data":[]}"#, 422, "API001", "data"),
      (#"{"document_type":"resume","template":"classic","data":"x"}"#, 422, "API001", "data"),
      (
        #"{"document_type":"resume","template":"classic","format":"html","data":\#(person)}"#, 400, "API003", "format"
      ),
      (#"{"document_type":"resume","template":"classic","format":1,"data":\#(person)}"#, 400, "API003", "format"),
      (
        #"{"document_type":"resume","template":"classic","spacing_mode":"wide","data":\#(person)}"#, 422, "API001",
        "spacing_mode"
      ),
      (
        #"{"document_type":"resume","template":"classic","ultra_validation":"yes","data":\#(person)}"#, 422, "API001",
        "ultra_validation"
      ),
      (
        #"{"document_type":"resume","template":"classic","clean_up":1,"data":\#(person)}"#, 422, "API001", "clean_up"
      ),
      (
        #"{"document_type":"resume","template":"classic","priority":11,"data":\#(person)}"#, 422, "API001", "priority"
      ),
      (
        #"{"document_type":"resume","template":"classic","priority":1.5,"data":\#(person)}"#, 422, "API001", "priority"
      ),
      (#"{"document_type":"resume","template":"classic","data":{}}"#, 400, "VAL001", "personalInfo"),
    ])
  func refused(body: String, status: Int, code: String, field: String) async throws {
    for path in Self.paths {
      let platform = DocumentsPlatform()
      let answer = try await platform.call("POST", path, body)
      #expect(answer.status == status)
      #expect(try answer.error("code") == code)
      #expect(try answer.error("field") == field)
      #expect(try await platform.store.count(RecordQuery()).total == 0)
    }
  }

  @Test("3.2: what is left out has its default; unknown members are tolerated")
  func defaults() async throws {
    let body =
      #"{"document_type":"resume","template":"two_column","data":\#(Self.person),"unknown":1,"clean_up":null}"#
    let wanted = try DocumentRequest(RawJSON(validating: body), today: "")
    #expect(wanted.order.format == .pdf)
    #expect(wanted.order.spacing == .compact)
    #expect(wanted.order.template == .twoColumn)
    #expect(wanted.priority == .normal)
    #expect(wanted.order.data.description == Self.person)
  }

  @Test("3.3: an unknown template is told with the ones there are, an unknown format too")
  func available() async throws {
    let platform = DocumentsPlatform()
    let template = try await platform.call("POST", "/generate", order(template: "modern")).json()
    #expect(template["error"]?["context"]?["available_templates"] == .string("classic, two_column"))
    let format = try await platform.call("POST", "/generate", order("odt")).json()
    #expect(format["error"]?["context"]?["supported_formats"] == .string("pdf, latex, docx"))
  }

  @Test("3.3: an error's envelope has a request id of eight characters that leads to the log, and its time")
  func envelope() async throws {
    let platform = DocumentsPlatform()
    let answer = try await platform.call("POST", "/generate", "{}", requestID: "0190aa-12345678")
    let error = try #require(try answer.json()["error"])
    #expect(error["request_id"] == .string("12345678"))
    #expect(error["timestamp"] == .string(platform.time.now.rfc3339))
    #expect(error["category"] == .string("api"))
    #expect(error["severity"] == .string("error"))
    #expect(error["title"]?.stringValue?.isEmpty == false)
    for id in ["", "short", "ünïcödé-id"] { #expect(DocumentsEnvelope.shortID(id).count == 8) }
    #expect(DocumentsEnvelope.shortID("a") != DocumentsEnvelope.shortID("b"))
  }

  @Test(
    "3.3: what the platform itself refuses has the same envelope",
    arguments: [
      (RouteError(429, "rate-limited", "slow down", headers: [("Retry-After", "3")]), 429, "API005"),
      (RouteError(413, "payload-too-large", "too long"), 413, "API007"),
      (RouteError(404, "not-found", "none"), 404, "API011"),
      (RouteError(405, "method-not-allowed", "not this"), 405, "API008"),
      (RouteError(415, "unsupported", "not this"), 415, "API006"),
      (RouteError(400, "malformed-json", "bad"), 422, "API001"),
      (RouteError(401, "key-required", "who"), 401, "API009"),
      (RouteError(403, "forbidden", "no"), 403, "API010"),
      (RouteError(engine: EngineError(.unavailable, "away")), 503, "API013"),
      (RouteError(500, "internal-error", "secret"), 500, "SYS001"),
    ])
  func platformErrors(error: RouteError, status: Int, code: String) throws {
    let request = RouteRequest(method: "GET", path: "/", requestID: "request-1", traceparent: "")
    guard case .custom(let envelope) = DocumentsEnvelope(time: TestTime()).envelope else { return }
    let answer = envelope(error, request)
    #expect(answer.status == status)
    guard case .json(let body) = answer.body else { return #expect(Bool(false), "no JSON") }
    #expect(body["error"]?["code"] == .string(code))
    #expect(answer.headers.map(\.name) == error.headers.map(\.name))
    #expect(!body.description.contains("secret"))
  }

  @Test("3.3: a body of more than 10 MiB is refused before it is read")
  func bodyLimit() async throws {
    let platform = DocumentsPlatform()
    for route in platform.service.routes { #expect(route.maximumBodyBytes == 10 << 20) }
    let body = order(data: #","summary":"\#(String(repeating: "x", count: 10 << 20))""#)
    let answer = try await platform.call("POST", "/generate", body)
    #expect(answer.status == 413)
    #expect(try answer.error("code") == "API007")
  }

  @Test("3.3: every code has a family, a severity, a status and a title of its own")
  func codes() {
    let families: [Substring: Int] = ["VAL": 15, "TPL": 12, "API": 13, "SYS": 10, "SEC": 7, "FIL": 10]
    for code in DocumentError.Code.allCases {
      let number = Int(code.rawValue.suffix(3)) ?? 0
      #expect((1...(families[code.rawValue.prefix(3)] ?? 0)).contains(number))
      #expect((400...599).contains(code.facts.status))
    }
    #expect(Set(DocumentError.Code.allCases.map(\.facts.title)).count == DocumentError.Code.allCases.count)
    #expect(DocumentError.Code.dangerousText.facts.category == .security)
  }

  @Test("An error is the same after it crossed the queue")
  func crossing() {
    let error = DocumentError(.compileFailed, "line 7", field: "body", suggestedFix: "shorten it")
    #expect(DocumentError(error.taskFailure) == error)
    #expect(DocumentError(.timeLimitExceeded(300)) == nil)
  }
}
