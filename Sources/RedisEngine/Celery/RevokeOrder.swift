import CelerityCore
import CelerityJSON
import CeleryWire

/// The order to all of Celery's workers to end a task, as its clients give it with `terminate=True`.
enum RevokeOrder {
  static func message(_ id: TaskID, tag: String) -> [UInt8] {
    let body = RawJSON.object([
      ("method", .string("revoke")),
      (
        "arguments",
        .object([("task_id", .string(id.text)), ("terminate", .bool(true)), ("signal", .string("SIGTERM"))])
      ),
      ("destination", .null), ("pattern", .null), ("matcher", .null),
    ])
    // No clock is claimed: peers take none from a client either.
    let envelope = TransientEnvelope(
      body, headers: [("clock", .integer(0)), ("expires", .integer(0))], exchange: "celery.pidbox", routingKey: "")
    return envelope.bytes(deliveryTag: tag)
  }
}
