import CelerityRoutes

/// The path of a request's target, still percent-encoded.
enum PathText {
  /// Refuses what is no absolute path of RFC 3986, 3.3, and what could leave a folder once decoded. Nothing is repaired:
  /// two programs that repair differently disagree about what was asked for.
  static func check(_ path: String) throws(RouteError) {
    guard path.hasPrefix("/"), path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C && $0 != 0x23 }) else {
      throw RouteError(400, "invalid-path", "the path is not one of RFC 3986")
    }
    for segment in path.split(separator: "/") {
      guard let decoded = percentDecoded(segment) else {
        throw RouteError(400, "invalid-path", "the path holds a broken escape, NUL, or bytes that are no UTF-8")
      }
      guard decoded != ".", decoded != ".." else {
        throw RouteError(400, "invalid-path", "the path holds a dot segment")
      }
    }
  }
}
