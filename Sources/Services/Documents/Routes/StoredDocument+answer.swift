import CelerityRoutes

extension StoredDocument {
  /// The document as a file to be kept. What applicants write may look like a page with a script: no browser shows it in
  /// place, and one that did would run nothing of it.
  func answer(named filename: String, _ headers: [(String, String)] = []) -> RouteResponse {
    RouteResponse(
      200,
      headers: [
        ("Content-Disposition", ContentDisposition.attachment(filename)),
        ("Content-Security-Policy", "sandbox; default-src 'none'"),
      ] + headers, body: .bytes(bytes, contentType: contentType))
  }
}
