import CelerityCore
import CelerityJSON
import CeleryWire

/// Remote control commands as this platform gives them to Celery's workers.
enum ControlCast {
  /// The order to all of them to end a task, as Celery's clients give it with `terminate=True`.
  static func revoke(_ id: TaskID, tag: String) -> [UInt8] {
    message(
      "revoke", [("task_id", .string(id.text)), ("terminate", .bool(true)), ("signal", .string("SIGTERM"))], to: [],
      tag: tag)
  }

  /// A command to workers by name, to all of them where none is named; `reply` is the key under which answers come back, and
  /// the ticket they then bear.
  static func message(
    _ method: String, _ arguments: [(String, RawJSON)] = [], to nodes: [String],
    reply: (key: String, ticket: String)? = nil,
    exchange: String = "celery.pidbox", tag: String
  ) -> [UInt8] {
    var body: [(String, RawJSON)] = [
      ("method", .string(method)), ("arguments", .object(arguments)),
      ("destination", nodes.isEmpty ? .null : .array(nodes.map(RawJSON.string))), ("pattern", .null),
      ("matcher", .null),
    ]
    if let reply {
      body.append(("ticket", .string(reply.ticket)))
      body.append(
        (
          "reply_to",
          .object([("exchange", .string("reply.\(exchange)")), ("routing_key", .string(reply.key))])
        ))
    }
    let envelope = TransientEnvelope(
      .object(body), headers: [("clock", .integer(0)), ("expires", .integer(0))], exchange: exchange, routingKey: "")
    return envelope.bytes(deliveryTag: tag)
  }
}
