import CelerityCore
import CelerityJSON
import CelerityRoutes

/// The `Idempotency-Key` field (draft-ietf-httpapi-idempotency-key-header): a string of RFC 9651, and the same text
/// without quotes, which most clients send.
enum IdempotencyField {
  /// The key of a request; `nil` when it has none.
  static func text(of request: RouteRequest) throws(RouteError) -> String? {
    guard let field = request.headers["idempotency-key"] else { return nil }
    guard let key = text(field[...].trimmed) else {
      throw RouteError(
        400, "invalid-idempotency-key", "an Idempotency-Key has 1 to 255 printable ASCII characters")
    }
    return key
  }

  /// A key with the fingerprint of what it stands for.
  static func key(_ key: String, body: RawJSON) -> IdempotencyKey {
    IdempotencyKey(key, request: canonical(body).bytes)
  }

  /// The key of an item of a bulk submission. What stands between is a character that no client can send in a key, so
  /// that no other request has the same.
  static func key(_ key: String, item index: Int, body: RawJSON) -> IdempotencyKey {
    Self.key("\(key)\u{1F}\(index)", body: body)
  }

  private static func text(_ field: Substring) -> String? {
    var bytes = Array(field.utf8)
    if bytes.first == UInt8(ascii: "\"") {
      guard bytes.count >= 2, bytes.last == UInt8(ascii: "\"") else { return nil }
      bytes = Array(bytes.dropFirst().dropLast())
      guard !bytes.contains(UInt8(ascii: "\"")), !bytes.contains(UInt8(ascii: "\\")) else { return nil }
    }
    guard (1...255).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The body with its members in the order of their names, because clients that retry may write them in another.
  private static func canonical(_ body: RawJSON) -> RawJSON {
    let members = (body.members() ?? []).sorted { $0.name < $1.name }
    return .object(members.map { ($0.name, $0.value) })
  }
}
