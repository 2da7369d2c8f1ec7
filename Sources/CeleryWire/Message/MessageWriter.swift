public import CelerityCore
import CelerityJSON

/// Writes task messages of Celery's protocol 2, with all the headers a Python client writes and in its order, inside the
/// envelope that kombu stores on Redis. What the protocol has no word for travels in headers that begin with `celerity_`,
/// and only when there is such a thing: `MessageReader` gets every field back as it was.
public struct MessageWriter: Sendable {
  /// Who publishes, `gen<pid>@<host>` by custom; kept through retries.
  public var origin: String

  /// A writer for a publisher.
  public init(origin: String) { self.origin = origin }

  /// The envelope of a message. The delivery tag is unique per publication.
  public func envelope(_ message: TaskMessage, deliveryTag: String) -> [UInt8] {
    let size = message.args.bytes.count + message.kwargs.bytes.count
    var writer = JSONWriter(reservingCapacity: 1536 + size * 2)
    writer.beginObject()
    writer.member("body", Base64.json(body(message).bytes))
    writer.member("content-encoding", "utf-8")
    writer.member("content-type", "application/json")
    writer.member("headers", object: { headers(message, &$0) })
    writer.member("properties", object: { Self.properties(message, deliveryTag, &$0) })
    writer.endObject()
    return writer.finish().bytes
  }

  /// `[args, kwargs, embed]`.
  func body(_ message: TaskMessage) -> RawJSON {
    let extras = message.extras
    var writer = JSONWriter(reservingCapacity: 256 + message.args.bytes.count + message.kwargs.bytes.count)
    writer.beginArray()
    writer.raw(message.args)
    writer.raw(message.kwargs)
    writer.beginObject()
    Self.write("callbacks", extras.callbacks, &writer)
    Self.write("errbacks", extras.errbacks, &writer)
    Self.write("chain", extras.chain?.reversed(), &writer)
    writer.member("chord", orNull: extras.chord.map(WireSignature.json))
    writer.endObject()
    writer.endArray()
    return writer.finish()
  }

  /// An empty list and none at all mean the same to Celery, so both can be told.
  private static func write(_ name: String, _ signatures: [Signature]?, _ writer: inout JSONWriter) {
    guard let signatures else { return writer.member(name, .null) }
    writer.member(
      name, array: { writer in for signature in signatures { writer.raw(WireSignature.json(signature)) } })
  }

  private static func properties(_ message: TaskMessage, _ deliveryTag: String, _ writer: inout JSONWriter) {
    writer.member("correlation_id", message.id.text)
    writer.member("reply_to", message.extras.replyTo ?? "")
    writer.member("delivery_mode", 2)
    writer.member(
      "delivery_info",
      object: { writer in
        writer.member("exchange", "")
        writer.member("routing_key", KombuQueue.wireName(message.queueKey))
      })
    writer.member("priority", KombuQueue.wirePriority(message.priority))
    writer.member("body_encoding", "base64")
    writer.member("delivery_tag", deliveryTag)
  }
}
