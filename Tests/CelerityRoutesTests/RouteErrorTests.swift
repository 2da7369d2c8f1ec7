import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import Testing

@Suite struct RouteErrorTests {
  private func request(
    body: String = "", query: [(name: String, value: String)] = [], traceparent: String = ""
  ) -> RouteRequest {
    RouteRequest(
      method: "POST", path: "/", query: query, body: Array(body.utf8), requestID: "r", traceparent: traceparent)
  }

  @Test(arguments: [
    (JSONError.Code.malformed, 400, "malformed-json"),
    (.unexpectedEnd, 400, "malformed-json"),
    (.trailingData, 400, "malformed-json"),
    (.nulInName, 400, "malformed-json"),
    (.tooManyMembers, 400, "malformed-json"),
    (.numberTooLong, 400, "malformed-json"),
    (.numberOutOfRange, 400, "malformed-json"),
    (.invalidEncoding, 400, "invalid-encoding"),
    (.loneSurrogate, 400, "invalid-encoding"),
    (.duplicateKey, 400, "duplicate-key"),
    (.tooDeep, 400, "json-too-deep"),
    (.tooLarge, 413, "payload-too-large"),
  ])
  func `Refused JSON has a status and a stable word for each fault`(code: JSONError.Code, status: Int, word: String) {
    let error = RouteError(malformed: JSONError(code: code, offset: 3, pointer: "/a", message: "why"))
    #expect((error.status, error.code) == (status, word))
    #expect(error.detail == "the body is not acceptable JSON: \(code): why at byte 3 in /a")
    #expect(error.issues == [RouteError.Issue(pointer: "/a", detail: "why")])
    #expect(RouteError(malformed: JSONError(code: code, offset: 3, message: "why")).issues.isEmpty)
  }

  @Test(arguments: [
    (EngineError.Code.storageFull, 503, "storage-full", String?.some("5")),
    (.queueFull, 503, "queue-full", "30"),
    (.unavailable, 503, "engine-unavailable", "2"),
    (.closed, 503, "engine-unavailable", "2"),
    (.conflict, 409, "conflict", nil),
    (.invalid, 422, "invalid-request", nil),
  ])
  func `A store's error keeps its words, and says when to try again where that helps`(
    code: EngineError.Code, status: Int, word: String, retryAfter: String?
  ) {
    let error = RouteError(engine: EngineError(code, "what happened", hint: "what to do"))
    #expect((error.status, error.code) == (status, word))
    #expect((error.detail, error.hint) == ("what happened", "what to do"))
    #expect(error.headers.map(\.name) == (retryAfter == nil ? [] : ["Retry-After"]))
    #expect(error.headers.first?.value == retryAfter)
  }

  @Test(arguments: [EngineError.Code.corrupt, .owned, .init(rawValue: "new")])
  func `What is the operator's business is not told to clients`(code: EngineError.Code) {
    let error = RouteError(engine: EngineError(code, "/var/lib/secret is damaged", hint: "restore the copy"))
    #expect((error.status, error.code, error.detail) == (500, "internal-error", "the store failed"))
    #expect(error.hint == nil)
    #expect(error.headers.isEmpty)
  }

  @Test func `Arguments that do not fit are 422 with a pointer for each`() {
    let error = RouteError(
      arguments: ArgumentError(
        task: "demo.add",
        issues: [
          .init(pointer: "/args/0", detail: "must be at most 3"), .init(pointer: "/kwargs/y", detail: "is missing"),
        ]
      ))
    #expect((error.status, error.code) == (422, "invalid-arguments"))
    #expect(error.detail == "the arguments do not fit demo.add")
    #expect(
      error.issues == [
        RouteError.Issue(pointer: "/args/0", detail: "must be at most 3"),
        RouteError.Issue(pointer: "/kwargs/y", detail: "is missing"),
      ])
  }

  @Test func `A body is read as strict JSON`() throws {
    #expect(try request(body: #" {"a": 1.0} "#).json().description == #"{"a": 1.0}"#)
    let broken = #expect(throws: RouteError.self) { try request(body: #"{"a": 1, "a": 2}"#).json() }
    #expect(broken?.code == "duplicate-key")
    let large = #expect(throws: RouteError.self) {
      try request(body: "[1, 2]").json(limits: JSONLimits(maximumBytes: 3))
    }
    #expect(large?.status == 413)
    #expect(throws: RouteError.self) { try request().json() }
  }

  @Test func `A query parameter is given at most once`() throws {
    let request = request(query: [("a", "1"), ("b", ""), ("A", "2"), ("c", "3"), ("c", "3")])
    #expect(try request.queryValue("a") == "1")
    #expect(try request.queryValue("b")?.isEmpty == true)
    #expect(try request.queryValue("d") == nil)
    let error = #expect(throws: RouteError.self) { try request.queryValue("c") }
    #expect(error?.status == 400)
    #expect(error?.code == "invalid-query")
    #expect(error?.detail == "the query parameter 'c' is given 2 times")
  }

  @Test func `The trace's id is the second part of the trace context`() {
    let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    #expect(request(traceparent: traceparent).traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(request().traceID.isEmpty)
  }
}
