import CelerityJSON
import CelerityRoutes
import HTTPTypes

/// An error as `application/problem+json` (RFC 9457) with our members `code`, `errors`, `hint` and `trace_id`.
struct Problem: Sendable {
  static let contentType = "application/problem+json"

  let json: RawJSON
  private let error: RouteError

  /// The problem of an error that a request met.
  init(_ error: RouteError, request: RouteRequest) {
    self.error = error
    var writer = JSONWriter(reservingCapacity: 512)
    Self.write(error, path: request.path, traceID: request.traceID, to: &writer)
    json = writer.finish()
  }

  /// The title of an error's code; of codes that services have of their own, that of its status.
  static func title(of error: RouteError) -> String {
    ProblemKind[error.code]?.title ?? HTTPResponse.Status(code: error.status).reasonPhrase
  }

  /// Writes a problem into a larger document; at most `issueLimit` of what is wrong is told.
  static func write(
    _ error: RouteError, path: String = "", traceID: String, issueLimit: Int = .max, to writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.member("type", "/problems/" + error.code)
    writer.member("title", title(of: error))
    writer.member("status", error.status)
    writer.member("detail", error.detail)
    if !path.isEmpty { writer.member("instance", path) }
    writer.member("code", error.code)
    writer.member(
      "errors",
      array: { writer in
        for issue in error.issues.prefix(issueLimit) {
          writer.beginObject()
          writer.member("pointer", issue.pointer)
          writer.member("detail", issue.detail)
          writer.endObject()
        }
      })
    writer.member("hint", ifPresent: error.hint)
    writer.member("trace_id", traceID)
    writer.endObject()
  }

  /// The problem as a route's answer.
  var response: RouteResponse {
    RouteResponse(error.status, headers: error.headers, body: .bytes(json.line, contentType: Self.contentType))
  }
}

extension RawJSON {
  /// The text with a line break behind it, which is white space to readers (RFC 8259, 2) and keeps the prompt of a
  /// terminal off the line.
  var line: [UInt8] { bytes + [UInt8(ascii: "\n")] }
}
