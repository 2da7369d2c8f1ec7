public import CelerityJSON

/// A message as kombu stores it on Redis and other transports that have no headers of their own: one JSON object with the
/// body as text.
public struct Envelope: Sendable {
  /// The headers as they are written, a JSON object.
  public var rawHeaders: RawJSON
  /// The properties as they are written, a JSON object.
  public var rawProperties: RawJSON
  public var contentType: String
  public var contentEncoding: String
  /// The body's bytes, still compressed if it was.
  public var body: [UInt8]

  /// An envelope of parts, as a transport with headers of its own delivers them.
  public init(
    headers: [JSONMember], properties: [JSONMember], contentType: String, contentEncoding: String, body: [UInt8]
  ) {
    rawHeaders = .object(headers.map { ($0.name, $0.value) })
    rawProperties = .object(properties.map { ($0.name, $0.value) })
    self.contentType = contentType
    self.contentEncoding = contentEncoding
    self.body = body
  }

  /// Reads an envelope; throws `malformed` when it is none, with what could be read of it.
  public init(_ bytes: [UInt8]) throws(WireFault) {
    let json = try PythonJSON.value(bytes, limits: Self.limits, what: "the envelope")
    (rawHeaders, rawProperties) = (.emptyObject, .emptyObject)
    (contentType, contentEncoding) = ("application/data", "utf-8")
    body = []
    var text: RawJSON?
    let isObject = json.visitMembers { member in
      if member.isNamed("body") {
        text = member.raw
      } else if member.isNamed("headers") {
        rawHeaders = member.raw
      } else if member.isNamed("properties") {
        rawProperties = member.raw
      } else if member.isNamed("content-type") {
        contentType = member.raw.stringValue ?? contentType
      } else if member.isNamed("content-encoding") {
        contentEncoding = member.raw.stringValue ?? contentEncoding
      }
    }
    guard isObject else { throw WireFault(.malformed, "the envelope is no JSON object") }
    do {
      body = try Self.body(text, encoding: rawProperties["body_encoding"]?.stringValue)
    } catch {
      throw error.adding(WireFault.Context(self))
    }
  }

  private static func body(_ text: RawJSON?, encoding: String?) throws(WireFault) -> [UInt8] {
    guard let text, text.kind == .string else { throw WireFault(.malformed, "the envelope has no body") }
    guard encoding == "base64" else { return Array((text.stringValue ?? "").utf8) }
    guard let bytes = Base64.bytes(text) else { throw WireFault(.malformed, "the body is no base64") }
    return bytes
  }

  /// Bodies travel as one string in it: 64 MiB, and deeper than a task's own arguments by the two levels around them.
  private static let limits: JSONLimits = {
    var limits = PythonJSON.limits
    limits.maximumBytes = 96 << 20
    limits.maximumStringBytes = 96 << 20
    return limits
  }()
}

extension Envelope {
  /// The headers in their order.
  public var headers: [JSONMember] {
    get { rawHeaders.members() ?? [] }
    set { rawHeaders = .object(newValue.map { ($0.name, $0.value) }) }
  }

  /// The properties in their order.
  public var properties: [JSONMember] {
    get { rawProperties.members() ?? [] }
    set { rawProperties = .object(newValue.map { ($0.name, $0.value) }) }
  }

  private var deliveryInfo: RawJSON? { rawProperties["delivery_info"] }

  /// Whether it was delivered before, as kombu marks it when it puts a message back, in either of its two places.
  public var isRedelivered: Bool {
    rawHeaders["redelivered"]?.boolValue == true || deliveryInfo?["redelivered"]?.boolValue == true
  }

  /// A message that is put back, marked as kombu marks it; what is no envelope stays as it is.
  public static func redelivered(_ bytes: [UInt8]) -> [UInt8] {
    let envelope = RawJSON(unchecked: bytes)
    guard let headers = envelope["headers"], let properties = envelope["properties"] else { return bytes }
    let info = (properties["delivery_info"] ?? .emptyObject).setting("redelivered", to: .true)
    return envelope.setting("headers", to: headers.setting("redelivered", to: .true))
      .setting("properties", to: properties.setting("delivery_info", to: info)).bytes
  }

  /// The publisher's tag; kombu uses it again on every redelivery.
  public var deliveryTag: String? { rawProperties["delivery_tag"]?.stringValue }

  /// The exchange it was published to; empty for the one that leads to the queue of the routing key's name.
  public var exchange: String { deliveryInfo?["exchange"]?.stringValue ?? "" }

  /// The routing key it was published with.
  public var routingKey: String? { deliveryInfo?["routing_key"]?.stringValue }

  /// The step of its priority: which of its queue's lists it waits in.
  public var priorityStep: Int { KombuQueue.step(wirePriority) }

  /// The priority as kombu counts on Redis: 0 to 9, 0 first.
  public var wirePriority: Int { KombuQueue.clamped(rawProperties["priority"]?.int64Value ?? 0) }
}

extension RawJSON {
  /// The object with a member of that name and value, in its place or behind the others.
  fileprivate func setting(_ name: String, to value: RawJSON) -> RawJSON {
    var members = (members() ?? []).map { ($0.name, $0.name == name ? value : $0.value) }
    if !members.contains(where: { $0.0 == name }) { members.append((name, value)) }
    return .object(members)
  }
}

extension [JSONMember] {
  /// The value of a name.
  func value(_ name: String) -> RawJSON? {
    first { $0.name == name }.flatMap { $0.value.isNull ? nil : $0.value }
  }
}
