import CelerityCore
import CelerityJSON
import CelerityRoutes

/// A strong entity tag (RFC 9110, 8.8.3): another one whenever the bytes of a representation are others.
struct EntityTag: Sendable, Hashable {
  let text: String

  /// The tag of a task: the number of the record's last change.
  init(_ record: TaskRecord) {
    text = "\"\(record.seq)\""
  }

  /// The tag of a representation that has no number: FNV-1a of its bytes, 64 bits wide (Fowler, Noll, Vo;
  /// draft-eastlake-fnv).
  init(_ body: RawJSON) {
    text = "\"" + Self.hash(body) + "\""
  }

  /// The tag of a representation whose source counts its versions, while other parts change by themselves.
  init(version: Int64, _ body: RawJSON) {
    text = "\"\(version)-\(Self.hash(body))\""
  }

  private static func hash(_ body: RawJSON) -> String {
    String(body.bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
  }

  /// Whether an `If-Match` field names a version: `*`, or a list with a strong tag of it (RFC 9110, 13.1.1). The rest of
  /// the tag is about what the client can't change, so it forbids nothing.
  static func isVersion(_ version: Int64, namedIn field: String) -> Bool {
    if field[...].trimmed == "*" { return true }
    return field.split(separator: ",").contains { $0.trimmed.hasPrefix("\"\(version)-") }
  }

  /// Whether an `If-None-Match` field names it: `*`, or a list that holds it, compared weakly (RFC 9110, 13.1.2).
  func isNamed(in field: String) -> Bool {
    if field[...].trimmed == "*" { return true }
    return field.split(separator: ",").contains { tag in
      let tag = tag.trimmed
      return tag == text || tag == "W/" + text
    }
  }
}

extension RouteResponse {
  /// A representation with its tag; 304 for whoever has it already.
  static func tagged(_ body: RawJSON, _ request: RouteRequest, by tag: EntityTag? = nil) -> RouteResponse {
    let tag = tag ?? EntityTag(body)
    let headers = [("ETag", tag.text), ("Cache-Control", "no-cache")]
    if let condition = request.headers["if-none-match"], tag.isNamed(in: condition) {
      return RouteResponse(304, headers: headers)
    }
    return .json(200, body, headers: headers)
  }
}
