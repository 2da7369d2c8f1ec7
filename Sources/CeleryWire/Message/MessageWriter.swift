public import CelerityCore
import CelerityJSON

/// Writes task messages of Celery's protocol 2, with all the headers a Python client writes and in its order, inside the
/// envelope that kombu stores on Redis. What the protocol has no word for travels in headers that begin with `celerity_`.
public struct MessageWriter: Sendable {
  /// Who publishes, `gen<pid>@<host>` by custom; kept through retries.
  public var origin: String

  /// A writer for a publisher.
  public init(origin: String) { self.origin = origin }

  /// The envelope of a message. The delivery tag is unique per publication.
  public func envelope(_ message: TaskMessage, deliveryTag: String) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 1024 + message.args.bytes.count * 2)
    writer.beginObject()
    writer.member("body", Base64.text(body(message).bytes))
    writer.member("content-encoding", "utf-8")
    writer.member("content-type", "application/json")
    writer.member("headers", object: { headers(message, &$0) })
    writer.member("properties", object: { properties(message, deliveryTag, &$0) })
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
    if let chord = extras.chord {
      writer.member("chord", Self.json(chord))
    } else {
      writer.member("chord", .null)
    }
    writer.endObject()
    writer.endArray()
    return writer.finish()
  }

  private static func write(_ name: String, _ signatures: [Signature]?, _ writer: inout JSONWriter) {
    guard let signatures, !signatures.isEmpty else { return writer.member(name, .null) }
    writer.member(name, array: { writer in for signature in signatures { writer.raw(json(signature)) } })
  }

  /// A signature as Python's client writes it.
  static func json(_ signature: Signature) -> RawJSON {
    .object([
      ("task", .string(signature.task)), ("args", signature.args), ("kwargs", signature.kwargs),
      ("options", signature.options), ("subtask_type", signature.subtaskType.map(RawJSON.string) ?? .null),
      ("immutable", .bool(signature.isImmutable)),
    ])
  }
}

extension MessageWriter {
  private func headers(_ message: TaskMessage, _ writer: inout JSONWriter) {
    let extras = message.extras
    writer.member("lang", "swift")
    writer.member("task", message.task)
    writer.member("id", message.id.text)
    writer.member("shadow", orNull: extras.shadow)
    writer.member("eta", orNull: message.eta.map(WireTime.text))
    writer.member("expires", orNull: message.expires.map(WireTime.text))
    writer.member("group", orNull: extras.group?.id)
    writer.member("group_index", orNull: extras.group.flatMap { $0.index == .max ? nil : $0.index })
    writer.member("retries", message.retries)
    writer.member(
      "timelimit",
      array: { writer in
        for limit in [extras.timeLimit, extras.softTimeLimit] { writer.raw(limit.flatMap(RawJSON.double) ?? .null) }
      })
    writer.member("root_id", extras.rootID ?? message.id.text)
    writer.member("parent_id", orNull: extras.parentID)
    writer.member("argsrepr", PythonRepr.tuple(message.args))
    writer.member("kwargsrepr", PythonRepr.value(message.kwargs))
    writer.member("origin", extras.origin ?? origin)
    writer.member("ignore_result", orNull: extras.ignoreResult.map(RawJSON.bool))
    writer.member("replaced_task_nesting", extras.replacedTaskNesting ?? 0)
    writer.key("stamped_headers")
    writer.raw(extras.stampedHeaders.map { .array($0.map(RawJSON.string)) } ?? .null)
    writer.member(
      "stamps", RawJSON.object((extras.stamps ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    own(message, &writer)
    for (name, value) in (extras.headers ?? [:]).sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
  }

  private func own(_ message: TaskMessage, _ writer: inout JSONWriter) {
    let extras = message.extras
    writer.member("traceparent", ifPresent: extras.traceparent)
    writer.member("tracestate", ifPresent: extras.tracestate)
    writer.member("celerity_request_id", ifPresent: extras.requestID)
    writer.member("celerity_max_retries", ifPresent: extras.maxRetries)
    if let tags = extras.tags, !tags.isEmpty {
      writer.member("celerity_tags", array: { writer in for tag in tags { writer.string(tag) } })
    }
  }

  private func properties(_ message: TaskMessage, _ deliveryTag: String, _ writer: inout JSONWriter) {
    writer.member("correlation_id", message.id.text)
    writer.member("reply_to", message.extras.replyTo ?? "")
    writer.member("delivery_mode", 2)
    writer.member(
      "delivery_info",
      object: { writer in
        writer.member("exchange", "")
        writer.member("routing_key", message.queue)
      })
    // Redis counts downwards, 0 first; an absent priority stays 0, as kombu writes it.
    writer.member("priority", message.priority.map { 9 - $0.value } ?? 0)
    writer.member("body_encoding", "base64")
    writer.member("delivery_tag", deliveryTag)
  }
}
