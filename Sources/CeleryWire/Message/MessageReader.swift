public import CelerityCore
import CelerityJSON

/// Reads task messages of Celery's protocol 2, of protocol 1, and of bridges that mix the two.
///
/// Arguments stay byte for byte as they came; what Python writes beyond JSON is told in `PythonJSON`. Values of kombu's own
/// types (`{"__type__": "datetime", "__value__": …}`) are objects like any other.
public struct MessageReader: Sendable {
  /// Whose tasks they are; the wire does not say.
  public var tenant: Tenant
  /// Largest body after decompression.
  public var maximumBodyBytes: Int

  /// A reader for a tenant.
  public init(tenant: Tenant = .default, maximumBodyBytes: Int = 16 << 20) {
    self.tenant = tenant
    self.maximumBodyBytes = maximumBodyBytes
  }

  /// The message of an envelope that came from a queue, which is named as our own queues are: without the tenant. A message
  /// of `MessageWriter` comes back as it was, in every field.
  public func message(_ envelope: Envelope, queue: String) throws(WireFault) -> TaskMessage {
    var headers = WireHeaders(envelope.rawHeaders)
    var embed: RawJSON?
    do {
      let body = try BodyReader(maximumBytes: maximumBodyBytes).json(
        envelope, compression: headers.string(.compression))
      let parts: MessageBody
      if body.kind == .object, headers[.task] == nil || body["args"].map({ !$0.isNull }) == true {
        headers.add(protocol1: body)
        parts = MessageBody(protocol1: body)
      } else {
        parts = try MessageBody(protocol2: body)
      }
      embed = parts.embed
      return try message(headers, parts, envelope, queue)
    } catch {
      throw error.adding(WireFault.Context(headers, properties: envelope.rawProperties, embed: embed))
    }
  }

  private func message(
    _ headers: WireHeaders, _ body: MessageBody, _ envelope: Envelope, _ queue: String
  ) throws(WireFault) -> TaskMessage {
    guard let task = headers.string(.task), !task.isEmpty else {
      throw WireFault(.malformed, "the message names no task")
    }
    guard let id = headers.string(.id) else { throw WireFault(.malformed, "the message has no id") }
    guard let taskID = TaskID(id) else {
      throw WireFault(.invalid, "the id is empty, longer than 255 bytes or holds U+0000")
    }
    guard body.args.kind == .array else { throw WireFault(.invalid, "the positional arguments are no array") }
    guard body.kwargs.kind == .object else { throw WireFault(.invalid, "the keyword arguments are no object") }
    var message = TaskMessage(
      id: taskID, task: task, queue: queue, args: body.args, kwargs: body.kwargs, tenant: tenant,
      eta: try headers.time(.eta), expires: try headers.time(.expires), retries: headers.int(.retries) ?? 0)
    message.extras.read(headers)
    try message.extras.read(embed: body.embed)
    var wirePriority: Int64?
    envelope.rawProperties.visitMembers { property in
      if property.isNamed("priority") {
        wirePriority = property.raw.int64Value
      } else if property.isNamed("reply_to") {
        message.extras.replyTo = property.raw.stringValue.flatMap { $0.isEmpty ? nil : $0 }
      }
    }
    message.priority = wirePriority.flatMap(KombuQueue.priority)
    ExactFields.restore(headers[.exact], to: &message, wirePriority: wirePriority)
    return message
  }
}

/// The parts of a body, whichever protocol it is of.
private struct MessageBody {
  var args: RawJSON
  var kwargs: RawJSON
  var embed: RawJSON

  init(protocol2 body: RawJSON) throws(WireFault) {
    guard let parts = body.elements(), parts.count >= 2 else {
      throw WireFault(.malformed, "the body is no array of arguments, keyword arguments and embedded signatures")
    }
    (args, kwargs) = (parts[0], parts[1])
    embed = parts.count > 2 ? parts[2] : .emptyObject
  }

  init(protocol1 body: RawJSON) {
    args = body["args"].flatMap { $0.isNull ? nil : $0 } ?? .emptyArray
    kwargs = body["kwargs"].flatMap { $0.isNull ? nil : $0 } ?? .emptyObject
    embed = body
  }
}

extension WireHeaders {
  /// The time in a header.
  fileprivate func time(_ header: WireHeader) throws(WireFault) -> Timestamp? {
    guard let value = self[header] else { return nil }
    guard let time = value.stringValue.flatMap(WireTime.time) else {
      throw WireFault(.invalid, "'\(header.name)' is no time: \(value.description.prefix(80))")
    }
    return time
  }
}

extension TaskMessage.Extras {
  /// As we write it; the usual case.
  private static let noLimits = Array("[null,null]".utf8)

  fileprivate mutating func read(_ headers: WireHeaders) {
    if let limits = headers[.timelimit], limits.bytes != Self.noLimits {
      let limits = limits.elements() ?? []
      timeLimit = limits.first?.doubleValue
      softTimeLimit = limits.dropFirst().first?.doubleValue
    }
    rootID = headers.string(.rootID)
    parentID = headers.string(.parentID)
    // An absent place sorts behind all others, as `+inf` does on the wire.
    group = headers.string(.group).map { .init(id: $0, index: headers.int(.groupIndex) ?? .max) }
    ignoreResult = headers[.ignoreResult]?.boolValue
    shadow = headers.string(.shadow).flatMap { $0.isEmpty ? nil : $0 }
    origin = headers.string(.origin)
    replacedTaskNesting = headers.int(.replacedTaskNesting)
    stampedHeaders = headers[.stampedHeaders]?.elements()?.compactMap(\.stringValue)
    stamps = headers[.stamps]?.members().flatMap { stamps in
      stamps.isEmpty ? nil : Dictionary(stamps.map { ($0.name, $0.value) }) { first, _ in first }
    }
    traceparent = headers.string(.traceparent)
    tracestate = headers.string(.tracestate)
    requestID = headers.string(.requestID)
    tags = headers[.tags]?.elements()?.compactMap(\.stringValue)
    maxRetries = headers.int(.maxRetries)
    self.headers = headers.own.isEmpty ? nil : headers.own
  }

  fileprivate mutating func read(embed: RawJSON) throws(WireFault) {
    var (first, second, third, fourth): (RawJSON?, RawJSON?, RawJSON?, RawJSON?)
    embed.visitMembers { member in
      if member.isNull { return }
      if member.isNamed("callbacks") {
        first = member.raw
      } else if member.isNamed("errbacks") {
        second = member.raw
      } else if member.isNamed("chain") {
        third = member.raw
      } else if member.isNamed("chord") {
        fourth = member.raw
      }
    }
    callbacks = try Self.signatures("callbacks", first)
    errbacks = try Self.signatures("errbacks", second)
    // The wire has the next one last, so that a worker can pop it.
    chain = try Self.signatures("chain", third)?.reversed()
    chord = try Self.signatures("chord", fourth)?.first
  }

  /// A list of signatures, or one alone.
  private static func signatures(_ name: String, _ json: RawJSON?) throws(WireFault) -> [Signature]? {
    guard let json else { return nil }
    var signatures: [Signature] = []
    for element in json.elements() ?? [json] {
      guard let signature = WireSignature.read(element) else {
        throw WireFault(.malformed, "'\(name)' holds what is no signature")
      }
      signatures.append(signature)
    }
    return signatures
  }
}
