import CelerityCore
import CeleryWire

/// Messages to and from the envelopes that stand in queues.
struct Wire: Sendable {
  private let writer: MessageWriter
  private let ids: any IDSource

  init(origin: String, ids: any IDSource) {
    writer = MessageWriter(origin: origin)
    self.ids = ids
  }

  /// The envelope of a message, under a delivery tag of its own.
  func envelope(_ message: TaskMessage) -> [UInt8] {
    writer.envelope(message, deliveryTag: ids.next())
  }

  /// A delivery tag.
  func tag() -> String { ids.next() }

  /// The message of an envelope that was accepted once.
  func message(_ envelope: [UInt8], queue: String, key: TaskKey) throws(EngineError) -> TaskMessage {
    do {
      var message = try MessageReader(tenant: key.tenant).message(try Envelope(envelope), queue: queue)
      // A message without an id of its own was given one when it was accepted.
      message.id = key.id
      return message
    } catch {
      throw EngineError(.corrupt, "the message of the task \(key) can't be read: \(error)")
    }
  }

  /// The message of an envelope that somebody else may have written.
  func foreign(_ envelope: [UInt8], queue: QueueKey) throws(WireFault) -> TaskMessage {
    try MessageReader(tenant: queue.tenant).message(try Envelope(envelope), queue: queue.name)
  }
}
