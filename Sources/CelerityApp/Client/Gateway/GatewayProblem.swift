import CelerityJSON
import NIOHTTP1

/// The problem of an answer (`application/problem+json`, RFC 9457), as the error a verb ends with.
extension ClientError {
  /// The error of an answer whose status is none of success, in the words of the command line.
  init(status: Int, headers: HTTPHeaders, body: [UInt8], request: GatewayRequest? = nil) {
    let problem = (try? RawJSON(validating: body, limits: .trusted)).flatMap { $0.kind == .object ? $0 : nil }
    let code = problem?["code"]?.stringValue
    let title = problem?["title"]?.stringValue ?? HTTPResponseStatus(statusCode: status).reasonPhrase
    let detail = problem?["detail"]?.stringValue.map(GatewayWords.sentence)
    let query = request?.query.first { $0.name == "q" }?.value
    let filter = detail.flatMap { detail in query.flatMap { GatewayWords.filter(detail, query: $0) } }
    let issues = (problem?["errors"]?.elements() ?? []).compactMap(Self.issue).filter { $0 != detail }
    self.init(
      filter?.what ?? detail ?? "the gateway answered \(status) \(title)",
      cause: filter?.picture ?? (issues.isEmpty ? nil : issues.joined(separator: "\n")),
      hint: problem?["hint"]?.stringValue.map(GatewayWords.hint(_:))
        ?? GatewayWords.hint(code: code) ?? Self.hint(status: status, headers: headers, isOurs: code != nil),
      status: ExitStatus(answer: status), code: code)
  }

  private static func issue(_ value: RawJSON) -> String? {
    guard let detail = value["detail"]?.stringValue else { return nil }
    let pointer = value["pointer"]?.stringValue ?? ""
    return pointer.isEmpty ? detail : GatewayWords.sentence("\(pointer) \(detail)")
  }

  private static func hint(status: Int, headers: HTTPHeaders, isOurs: Bool) -> String? {
    switch status {
    case 429, 503: headers.first(name: "retry-after").map { "again in \($0) s" } ?? "again in a moment"
    case 404 where !isOurs: "does the address belong to a gateway of Celerity? celerity … --url URL"
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
