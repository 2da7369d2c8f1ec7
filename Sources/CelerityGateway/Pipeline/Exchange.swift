import CelerityCore
import CelerityRoutes
import HTTPTypes
import HummingbirdCore

/// One request on its way through the pipeline: each step reads it and adds what it found.
struct Exchange {
  let head: HTTPRequest
  let body: RequestBody
  /// When it arrived, on monotone time.
  let arrived: Duration
  /// What the handler will see; steps fill it in.
  var request: RouteRequest
  var route: Route?
  /// Whether the route is the platform's own.
  var isPlatform = true
  var reading = Reading.notBegun
  /// What its body takes of the room for bodies.
  var bufferedBytes = 0

  /// How far the reading of the body is.
  enum Reading {
    case notBegun, begun, done
  }

  /// A body longer than this is not read to its end only to throw it away.
  static let longestDiscardedBody = 64 << 10

  /// An exchange that knows nothing but what the first line says.
  init(_ request: Request, tenant: Tenant, arrived: Duration) {
    head = request.head
    body = request.body
    self.arrived = arrived
    let target = request.head.path ?? ""
    let path = target.prefix { $0 != "?" }
    self.request = RouteRequest(
      method: request.head.method.rawValue, path: String(path), headers: Self.fields(request.head), tenant: tenant,
      requestID: "", traceparent: "")
  }

  /// The body's length as the head declares it.
  var declaredLength: Int? { request.headers["content-length"].flatMap { Int($0) } }

  /// Whether the connection can't be used for another request: the parser reads nothing more from one that asked for
  /// another protocol, and what is left of a long body would have to be read first.
  var closesConnection: Bool {
    if head.method == .connect || request.headers["upgrade"] != nil { return true }
    switch reading {
    case .notBegun:
      return request.headers["transfer-encoding"] != nil || declaredLength ?? 0 > Self.longestDiscardedBody
    case .begun: return true
    case .done: return false
    }
  }

  /// The query as it arrived, without the question mark; `nil` when there is none.
  var rawQuery: Substring? {
    guard let target = head.path, let mark = target.firstIndex(of: "?") else { return nil }
    return target[target.index(after: mark)...]
  }

  /// Fields by lower-case name; repeated ones joined (RFC 9110, 5.3; cookies as RFC 6265, 5.4).
  private static func fields(_ head: HTTPRequest) -> [String: String] {
    var fields: [String: String] = [:]
    for field in head.headerFields {
      let name = field.name.canonicalName
      if let earlier = fields[name] {
        fields[name] = earlier + (name == "cookie" ? "; " : ", ") + field.value
      } else {
        fields[name] = field.value
      }
    }
    return fields
  }
}
