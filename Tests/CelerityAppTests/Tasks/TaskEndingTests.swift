import CelerityCore
import CelerityJSON
import Testing

@testable import CelerityApp

@Suite("The end of a task")
struct TaskEndingTests {
  static func failure(_ json: String) throws -> ClientError? {
    TaskEnding(task: try RawJSON(validating: json)).failure
  }

  @Test("is no error when it succeeded")
  func success() throws {
    #expect(try Self.failure(#"{"id":"a","state":"SUCCESS","result":null}"#) == nil)
  }

  @Test("says which error it was, what led to it, and what to type next")
  func failed() throws {
    let error = try #require(
      try Self.failure(
        #"""
        {"id":"a b","task":"mail.send","state":"FAILURE","attempts":3,"error":{"type":"ValueError","message":"bad\u001b",
         "signal":9,"causes":[{"type":"KeyError","message":"'x'"}]}}
        """#))
    #expect(error.status == .failed)
    #expect(
      error.lines == [
        "error: mail.send failed: ValueError: bad\\x1b",
        "cause: KeyError: 'x'\n       its process was ended by signal 9\n       after 3 attempts",
        "try:   celerity task why 'a b'   or   celerity task retry 'a b'",
      ])
  }

  @Test("says why it was revoked")
  func revoked() throws {
    let error = try #require(
      try Self.failure(
        #"{"id":"a","task":"t","state":"REVOKED","error":{"type":"T","message":"m","reason":"expired"}}"#))
    #expect(error.what == "t was revoked")
    #expect(error.cause == "expired")
  }

  @Test(
    "of a task whose record says next to nothing is an error all the same",
    arguments: ["{}", #"{"state":"FAILURE"}"#, #"{"state":5,"error":[]}"#])
  func strange(json: String) throws {
    #expect(try Self.failure(json)?.status == .failed)
  }

  @Test("the time it ran is never negative, and open while it runs")
  func runTime() throws {
    let now = try #require(Timestamp("2026-01-01T00:00:10Z"))
    func time(_ json: String) throws -> Duration? { TaskTable.runTime(try RawJSON(validating: json), now: now) }
    #expect(try time(#"{"state":"STARTED","started_at":"2026-01-01T00:00:04Z"}"#) == .seconds(6))
    #expect(try time(#"{"state":"STARTED","started_at":"2026-01-01T00:00:40Z"}"#) == .zero)
    #expect(try time(#"{"state":"RETRY","started_at":"2026-01-01T00:00:04Z"}"#) == nil)
    #expect(
      try time(#"{"started_at":"2026-01-01T00:00:04Z","finished_at":"2026-01-01T00:00:05.5Z"}"#)
        == .milliseconds(1500))
    #expect(try time(#"{"started_at":"2026-01-01T00:00:04Z","finished_at":"2026-01-01T00:00:01Z"}"#) == nil)
  }
}
