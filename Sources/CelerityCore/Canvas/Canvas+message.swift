import CelerityJSON

extension Canvas {
  /// The message of a frozen task signature, or of a body that travels as one.
  func message(_ node: CanvasNode, _ call: Call, isBody: Bool = false) throws(CanvasError) -> TaskMessage {
    let options = node.options.overlaid(by: call.options.without(CanvasNode.memberOptions))
    guard let id = TaskID(options.text("task_id") ?? ids.next()) else {
      throw CanvasError("must be 1 to 255 bytes without NUL", at: "/options/task_id")
    }
    let queue = options.text("queue") ?? options["queue"]?["name"]?.stringValue ?? options.text("routing_key")
    guard QueueKey.isLegal(name: queue ?? context.queue) else {
      throw CanvasError("must be 1 to 200 bytes without control characters and '/'", at: "/options/queue")
    }
    var message = TaskMessage(
      id: id, task: node.task, queue: queue ?? context.queue, args: .array(node.called(with: call.args)),
      kwargs: kwargs(node, call.kwargs), tenant: context.tenant, priority: try priority(options),
      eta: try eta(options), expires: try time(options, "expires"), retries: try retries(options))
    message.extras = try extras(options, isBody: isBody)
    let chain = try options.signatures("chain").reversed()
    let rest = call.rest.map(\.signature) + chain
    message.extras.chain = rest.isEmpty ? nil : rest
    return message
  }

  private func kwargs(_ node: CanvasNode, _ more: [JSONMember]) -> RawJSON {
    guard !more.isEmpty, !node.isImmutable else { return node.kwargs }
    return .object((node.kwargs.members() ?? []).merged(with: more).map { ($0.name, $0.value) })
  }

  private func priority(_ options: SignatureOptions) throws(CanvasError) -> Priority? {
    guard let value = options["priority"] else { return nil }
    guard let number = value.int64Value, let priority = Priority(Int(clamping: number)) else {
      throw CanvasError("must be an integer from 0 to 9", at: "/options/priority")
    }
    return priority
  }

  private func eta(_ options: SignatureOptions) throws(CanvasError) -> Timestamp? {
    guard let countdown = options["countdown"] else { return try time(options, "eta") }
    guard let seconds = countdown.doubleValue, let delay = Duration(clientSeconds: seconds) else {
      throw CanvasError("must be a number of seconds", at: "/options/countdown")
    }
    return now + delay
  }

  /// A time as text, or in so many seconds.
  private func time(_ options: SignatureOptions, _ name: String) throws(CanvasError) -> Timestamp? {
    guard let value = options[name] else { return nil }
    if let seconds = value.doubleValue, let delay = Duration(clientSeconds: seconds) { return now + delay }
    guard let text = value.stringValue, let time = Timestamp(text) else {
      throw CanvasError("must be a time, such as 2026-11-21T01:18:12+00:00", at: "/options/\(name)")
    }
    return time
  }

  private func retries(_ options: SignatureOptions) throws(CanvasError) -> Int {
    guard let value = options["retries"] else { return 0 }
    guard let number = value.int64Value, number >= 0 else {
      throw CanvasError("must be an integer from 0", at: "/options/retries")
    }
    return Int(clamping: number)
  }

  private func extras(_ options: SignatureOptions, isBody: Bool) throws(CanvasError) -> TaskMessage.Extras {
    var extras = TaskMessage.Extras()
    extras.rootID = context.rootID ?? options.text("root_id")
    extras.parentID = isBody ? options.text("parent_id") : context.parentID ?? options.text("parent_id")
    if let group = options.text("group_id") {
      extras.group = .init(id: group, index: options["group_index"]?.int64Value.map { Int(clamping: $0) } ?? .max)
    }
    extras.callbacks = try options.signatures("link").nonEmpty
    extras.errbacks = try options.signatures("link_error").nonEmpty
    extras.chord = options["chord"].flatMap { Signature($0) }
    extras.timeLimit = options["time_limit"]?.doubleValue
    extras.softTimeLimit = options["soft_time_limit"]?.doubleValue
    extras.maxRetries = options["max_retries"]?.int64Value.map { Int(clamping: $0) }
    extras.ignoreResult = options["ignore_result"]?.boolValue
    extras.shadow = options.text("shadow").flatMap { $0.isEmpty ? nil : $0 }
    extras.replyTo = options.text("reply_to")
    extras.replacedTaskNesting = options["replaced_task_nesting"]?.int64Value.map { Int(clamping: $0) }
    extras.tags = options["tags"]?.elements()?.compactMap(\.stringValue).nonEmpty
    extras.headers = options["headers"]?.members().flatMap { members in
      members.isEmpty ? nil : Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    }
    stamp(&extras, options)
    extras.requestID = context.requestID
    extras.traceparent = context.traceparent
    extras.tracestate = context.tracestate
    return extras
  }

  /// Its own stamps, and those of who sends it.
  private func stamp(_ extras: inout TaskMessage.Extras, _ options: SignatureOptions) {
    var stamps = context.stamps
    for name in options["stamped_headers"]?.elements()?.compactMap(\.stringValue) ?? [] {
      if let value = options[name] { stamps[name] = value }
    }
    guard !stamps.isEmpty else { return }
    extras.stamps = stamps
    extras.stampedHeaders = stamps.keys.sorted()
  }
}

extension Array {
  fileprivate var nonEmpty: [Element]? { isEmpty ? nil : self }
}
