import CelerityRoutes
import HTTPTypes

extension RequestPipeline {
  /// Fields that say that a request was passed on for somebody else.
  static let forwardingFields: Set<String> = [
    "cf-connecting-ip", "fastly-client-ip", "forwarded", "true-client-ip", "via", "x-client-ip", "x-cluster-client-ip",
    "x-envoy-external-address", "x-original-forwarded-for", "x-real-ip",
  ]

  /// The first by name of the fields that say so; `X-Forwarded` has many endings.
  static func forwardingField(in headers: [String: String]) -> String? {
    headers.keys.filter { forwardingFields.contains($0) || $0.hasPrefix("x-forwarded") }.min()
  }

  /// Refuses who may not ask. Without keys the peer's address is all that counts, so requests that come from elsewhere
  /// by way of this machine are refused: through a proxy, or through a browser that a foreign page made to send them
  /// (a foreign name that resolves to this machine, known as DNS rebinding, or a cross-site form).
  func admit(_ exchange: Exchange) throws(RouteError) {
    let headers = exchange.request.headers
    guard let host = exchange.head.authority, headers["host"] == nil else {
      throw RouteError(400, "invalid-host", "a request carries exactly one Host field (RFC 9112, 3.2)")
    }
    if let field = Self.forwardingField(in: headers) {
      throw RouteError(
        403, "untrusted-proxy", "the request was passed on by a proxy ('\(field)'), and no proxy is trusted",
        hint: "only this machine is served as long as no keys are configured")
    }
    guard isOurs(host) else {
      throw RouteError(
        403, "untrusted-host", "the Host field does not name this machine",
        hint: "ask for 127.0.0.1 or localhost, or add the name to the setting gateway.allowed_hosts")
    }
    if !["GET", "HEAD", "OPTIONS"].contains(exchange.request.method), isOfAnotherSite(headers) {
      throw RouteError(403, "cross-site-request", "a page of another site may not change anything here")
    }
    if let expectation = headers["expect"], expectation.lowercased() != "100-continue" {
      throw RouteError(417, "unknown-expectation", "no expectation but 100-continue can be met")
    }
  }

  /// Whether a `Host` field's value names what is served here.
  private func isOurs(_ host: String) -> Bool {
    LoopbackAddress.isNamed(by: host) || settings.allowedHosts.contains(LoopbackAddress.hostName(in: host))
  }

  /// Whether a page of another site asks. Browsers that do not say so name the page's origin (RFC 6454, 7), or `null`
  /// for one that they keep to themselves.
  private func isOfAnotherSite(_ headers: [String: String]) -> Bool {
    if headers["sec-fetch-site"] == "cross-site" { return true }
    guard let origin = headers["origin"] else { return false }
    let parts = origin.split(separator: "://", maxSplits: 1)
    return parts.count < 2 || !isOurs(String(parts[1]))
  }
}
