import CelerityRoutes

/// Reads a query string: pairs of the form encoding (WHATWG URL Standard, 5.1), but strict in its escapes.
enum QueryText {
  /// The pairs in order, decoded.
  static func pairs(_ text: Substring, limit: Int) throws(RouteError) -> [(name: String, value: String)] {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw RouteError(400, "invalid-query", "the query holds bytes that must be percent-encoded (RFC 3986, 3.4)")
    }
    let parts = text.split(separator: "&")
    guard parts.count <= limit else {
      throw RouteError(400, "too-many-parameters", "the query has more than \(limit) parameters")
    }
    var pairs: [(name: String, value: String)] = []
    for part in parts {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = percentDecoded(sides[0], plusIsSpace: true),
        let value = percentDecoded(sides.count > 1 ? sides[1] : "", plusIsSpace: true)
      else {
        throw RouteError(400, "invalid-query", "the query holds a broken escape, NUL, or bytes that are no UTF-8")
      }
      pairs.append((name, value))
    }
    return pairs
  }
}
