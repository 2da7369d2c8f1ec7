import CelerityJSON
import CelerityRoutes

/// Errors as the service's own documentation promises them:
/// `{"error": {"code", "message", "details", "request_id"}}`.
enum FinanceEnvelope {
  static let envelope = ErrorEnvelope.custom { error, request in
    answer(status(error), code(error), error.detail, request, headers: error.headers) { writer in
      for issue in error.issues { writer.member(issue.pointer.isEmpty ? "/" : issue.pointer, issue.detail) }
      if let hint = error.hint { writer.member("hint", hint) }
    }
  }

  /// An error with details of its own.
  static func answer(
    _ status: Int, _ code: String, _ message: String, _ request: RouteRequest,
    headers: [(name: String, value: String)] = [], details: (inout JSONWriter) -> Void
  ) -> RouteResponse {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writer.key("error")
    writer.beginObject()
    writer.member("code", code)
    writer.member("message", message)
    writer.member("details", object: details)
    writer.member("request_id", request.requestID)
    writer.endObject()
    writer.endObject()
    return .json(status, writer.finish(), headers: headers)
  }

  /// Malformed JSON is 422 here, like everything else that is wrong with a body.
  private static func status(_ error: RouteError) -> Int { error.status == 400 ? 422 : error.status }

  private static func code(_ error: RouteError) -> String {
    // A code of this service's own is upper case; the platform's are words with dashes.
    if error.code.contains(where: \.isUppercase) { return error.code }
    return switch error.status {
    case 400, 422: "VALIDATION_ERROR"
    case 401: "UNAUTHORIZED"
    case 403: "FORBIDDEN"
    case 404, 410: "TASK_NOT_FOUND"
    case 405: "METHOD_NOT_ALLOWED"
    case 408: "REQUEST_TIMEOUT"
    case 409: "CONFLICT"
    case 413: "PAYLOAD_TOO_LARGE"
    case 415: "UNSUPPORTED_MEDIA_TYPE"
    case 429: "RATE_LIMITED"
    case 503: "BROKER_CONNECTION_ERROR"
    case 504: "TASK_TIMEOUT"
    case 400..<500: "BAD_REQUEST"
    default: "INTERNAL_ERROR"
    }
  }
}
