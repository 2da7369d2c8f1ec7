public import CelerityJSON

/// A remote control command as clients broadcast it: what is to be done, by whom, and where the answer goes.
public struct ControlRequest: Sendable, Hashable {
  /// Where an answer is expected.
  public struct ReplyAddress: Sendable, Hashable {
    public var exchange: String
    /// The client's id, by which its queue is bound.
    public var routingKey: String

    /// An address.
    public init(exchange: String, routingKey: String) {
      self.exchange = exchange
      self.routingKey = routingKey
    }
  }

  public var method: String
  public var arguments: ControlArguments
  /// Nodenames; `nil` or none is everybody.
  public var destination: [String]?
  public var pattern: String?
  /// How the pattern is meant, `glob` or `pcre`.
  public var matcher: String?
  public var ticket: String?
  /// `nil` for commands that nobody waits for.
  public var replyTo: ReplyAddress?
  /// The client's logical time.
  public var clock: Int64

  /// A command.
  public init(
    _ method: String, _ arguments: [(String, RawJSON)] = [], destination: [String]? = nil, ticket: String? = nil,
    replyTo: ReplyAddress? = nil, clock: Int64 = 0
  ) {
    self.method = method
    self.arguments = ControlArguments(arguments.map { JSONMember(name: $0.0, value: $0.1) })
    self.destination = destination
    self.ticket = ticket
    self.replyTo = replyTo
    self.clock = clock
  }

  /// Reads a command from its envelope; throws `malformed` when it is none.
  public init(_ envelope: Envelope) throws(WireFault) {
    let body = try BodyReader(maximumBytes: 4 << 20).json(envelope)
    guard let members = body.members(), let method = members.value("method")?.stringValue else {
      throw WireFault(.malformed, "the body is no remote control command")
    }
    self.init(method, clock: envelope.headers.value("clock")?.int64Value ?? 0)
    arguments = ControlArguments(members.value("arguments")?.members() ?? [])
    let destination = members.value("destination")
    self.destination = destination?.elements()?.compactMap(\.stringValue) ?? destination?.stringValue.map { [$0] }
    pattern = members.value("pattern")?.stringValue
    matcher = members.value("matcher")?.stringValue
    ticket = members.value("ticket")?.stringValue
    if let address = members.value("reply_to")?.members(), let exchange = address.value("exchange")?.stringValue,
      let key = address.value("routing_key")?.stringValue
    {
      replyTo = ReplyAddress(exchange: exchange, routingKey: key)
    }
  }

  /// Whether a node of this name is meant: one that is named, else one that fits the pattern, else everybody.
  public func isMeant(for node: String) -> Bool {
    if let destination, !destination.isEmpty { return destination.contains(node) }
    guard let pattern, !pattern.isEmpty, let matcher, !matcher.isEmpty else { return true }
    switch matcher {
    case "pcre": return NodePattern(pythonExpression: pattern)?.matchesStart(of: node) ?? false
    default: return NodePattern(glob: pattern).matchesAll(of: node)
    }
  }

  /// The message with an answer of a node.
  public func reply(_ answer: RawJSON, from node: String, clock: Int64) -> TransientEnvelope? {
    guard let replyTo else { return nil }
    return TransientEnvelope(
      .object([(node, answer)]),
      headers: [("ticket", ticket.map(RawJSON.string) ?? .null), ("clock", .integer(clock))],
      exchange: replyTo.exchange, routingKey: replyTo.routingKey)
  }
}
