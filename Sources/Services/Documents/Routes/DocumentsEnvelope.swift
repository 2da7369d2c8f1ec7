import CelerityCore
import CelerityJSON
import CelerityRoutes

/// Errors as the service's own documentation promises them: `{"error": {"code", "category", "severity", "title", "message",
/// "request_id", "timestamp", "suggested_fix"?, "field"?, "context"?}}`.
struct DocumentsEnvelope: Sendable {
  let time: any TimeSource

  /// The form of errors that the platform finds.
  var envelope: ErrorEnvelope {
    .custom { error, request in
      answer(Self.documentError(error), request, headers: error.headers)
    }
  }

  /// An error as an answer.
  ///
  /// - Parameter status: where it is not the one of the error's code.
  func answer(
    _ error: DocumentError, _ request: RouteRequest, status: Int? = nil, headers: [(name: String, value: String)] = []
  ) -> RouteResponse {
    var writer = JSONWriter(reservingCapacity: 384)
    writer.beginObject()
    writer.member(
      "error",
      object: { writer in
        error.writeMembers(to: &writer)
        writer.member("request_id", Self.shortID(request.requestID))
        writer.member("timestamp", time.now.rfc3339)
      })
    writer.endObject()
    return .json(status ?? error.status, writer.finish(), headers: headers)
  }

  /// Eight characters that lead to the request: the last ones of its id, which are the random ones, so that searching the
  /// log for them finds it.
  static func shortID(_ id: String) -> String {
    let isLong = id.utf8.count >= 8 && id.utf8.allSatisfy { $0 < 0x80 }
    return isLong ? String(id.suffix(8)) : String(SHA256.digest(Array(id.utf8)).hexadecimal.prefix(8))
  }

  /// The platform's errors in this service's words.
  private static func documentError(_ error: RouteError) -> DocumentError {
    let code = code(error)
    let message = code == .internalError ? "the request could not be answered; its id leads to more" : error.detail
    let issue = error.issues.first { !$0.pointer.isEmpty }
    return DocumentError(code, message, field: issue.map { String($0.pointer.dropFirst()) }, suggestedFix: error.hint)
  }

  private static func code(_ error: RouteError) -> DocumentError.Code {
    switch error.status {
    case 401: .keyRequired
    case 403: .notAllowed
    case 404: .notFound
    case 405: .badMethod
    case 408, 504: .requestTimeout
    case 409: .conflict
    case 410: .resultExpired
    case 413: .tooLarge
    case 415: .badContentType
    case 429: .tooManyRequests
    case 503: .busy
    case 400..<500: .malformedRequest
    default: .internalError
    }
  }
}

extension DocumentError {
  /// The members that tell of the error itself.
  func writeMembers(to writer: inout JSONWriter) {
    writer.member("code", code.rawValue)
    writer.member("category", category.rawValue)
    writer.member("severity", severity.rawValue)
    writer.member("title", title)
    writer.member("message", message)
    writer.member("suggested_fix", ifPresent: suggestedFix)
    writer.member("field", ifPresent: field)
    guard !context.isEmpty else { return }
    writer.member(
      "context",
      object: { writer in
        for detail in context { writer.member(detail.name, detail.value) }
      })
  }
}
