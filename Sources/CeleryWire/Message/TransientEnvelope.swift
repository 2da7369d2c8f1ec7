public import CelerityJSON

/// A message that is worth nothing once its moment is over (an event, an answer), in the envelope kombu uses on Redis.
public struct TransientEnvelope: Sendable {
  public var body: RawJSON
  public var headers: [(String, RawJSON)]
  public var exchange: String
  public var routingKey: String

  /// A message to an exchange.
  public init(_ body: RawJSON, headers: [(String, RawJSON)], exchange: String, routingKey: String) {
    self.body = body
    self.headers = headers
    self.exchange = exchange
    self.routingKey = routingKey
  }

  /// The envelope; the delivery tag is unique per publication.
  public func bytes(deliveryTag: String) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 384 + body.bytes.count * 3 / 2)
    writer.beginObject()
    writer.member("body", Base64.text(body.bytes))
    writer.member("content-encoding", "utf-8")
    writer.member("content-type", "application/json")
    writer.member("headers", object: { writer in for (name, value) in headers { writer.member(name, value) } })
    writer.member(
      "properties",
      object: { writer in
        writer.member("delivery_mode", 1)
        writer.member(
          "delivery_info",
          object: { writer in
            writer.member("exchange", exchange)
            writer.member("routing_key", routingKey)
          })
        writer.member("priority", 0)
        writer.member("body_encoding", "base64")
        writer.member("delivery_tag", deliveryTag)
      })
    writer.endObject()
    return writer.finish().bytes
  }
}

extension TransientEnvelope {
  /// One event, alone.
  public init(_ event: StampedEvent, exchange: String = "celeryev") {
    self.init(
      event.json, headers: [("hostname", .string(event.stamp.hostname))], exchange: exchange,
      routingKey: event.event.routingKey)
  }

  /// Events of tasks of one worker, together.
  public init(batch events: [StampedEvent], exchange: String = "celeryev") {
    self.init(
      .array(events.map(\.json)), headers: [("hostname", .string(events.first?.stamp.hostname ?? ""))],
      exchange: exchange, routingKey: CeleryEvent.batchRoutingKey)
  }
}
