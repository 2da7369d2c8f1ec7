import CelerityCore
import CelerityJSON

extension MessageWriter {
  /// The headers, Celery's first.
  func headers(_ message: TaskMessage, _ writer: inout JSONWriter) {
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
    writer.key("timelimit")
    writer.beginArray()
    for limit in [extras.timeLimit, extras.softTimeLimit] {
      if let limit { writer.double(limit) } else { writer.null() }
    }
    writer.endArray()
    writer.member("root_id", extras.rootID ?? message.id.text)
    writer.member("parent_id", orNull: extras.parentID)
    writer.member("argsrepr", PythonRepr.tuple(message.args))
    writer.member("kwargsrepr", PythonRepr.value(message.kwargs))
    writer.member("origin", extras.origin ?? origin)
    writer.member("ignore_result", orNull: extras.ignoreResult)
    writer.member("replaced_task_nesting", extras.replacedTaskNesting ?? 0)
    writer.key("stamped_headers")
    if let names = extras.stampedHeaders { Self.write(names, &writer) } else { writer.null() }
    writer.member("stamps", object: { Self.write(extras.stamps ?? [:], &$0) })
    own(message, &writer)
  }

  /// What Celery has no header for, and the headers of the user's own.
  private func own(_ message: TaskMessage, _ writer: inout JSONWriter) {
    let extras = message.extras
    writer.member("traceparent", ifPresent: extras.traceparent)
    writer.member("tracestate", ifPresent: extras.tracestate)
    writer.member(WireHeader.requestID.name.description, ifPresent: extras.requestID)
    writer.member(WireHeader.maxRetries.name.description, ifPresent: extras.maxRetries)
    if let tags = extras.tags {
      writer.key(WireHeader.tags.name.description)
      Self.write(tags, &writer)
    }
    writer.member(WireHeader.exact.name.description, ifPresent: ExactFields(of: message).header)
    guard let headers = extras.headers, !headers.isEmpty else { return }
    let reserved = headers.filter { WireHeader.isReserved($0.key) }
    if !reserved.isEmpty {
      writer.member(WireHeader.ownHeaders.name.description, object: { Self.write(reserved, &$0) })
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
