import CelerityRoutes

extension RequestPipeline {
  /// Refuses bodies that are no JSON. A missing field passes: whoever leaves it out sends JSON or fails at reading it.
  func checkMediaType(_ exchange: Exchange) throws(RouteError) {
    let headers = exchange.request.headers
    if let coding = headers["content-encoding"], coding.lowercased() != "identity" {
      throw RouteError(
        415, "unsupported-encoding", "encoded bodies are not read", hint: "send the body as it is, without '\(coding)'")
    }
    guard exchange.request.method != "GET", exchange.request.method != "HEAD", let type = headers["content-type"] else {
      return
    }
    guard Self.isJSON(type) else {
      throw RouteError(
        415, "unsupported-media-type", "the body must be JSON, not '\(type)'", hint: "Content-Type: application/json",
        headers: [("Accept-Post", "application/json")])
    }
  }

  /// Whether a media type is `application/json`, alone or with UTF-8 as its character set (RFC 8259, 11; RFC 9110, 8.3.1).
  static func isJSON(_ type: String) -> Bool {
    let parts = type.lowercased().split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmed }
    guard parts[0] == "application/json" else { return false }
    return parts.dropFirst().allSatisfy { $0.isEmpty || ["charset=utf-8", "charset=\"utf-8\""].contains($0) }
  }
}

extension Substring {
  /// Without blanks and tabs at both ends, the optional white space of RFC 9110, 5.6.3.
  var trimmed: Substring {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var rest = drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }
}
