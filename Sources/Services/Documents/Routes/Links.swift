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
  func job(_ id: TaskID) -> String { "\(prefix)/jobs/\(Self.encoded(id.text))" }

  /// Where a job's document is.
  func download(_ id: TaskID) -> String { job(id) + "/download" }

  /// Where a path of the service is.
  func path(_ path: String) -> String { prefix + path }

  /// A text with everything but the unreserved characters of RFC 3986, 2.3 percent-encoded: fit for a segment of a path,
  /// and for a parameter of a header field (RFC 8187, 3.2.1).
  static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if HostName.isAlphanumeric(scalar) || "-._~".unicodeScalars.contains(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "%" + [byte].hexadecimal.uppercased()
      }
    }
    return result
  }
}
