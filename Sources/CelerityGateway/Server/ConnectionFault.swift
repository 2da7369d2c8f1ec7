import CelerityRoutes
import NIOHTTP1

/// Why what a client sent is no HTTP request that can be answered by a route.
enum ConnectionFault: Error, Sendable, Hashable {
  /// The head or the framing breaks the grammar of RFC 9112.
  case malformed
  case unknownMethod
  case headTooLarge
  /// The head was not complete in time.
  case slowHead
  /// The body was not complete in time.
  case slowBody

  /// A fault as the parser reports it.
  init(_ error: HTTPParserError) {
    switch error {
    case .headerOverflow: self = .headTooLarge
    case .invalidMethod: self = .unknownMethod
    default: self = .malformed
    }
  }

  /// The answer to it.
  var error: RouteError {
    switch self {
    case .malformed:
      RouteError(400, "malformed-request", "what arrived is not a request of HTTP/1.1")
    case .unknownMethod:
      RouteError(
        405, "method-not-allowed", "the request's method is not one of HTTP",
        headers: [("Allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")])
    case .headTooLarge:
      RouteError(431, "header-fields-too-large", "the request's head is too long or has too many fields")
    case .slowHead:
      RouteError(408, "request-timeout", "the request's head was not complete in time")
    case .slowBody:
      RouteError(408, "request-timeout", "the request's body was not complete in time")
    }
  }
}
