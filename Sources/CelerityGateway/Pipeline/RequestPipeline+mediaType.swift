import CelerityRoutes

extension RequestPipeline {
  /// Refuses bodies of a type that the route does not take. A missing field passes: whoever leaves it out sends what the
  /// route expects or fails at reading it.
  func checkMediaType(_ exchange: Exchange) throws(RouteError) {
    let headers = exchange.request.headers
    if let coding = headers["content-encoding"], coding.lowercased() != "identity" {
      throw RouteError(
        415, "unsupported-encoding", "encoded bodies are not read", hint: "send the body as it is, without '\(coding)'")
    }
    let method = exchange.request.method
    guard method != "GET", method != "HEAD", let type = headers["content-type"], let route = exchange.route else {
      return
    }
    let possible = route.requestMediaTypes
    guard !possible.contains(where: { Self.isMediaType(type, $0) }) else { return }
    // RFC 9110, 12.5.1 has Accept in answers, W3C Linked Data Platform, 7.1 a field of its own for POST.
    throw RouteError(
      415, "unsupported-media-type", "the body must be \(possible.joined(separator: " or ")), not '\(type)'",
      hint: "Content-Type: " + (possible.first ?? ""),
      headers: [(method == "POST" ? "Accept-Post" : "Accept", possible.joined(separator: ", "))])
  }

  /// Whether a `Content-Type` field names a media type, alone or with UTF-8 as its character set (RFC 8259, 11; RFC 9110,
  /// 8.3.1). Only types that are JSON in some form keep to one character set; others may have any parameters.
  static func isMediaType(_ field: String, _ wanted: String) -> Bool {
    let parts = field.lowercased().split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmed }
    guard parts[0] == wanted else { return false }
    guard wanted.hasSuffix("json") || wanted.hasSuffix("jsonl") else { return true }
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
