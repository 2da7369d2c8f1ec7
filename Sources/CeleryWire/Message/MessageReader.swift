public import CelerityCore
import CelerityJSON

/// Reads task messages of Celery's protocol 2, of protocol 1, and of bridges that mix the two.
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

  /// The message of an envelope that came from a queue.
  public func message(_ envelope: Envelope, queue: String) throws(WireFault) -> TaskMessage {
    let headers = envelope.headers
    var id = headers.value("id")?.stringValue
    var task = headers.value("task")?.stringValue
    do {
      let body = try BodyReader(maximumBytes: maximumBodyBytes).json(envelope)
      let old = body.kind == .object ? body.members() : nil
      id = id ?? old?.value("id")?.stringValue
      task = task ?? old?.value("task")?.stringValue
      if let old, old.value("args") != nil || headers.value("task") == nil {
        return try message(
          of: task, id, headers.isEmpty ? old : headers + old, body: Body(protocol1: old), envelope, queue)
      }
      return try message(of: task, id, headers, body: try Body(protocol2: body), envelope, queue)
    } catch {
      throw WireFault(error.kind, error.detail, id: error.id ?? id, task: error.task ?? task)
    }
  }

  /// The parts of a body, whichever protocol it is of.
  private struct Body {
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

  private func message(
    of task: String?, _ id: String?, _ headers: [JSONMember], body: Body, _ envelope: Envelope, _ queue: String
  ) throws(WireFault) -> TaskMessage {
    guard let task, !task.isEmpty else { throw WireFault(.malformed, "the message names no task") }
    guard let id, let taskID = TaskID(id) else { throw WireFault(.malformed, "the message has no usable id") }
    guard body.args.kind == .array else { throw WireFault(.malformed, "the positional arguments are no array") }
    guard body.kwargs.kind == .object else { throw WireFault(.malformed, "the keyword arguments are no object") }
    var message = TaskMessage(
      id: taskID, task: task, queue: queue, args: body.args, kwargs: body.kwargs, tenant: tenant,
      priority: Self.priority(envelope.properties), eta: try Self.time("eta", headers),
      expires: try Self.time("expires", headers), retries: Int(headers.value("retries")?.int64Value ?? 0))
    try Self.read(headers, into: &message.extras)
    try Self.read(body.embed, embedded: &message.extras)
    message.extras.replyTo = envelope.properties.value("reply_to")?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    return message
  }

  /// Redis counts downwards: 0 goes first. An absent priority stays absent; kombu writes 0 where nobody asked for one, and
  /// the two can't be told apart.
  private static func priority(_ properties: [JSONMember]) -> Priority? {
    properties.value("priority")?.int64Value.flatMap { wire in wire == 0 ? nil : Priority(9 - min(max(0, Int(wire)), 9))
    }
  }

  private static func time(_ name: String, _ headers: [JSONMember]) throws(WireFault) -> Timestamp? {
    guard let value = headers.value(name) else { return nil }
    guard let time = value.stringValue.flatMap(WireTime.time) else {
      throw WireFault(.malformed, "'\(name)' is no time: \(value.description.prefix(80))")
    }
    return time
  }
}

extension MessageReader {
  /// Headers that are no user's own.
  private static let known: Set<String> = [
    "lang", "task", "id", "shadow", "eta", "expires", "group", "group_index", "retries", "timelimit", "root_id",
    "parent_id", "argsrepr", "kwargsrepr", "origin", "ignore_result", "replaced_task_nesting", "stamped_headers",
    "stamps",
    "compression", "traceparent", "tracestate", "celerity_request_id", "celerity_tags", "celerity_max_retries",
    // Members of protocol 1's body, which stand beside the headers there.
    "args", "kwargs", "utc", "callbacks", "errbacks", "chain", "chord", "taskset",
  ]

  private static func read(_ headers: [JSONMember], into extras: inout TaskMessage.Extras) throws(WireFault) {
    let limits = headers.value("timelimit")?.elements() ?? []
    extras.timeLimit = limits.first?.doubleValue
    extras.softTimeLimit = limits.dropFirst().first?.doubleValue
    extras.rootID = headers.value("root_id")?.stringValue
    extras.parentID = headers.value("parent_id")?.stringValue
    if let group = headers.value("taskset")?.stringValue ?? headers.value("group")?.stringValue {
      // An absent place sorts behind all others, as `+inf` does on the wire.
      extras.group = .init(id: group, index: headers.value("group_index")?.int64Value.map(Int.init) ?? .max)
    }
    extras.ignoreResult = headers.value("ignore_result")?.boolValue
    extras.shadow = headers.value("shadow")?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    extras.origin = headers.value("origin")?.stringValue
    extras.replacedTaskNesting = headers.value("replaced_task_nesting")?.int64Value.map(Int.init)
    extras.stampedHeaders = headers.value("stamped_headers")?.elements()?.compactMap(\.stringValue)
    extras.stamps = headers.value("stamps")?.members().flatMap { $0.isEmpty ? nil : Dictionary($0) }
    extras.traceparent = headers.value("traceparent")?.stringValue
    extras.tracestate = headers.value("tracestate")?.stringValue
    extras.requestID = headers.value("celerity_request_id")?.stringValue
    extras.tags = headers.value("celerity_tags")?.elements()?.compactMap(\.stringValue)
    extras.maxRetries = headers.value("celerity_max_retries")?.int64Value.map(Int.init)
    // What RabbitMQ adds on its way would grow with every retry.
    let own = headers.filter { header in
      !known.contains(header.name)
        && !["x-death", "x-first-death", "x-last-death"].contains { header.name.hasPrefix($0) }
    }
    extras.headers = own.isEmpty ? nil : Dictionary(own)
  }

  private static func read(_ embed: [JSONMember], embedded extras: inout TaskMessage.Extras) throws(WireFault) {
    extras.callbacks = try signatures("callbacks", embed)
    extras.errbacks = try signatures("errbacks", embed)
    // The wire has the next one last, so that a worker can pop it.
    extras.chain = try signatures("chain", embed)?.reversed()
    extras.chord = try signatures("chord", embed)?.first
  }

  private static func signatures(_ name: String, _ embed: [JSONMember]) throws(WireFault) -> [Signature]? {
    guard let value = embed.value(name) else { return nil }
    let elements = value.elements() ?? [value]
    var signatures: [Signature] = []
    for element in elements {
      guard let signature = try? RawJSONDecoder().decode(Signature.self, from: element) else {
        throw WireFault(.malformed, "'\(name)' holds what is no signature")
      }
      signatures.append(signature)
    }
    return signatures.isEmpty ? nil : signatures
  }
}

extension [String: RawJSON] {
  fileprivate init(_ members: [JSONMember]) { self.init(members.map { ($0.name, $0.value) }) { first, _ in first } }
}
