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
    writer.put("body", Base64.json(body(message).bytes))
    writer.put("content-encoding", "utf-8")
    writer.put("content-type", "application/json")
    writer.key(plain: "headers")
    writer.beginObject()
    headers(message, &writer)
    writer.endObject()
    writer.key(plain: "properties")
    writer.beginObject()
    Self.properties(message, deliveryTag, &writer)
    writer.endObject()
    writer.endObject()
    return writer.finish().bytes
  }

  /// `[args, kwargs, embed]`.
  func body(_ message: TaskMessage) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 256 + message.args.bytes.count + message.kwargs.bytes.count)
    writer.beginArray()
    writer.raw(message.args)
    writer.raw(message.kwargs)
    let extras = message.extras
    if extras.callbacks == nil, extras.errbacks == nil, extras.chain == nil, extras.chord == nil {
      writer.raw(Self.noLinks)
    } else {
      Self.links(extras, &writer)
    }
    writer.endArray()
    return writer.finish()
  }

  private static let noLinks = RawJSON(
    unchecked: Array(#"{"callbacks":null,"errbacks":null,"chain":null,"chord":null}"#.utf8))

  private static func links(_ extras: TaskMessage.Extras, _ writer: inout JSONWriter) {
    writer.beginObject()
    write("callbacks", extras.callbacks, &writer)
    write("errbacks", extras.errbacks, &writer)
    write("chain", extras.chain?.reversed(), &writer)
    writer.put("chord", extras.chord.map(WireSignature.json) ?? .null)
    writer.endObject()
  }

  /// An empty list and none at all mean the same to Celery, so both can be told.
  private static func write(_ name: StaticString, _ signatures: [Signature]?, _ writer: inout JSONWriter) {
    writer.put(name, signatures.map { .array($0.map(WireSignature.json)) } ?? .null)
  }

  private static func properties(_ message: TaskMessage, _ deliveryTag: String, _ writer: inout JSONWriter) {
    writer.put("correlation_id", message.id.text)
    writer.put("reply_to", message.extras.replyTo ?? "")
    writer.put("delivery_mode", 2)
    writer.key(plain: "delivery_info")
    writer.beginObject()
    writer.put("exchange", "")
    writer.put("routing_key", KombuQueue.wireName(message.queueKey))
    writer.endObject()
    writer.put("priority", KombuQueue.wirePriority(message.priority))
    writer.put("body_encoding", "base64")
    writer.put("delivery_tag", deliveryTag)
  }
}
