import CelerityCore
import CelerityRoutes

/// A client's `If-Match` (RFC 9110, 13.1.1): a change is made only to one of these versions of an item.
struct Precondition: Sendable, Hashable {
  /// `nil` for whichever.
  private var versions: Set<Int64>?

  /// The condition of a request; a tag that no item ever has matches none.
  init(_ request: RouteRequest) {
    guard let text = request.headers["if-match"] else { return }
    let tags = text.split(separator: ",").map { tag in
      let tail = tag.drop { $0 == " " || $0 == "\t" }
      return String(tail.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
    if tags == ["*"] { return }
    versions = Set(
      tags.compactMap { tag in
        guard tag.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
        return Int64(tag.dropFirst().dropLast())
      })
  }

  func check(_ version: Int64) throws(RouteError) {
    if let versions, !versions.contains(version) {
      throw RouteError(412, "precondition-failed", "the item has changed since; its version is \(Self.tag(version))")
    }
  }

  /// The tag of a version, for `ETag`.
  static func tag(_ version: Int64) -> String { "\"\(version)\"" }
}
