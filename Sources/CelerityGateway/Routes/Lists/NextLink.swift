import CelerityCore
import CelerityRoutes

/// The `Link` field of RFC 8288 that leads to the next page: the same request with another cursor.
enum NextLink {
  /// The field of a request's answer.
  static func field(_ request: RouteRequest, cursor: String) -> (name: String, value: String) {
    let kept = request.query.filter { $0.name != "cursor" } + [(name: "cursor", value: cursor)]
    let query = kept.map { $0.name.percentEncoded + "=" + $0.value.percentEncoded }
    return ("Link", "<\(request.path)?\(query.joined(separator: "&"))>; rel=\"next\"")
  }
}
