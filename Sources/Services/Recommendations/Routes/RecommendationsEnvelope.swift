import CelerityJSON
import CelerityRoutes

/// Errors as the service's clients know them: `{"detail": text}`, and a list in its place where parts of a body are wrong.
enum RecommendationsEnvelope {
  static let envelope = ErrorEnvelope.custom { error, request in
    var writer = JSONWriter(reservingCapacity: 160)
    writer.beginObject()
    if error.status == 422, !error.issues.isEmpty {
      writer.member(
        "detail",
        array: { writer in
          for issue in error.issues { write(issue, error.code, &writer) }
        })
    } else {
      writer.member("detail", error.detail)
    }
    writer.endObject()
    return .json(status(error), writer.finish(), headers: error.headers)
  }

  /// A parameter that is given twice is 422 like one with a wrong value; a body that is no JSON stays 400.
  private static func status(_ error: RouteError) -> Int { error.code == "invalid-query" ? 422 : error.status }

  private static func write(_ issue: RouteError.Issue, _ code: String, _ writer: inout JSONWriter) {
    writer.beginObject()
    writer.member(
      "loc",
      array: { writer in
        for step in issue.pointer.split(separator: "/") { writer.string(String(step)) }
      })
    writer.member("msg", issue.detail)
    writer.member("type", code)
    writer.endObject()
  }

  /// An answer of 422 about parts of a request, by pointers that begin with `/body` or `/query`.
  static func invalid(_ issues: [RouteError.Issue]) -> RouteError {
    RouteError(
      422, "invalid-request", issues.map { "\($0.pointer) \($0.detail)" }.joined(separator: "; "), issues: issues)
  }
}
