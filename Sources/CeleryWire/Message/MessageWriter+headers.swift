import CelerityCore
import CelerityJSON

extension MessageWriter {
  /// The headers, Celery's first.
  func headers(_ message: TaskMessage, _ writer: inout JSONWriter) {
    let extras = message.extras
    writer.put("lang", "swift")
    writer.put("task", message.task)
    writer.put("id", message.id.text)
    writer.put("shadow", orNull: extras.shadow)
    writer.put("eta", orNull: message.eta.map(WireTime.text))
    writer.put("expires", orNull: message.expires.map(WireTime.text))
    writer.put("group", orNull: extras.group?.id)
    writer.put("group_index", orNull: extras.group.flatMap { $0.index == .max ? nil : $0.index })
    writer.put("retries", message.retries)
    writer.key(plain: "timelimit")
    writer.beginArray()
    for limit in [extras.timeLimit, extras.softTimeLimit] {
      if let limit { writer.double(limit) } else { writer.null() }
    }
    writer.endArray()
    writer.put("root_id", extras.rootID ?? message.id.text)
    writer.put("parent_id", orNull: extras.parentID)
    writer.put("argsrepr", PythonRepr.tuple(message.args))
    writer.put("kwargsrepr", PythonRepr.value(message.kwargs))
    writer.put("origin", extras.origin ?? origin)
    writer.put("ignore_result", extras.ignoreResult.map(RawJSON.bool) ?? .null)
    writer.put("replaced_task_nesting", extras.replacedTaskNesting ?? 0)
    writer.key(plain: "stamped_headers")
    if let names = extras.stampedHeaders { Self.write(names, &writer) } else { writer.null() }
    writer.key(plain: "stamps")
    writer.beginObject()
    Self.write(extras.stamps ?? [:], &writer)
    writer.endObject()
    own(message, &writer)
  }

  /// What Celery has no header for, and the headers of the user's own.
  private func own(_ message: TaskMessage, _ writer: inout JSONWriter) {
    let extras = message.extras
    writer.put("traceparent", ifPresent: extras.traceparent)
    writer.put("tracestate", ifPresent: extras.tracestate)
    writer.put(WireHeader.requestID.name, ifPresent: extras.requestID)
    if let maxRetries = extras.maxRetries { writer.put(WireHeader.maxRetries.name, maxRetries) }
    if let tags = extras.tags {
      writer.key(plain: WireHeader.tags.name)
      Self.write(tags, &writer)
    }
    if let exact = ExactFields(of: message).header { writer.put(WireHeader.exact.name, exact) }
    guard let headers = extras.headers, !headers.isEmpty else { return }
    let reserved = headers.filter { WireHeader.isReserved($0.key) }
    if !reserved.isEmpty {
      writer.key(plain: WireHeader.ownHeaders.name)
      writer.beginObject()
      Self.write(reserved, &writer)
      writer.endObject()
    }
    Self.write(headers.filter { !WireHeader.isReserved($0.key) }, &writer)
  }

  private static func write(_ texts: [String], _ writer: inout JSONWriter) {
    writer.beginArray()
    for text in texts { writer.string(text) }
    writer.endArray()
  }

  /// Members in the order of their names, so that a message is always written the same.
  private static func write(_ members: [String: RawJSON], _ writer: inout JSONWriter) {
    for (name, value) in members.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
  }
}
