public import CelerityJSON

/// A message as kombu stores it on Redis and other transports that have no headers of their own: one JSON object with the
/// body as text.
public struct Envelope: Sendable {
  public var headers: [JSONMember]
  public var properties: [JSONMember]
  public var contentType: String
  public var contentEncoding: String
  /// The body's bytes, still compressed if it was.
  public var body: [UInt8]

  /// Reads an envelope; throws `malformed` when it is none.
  public init(_ bytes: [UInt8]) throws(WireFault) {
    let json: RawJSON
    do {
      json = try RawJSON(validating: bytes, limits: Self.limits)
    } catch {
      throw WireFault(.malformed, "the envelope is no JSON: \(error)")
    }
    guard let members = json.members() else { throw WireFault(.malformed, "the envelope is no JSON object") }
    let fields = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    headers = fields["headers"]?.members() ?? []
    properties = fields["properties"]?.members() ?? []
    contentType = fields["content-type"]?.stringValue ?? "application/data"
    contentEncoding = fields["content-encoding"]?.stringValue ?? "utf-8"
    guard let text = fields["body"]?.stringValue else { throw WireFault(.malformed, "the envelope has no body") }
    if properties.value("body_encoding")?.stringValue == "base64" {
      guard let decoded = Base64.bytes(text.utf8) else { throw WireFault(.malformed, "the body is no base64") }
      body = decoded
    } else {
      body = Array(text.utf8)
    }
  }

  /// Bodies travel as one string in it: 64 MiB, and deeper than a task's own arguments by the two levels around them.
  private static let limits: JSONLimits = {
    var limits = JSONLimits.standard
    limits.maximumBytes = 96 << 20
    limits.maximumStringBytes = 96 << 20
    return limits
  }()
}

extension [JSONMember] {
  /// The value of a name.
  func value(_ name: String) -> RawJSON? {
    first { $0.name == name }.flatMap { $0.value.isNull ? nil : $0.value }
  }
}
