import CelerityCore
import CelerityJSON

/// Tasks as `/v1` shows them. Arguments and results are copied as they came.
enum TaskView {
  /// All that is known of a task.
  static func json(_ record: TaskRecord) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 1024)
    write(record, to: &writer)
    return writer.finish()
  }

  /// As an element of a list.
  static func write(_ record: TaskRecord, to writer: inout JSONWriter) {
    let message = record.message
    writer.beginObject()
    writer.member("id", message.id.text)
    writer.member("task", message.task)
    writer.member("state", record.state.rawValue)
    writer.member("queue", message.queue)
    writer.member("priority", orNull: message.priority?.value)
    writer.member("args", message.args)
    writer.member("kwargs", message.kwargs)
    writeOutcome(record, &writer)
    writeTimes(record, &writer)
    writeOrigin(record, &writer)
    writeHistory(record.history, &writer)
    writer.member("links", object: { writeLinks(message.id, &$0) })
    writer.endObject()
  }

  /// What a client that waits for the end wants to know.
  static func result(_ record: TaskRecord) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writer.member("id", record.message.id.text)
    writer.member("state", record.state.rawValue)
    switch record.state {
    case .success: writer.member("result", record.result ?? .null)
    case .failure, .revoked:
      writer.key("error")
      FailureView.write(record.failure, reason: record.endReason, to: &writer)
    case .pending, .received, .started, .progress, .retry: writer.member("progress", orNull: record.progress)
    }
    writer.endObject()
    return writer.finish()
  }

  /// What became of a wish to cancel.
  static func cancellation(_ record: TaskRecord) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writer.member("id", record.message.id.text)
    writer.member("state", record.state.rawValue)
    writer.member("cancel_requested", record.isCancelRequested)
    writer.member("links", object: { writeLinks(record.message.id, &$0) })
    writer.endObject()
    return writer.finish()
  }

  /// A task that was sent on its way again.
  static func retried(_ record: TaskRecord) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writer.member("id", record.message.id.text)
    writer.member("state", record.state.rawValue)
    writer.member("generation", record.generation)
    writer.member("links", object: { writeLinks(record.message.id, &$0) })
    writer.endObject()
    return writer.finish()
  }

  /// Where to go on from a task.
  static func writeLinks(_ id: TaskID, _ writer: inout JSONWriter) {
    let path = path(of: id)
    writer.member("self", path)
    for name in ["result", "events", "logs", "why"] { writer.member(name, path + "/" + name) }
    for verb in ["cancel", "retry"] { writer.member(verb, path + ":" + verb) }
  }

  /// A task's path.
  static func path(of id: TaskID) -> String { "/v1/tasks/" + id.text.percentEncoded }
}

extension TaskView {
  private static func writeOutcome(_ record: TaskRecord, _ writer: inout JSONWriter) {
    writer.member("result", orNull: record.result)
    if record.failure == nil, record.endReason == nil {
      writer.member("error", .null)
    } else {
      writer.key("error")
      FailureView.write(record.failure, reason: record.endReason, to: &writer)
    }
    // The last report is mostly of before the last step: of what has ended it would say that something is missing.
    writer.member("progress", orNull: record.state.isTerminal ? nil : record.progress)
    writer.member("attempts", record.attempts)
    writer.member("retries", record.message.retries)
    writer.member("cancel_requested", record.isCancelRequested)
    writer.member("worker", orNull: record.worker)
  }

  private static func writeTimes(_ record: TaskRecord, _ writer: inout JSONWriter) {
    writer.member("created_at", record.created.rfc3339)
    writer.member("eta", orNull: record.message.eta?.rfc3339)
    writer.member("due_at", orNull: record.due?.rfc3339)
    writer.member("expires_at", orNull: record.message.expires?.rfc3339)
    writer.member("started_at", orNull: record.started?.rfc3339)
    writer.member("finished_at", orNull: record.finished?.rfc3339)
    writer.member("time_limit_seconds", orNull: record.message.extras.timeLimit.flatMap(RawJSON.double))
    writer.member("soft_time_limit_seconds", orNull: record.message.extras.softTimeLimit.flatMap(RawJSON.double))
  }

  private static func writeOrigin(_ record: TaskRecord, _ writer: inout JSONWriter) {
    let extras = record.message.extras
    writer.member("parent_id", orNull: extras.parentID)
    writer.member("root_id", orNull: extras.rootID)
    writer.member("group_id", orNull: extras.group?.id)
    writer.member("group_index", orNull: extras.group.flatMap { $0.index == .max ? nil : $0.index })
    writer.member(
      "children",
      array: { writer in
        for child in Continuation(of: record).children { for id in child.taskIDs { writer.string(id) } }
      })
    writer.member("tags", array: { writer in for tag in extras.tags ?? [] { writer.string(tag) } })
    writer.member("request_id", orNull: extras.requestID)
    writer.member("traceparent", orNull: extras.traceparent)
  }

  private static func writeHistory(_ history: [AttemptEnd], _ writer: inout JSONWriter) {
    writer.member(
      "history",
      array: { writer in
        for end in history {
          writer.beginObject()
          writer.member("attempt", end.attempt)
          writer.member("worker", orNull: end.worker)
          writer.member("started_at", orNull: end.started.map { Timestamp(microseconds: $0).rfc3339 })
          writer.member("ended_at", Timestamp(microseconds: end.ended).rfc3339)
          writer.member("cause", end.cause)
          writer.member("detail", orNull: end.detail)
          writer.endObject()
        }
      })
  }
}
