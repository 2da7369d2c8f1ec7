import CelerityJSON
import NIOHTTP1

/// The problem of an answer (`application/problem+json`, RFC 9457), as the error a verb ends with.
extension ClientError {
  /// The error of an answer whose status is none of success.
  init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
    let problem = (try? RawJSON(validating: body, limits: .trusted)).flatMap { $0.kind == .object ? $0 : nil }
    let code = problem?["code"]?.stringValue
    let title = problem?["title"]?.stringValue ?? HTTPResponseStatus(statusCode: status).reasonPhrase
    let detail = problem?["detail"]?.stringValue
    let issues = (problem?["errors"]?.elements() ?? []).compactMap(Self.issue)
    self.init(
      detail ?? "the gateway answered \(status) \(title)",
      cause: Self.cause(title: title, status, code, issues, detail),
      hint: problem?["hint"]?.stringValue ?? Self.hint(status: status, headers: headers),
      status: ExitStatus(answer: status), code: code)
  }

  private static func issue(_ value: RawJSON) -> String? {
    guard let detail = value["detail"]?.stringValue else { return nil }
    let pointer = value["pointer"]?.stringValue ?? ""
    return pointer.isEmpty ? detail : "\(pointer) \(detail)"
  }

  /// Kind of the problem, then each place that is wrong, unless the detail said so already.
  private static func cause(
    title: String, _ status: Int, _ code: String?, _ issues: [String], _ detail: String?
  ) -> String? {
    guard let code else { return nil }
    let places = issues.filter { $0 != detail }
    return (["\(title) (\(status) \(code))"] + places).joined(separator: "\n")
  }

  private static func hint(status: Int, headers: HTTPHeaders) -> String? {
    switch status {
    case 429, 503: headers.first(name: "retry-after").map { "again in \($0) s" } ?? "again in a moment"
    default: nil
    }
  }
}

extension ExitStatus {
  /// The exit code for the status of an answer.
  init(answer status: Int) {
    switch status {
    case 404, 410: self = .notFound
    case 401, 403: self = .denied
    case 409, 412: self = .conflict
    case 400, 405, 413, 414, 415, 422: self = .usage
    case 408, 429, 503: self = .tryLater
    case 502, 504: self = .unavailable
    default: self = .failed
    }
  }
}
