import CelerityJSON
import CelerityRoutes

/// Errors as the service's own documentation promises them: `{"error", "status_code"}`, and `detail` with what is wrong
/// where.
enum ItemsEnvelope {
  static let envelope = ErrorEnvelope.custom { error, request in
    var writer = JSONWriter(reservingCapacity: 192)
    writer.beginObject()
    writer.member("error", error.detail)
    writer.member("status_code", status(error))
    if !error.issues.isEmpty {
      writer.member(
        "detail",
        array: { writer in
          for issue in error.issues { write(issue, error.code, &writer) }
        })
    }
    writer.endObject()
    return .json(status(error), writer.finish(), headers: error.headers)
  }

  /// A parameter that is given twice is 422 like one with a wrong value; a body that is no JSON stays 400.
  private static func status(_ error: RouteError) -> Int { error.code == "invalid-query" ? 422 : error.status }

  /// One thing that is wrong: where, in the steps that lead there, and what.
  private static func write(_ issue: RouteError.Issue, _ code: String, _ writer: inout JSONWriter) {
    let steps = issue.pointer.split(separator: "/").map(String.init)
    let isPlaced = ["body", "query", "path"].contains(steps.first ?? "")
    writer.beginObject()
    writer.member(
      "loc",
      array: { writer in
        if !isPlaced { writer.string("body") }
        for step in steps { writer.string(step) }
      })
    writer.member("msg", issue.detail)
    writer.member("type", code)
    writer.endObject()
  }

  /// An answer of 422 about parts of a request, by pointers that begin with `/body` or `/query`.
  static func invalid(_ issues: [RouteError.Issue]) -> RouteError {
    let text = issues.map { issue in
      let name = issue.pointer.split(separator: "/").dropFirst().joined(separator: ".")
      return name.isEmpty ? issue.detail : "\(name) \(issue.detail)"
    }
    return RouteError(422, "invalid-request", text.joined(separator: "; "), issues: issues)
  }
}
