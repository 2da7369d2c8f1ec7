import CelerityCore
import CelerityRoutes

/// Where things are, seen from a request: below the service's name where the request came in there.
struct Links: Sendable {
  private let prefix: String

  /// Links like the one a request followed.
  init(_ request: RouteRequest) {
    let name = "/" + DocumentsService.name
    prefix = request.path == name || request.path.hasPrefix(name + "/") ? name : ""
  }

  /// Where a job is.
  func job(_ id: TaskID) -> String { "\(prefix)/jobs/\(id.text.percentEncoded)" }

  /// Where a job's document is.
  func download(_ id: TaskID) -> String { job(id) + "/download" }

  /// Where a path of the service is.
  func path(_ path: String) -> String { prefix + path }
}
