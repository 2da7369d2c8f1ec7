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
    guard !possible.contains(where: { MediaTypeField.names($0, in: type) }) else { return }
    // RFC 9110, 12.5.1 has Accept in answers, W3C Linked Data Platform, 7.1 a field of its own for POST.
    throw RouteError(
      415, "unsupported-media-type", "the body must be \(possible.joined(separator: " or ")), not '\(type)'",
      hint: "Content-Type: " + (possible.first ?? ""),
      headers: [(method == "POST" ? "Accept-Post" : "Accept", possible.joined(separator: ", "))])
  }
}
