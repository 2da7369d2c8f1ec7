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
    var headers = WireHeaders(envelope.headers)
    var embed: [JSONMember] = []
    do {
      let body = try BodyReader(maximumBytes: maximumBodyBytes).json(
        envelope, compression: headers.string(.compression))
      let parts: MessageBody
      if let old = body.members(), old.value("args") != nil || headers[.task] == nil {
        headers.add(protocol1: old)
        parts = MessageBody(protocol1: old)
      } else {
        parts = try MessageBody(protocol2: body)
      }
      embed = parts.embed
      return try message(headers, parts, envelope, queue)
    } catch {
      throw error.adding(WireFault.Context(headers, properties: envelope.properties, embed: embed))
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
    for property in envelope.properties {
      switch property.name {
      case "priority": wirePriority = property.value.int64Value
      case "reply_to": message.extras.replyTo = property.value.stringValue.flatMap { $0.isEmpty ? nil : $0 }
      default: break
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
  var embed: [JSONMember]

  init(protocol2 body: RawJSON) throws(WireFault) {
    guard let parts = body.elements(), parts.count >= 2 else {
      throw WireFault(.malformed, "the body is no array of arguments, keyword arguments and embedded signatures")
    }
    (args, kwargs) = (parts[0], parts[1])
    embed = parts.count > 2 ? parts[2].members() ?? [] : []
  }

  init(protocol1 body: [JSONMember]) {
    args = body.value("args") ?? .emptyArray
    kwargs = body.value("kwargs") ?? .emptyObject
    embed = body
  }
}

extension WireHeaders {
  /// The time in a header.
  fileprivate func time(_ header: WireHeader) throws(WireFault) -> Timestamp? {
    guard let value = self[header] else { return nil }
    guard let time = value.stringValue.flatMap(WireTime.time) else {
      throw WireFault(.invalid, "'\(header.rawValue)' is no time: \(value.description.prefix(80))")
    }
    return time
  }
}

extension TaskMessage.Extras {
  fileprivate mutating func read(_ headers: WireHeaders) {
    let limits = headers[.timelimit]?.elements() ?? []
    timeLimit = limits.first?.doubleValue
    softTimeLimit = limits.dropFirst().first?.doubleValue
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

  fileprivate mutating func read(embed: [JSONMember]) throws(WireFault) {
    for member in embed where !member.value.isNull {
      switch member.name {
      case "callbacks": callbacks = try Self.signatures(member)
      case "errbacks": errbacks = try Self.signatures(member)
      // The wire has the next one last, so that a worker can pop it.
      case "chain": chain = try Self.signatures(member).reversed()
      case "chord": chord = try Self.signatures(member).first
      default: break
      }
    }
  }

  /// A list of signatures, or one alone.
  private static func signatures(_ member: JSONMember) throws(WireFault) -> [Signature] {
    var signatures: [Signature] = []
    for element in member.value.elements() ?? [member.value] {
      guard let signature = WireSignature.read(element) else {
        throw WireFault(.malformed, "'\(member.name)' holds what is no signature")
      }
      signatures.append(signature)
    }
    return signatures
  }
}
