import CelerityJSON
import CelerityRoutes

/// An error as `application/problem+json` (RFC 9457) with our members `code`, `errors`, `hint` and `trace_id`.
struct Problem: Sendable {
  static let contentType = "application/problem+json"

  let json: RawJSON
  private let error: RouteError

  /// The problem of an error that a request met.
  init(_ error: RouteError, request: RouteRequest) {
    self.error = error
    var writer = JSONWriter(reservingCapacity: 512)
    writer.beginObject()
    writer.member("type", "/problems/" + error.code)
    writer.member("title", ProblemKind[error.code]?.title ?? "Error \(error.status)")
    writer.member("status", error.status)
    writer.member("detail", error.detail)
    if !request.path.isEmpty { writer.member("instance", request.path) }
    writer.member("code", error.code)
    writer.member(
      "errors",
      array: { writer in
        for issue in error.issues {
          writer.beginObject()
          writer.member("pointer", issue.pointer)
          writer.member("detail", issue.detail)
          writer.endObject()
        }
      })
    writer.member("hint", ifPresent: error.hint)
    writer.member("trace_id", request.traceID)
    writer.endObject()
    json = writer.finish()
  }

  /// The problem as a route's answer.
  var response: RouteResponse {
    RouteResponse(error.status, headers: error.headers, body: .bytes(json.bytes, contentType: Self.contentType))
  }
}
