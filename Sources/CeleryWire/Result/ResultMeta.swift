public import CelerityCore
public import CelerityJSON

/// A task's state as Celery's result backends keep it and as `AsyncResult` reads it.
public struct ResultMeta: Sendable, Hashable {
  public var id: String
  /// Celery's word, custom states included.
  public var status: String
  /// The value, the exception, or what a custom state carries.
  public var result: RawJSON
  public var traceback: String?
  /// Result tuples of what the task has published; `nil` when stored without a request.
  public var children: RawJSON?
  /// Only for ended tasks.
  public var dateDone: Timestamp?
  public var groupID: String?
  public var parentID: String?

  /// A record of a task.
  public init(
    id: String, status: String, result: RawJSON = .null, traceback: String? = nil, children: RawJSON? = .emptyArray,
    dateDone: Timestamp? = nil, groupID: String? = nil, parentID: String? = nil
  ) {
    self.id = id
    self.status = status
    self.result = result
    self.traceback = traceback
    self.children = children
    self.dateDone = dateDone
    self.groupID = groupID
    self.parentID = parentID
  }

  /// The record of a task as the platform knows it; `nil` for states that Celery never stores.
  public init?(_ record: TaskRecord) {
    let extras = record.message.extras
    let state = record.state
    switch state {
    case .pending, .received: return nil
    case .started, .progress, .retry, .success, .failure, .revoked: break
    }
    self.init(
      id: record.message.id.text, status: state.rawValue, result: Self.value(of: record),
      traceback: record.failure?.traceback, dateDone: state.isTerminal ? record.finished : nil,
      groupID: extras.group?.id, parentID: extras.parentID)
  }

  private static func value(of record: TaskRecord) -> RawJSON {
    switch record.state {
    case .success: record.result ?? .null
    case .progress: record.progress ?? .null
    case .started: .object([("hostname", record.worker.map(RawJSON.string) ?? .null)])
    case .revoked:
      WireException.json(
        TaskFailure(type: "TaskRevokedError", module: "celery.exceptions", message: record.reason ?? "revoked"))
    case .failure, .retry: record.failure.map(WireException.json) ?? .null
    case .pending, .received: .null
    }
  }

  /// The record as Python's backends write it.
  public var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 256 + result.bytes.count)
    writer.beginObject()
    writer.member("status", status)
    writer.member("result", result)
    writer.member("traceback", orNull: traceback)
    writer.member("children", orNull: children)
    writer.member("date_done", orNull: dateDone.map(WireTime.text))
    writer.member("group_id", ifPresent: groupID)
    writer.member("parent_id", ifPresent: parentID)
    writer.member("task_id", id)
    writer.endObject()
    return writer.finish()
  }

  /// Reads a record; `nil` when it is none.
  public init?(_ json: RawJSON) {
    guard let members = json.members(), let status = members.value("status")?.stringValue,
      let id = members.value("task_id")?.stringValue
    else { return nil }
    self.init(
      id: id, status: status, result: members.value("result") ?? .null,
      traceback: members.value("traceback")?.stringValue, children: members.value("children"),
      dateDone: members.value("date_done")?.stringValue.flatMap(WireTime.time),
      groupID: members.value("group_id")?.stringValue, parentID: members.value("parent_id")?.stringValue)
  }

  /// The failure that it tells of, when it does.
  public var failure: TaskFailure? {
    switch status {
    case "FAILURE", "RETRY", "REVOKED": WireException.failure(result, traceback: traceback)
    default: nil
    }
  }
}

/// Exceptions as Celery's JSON form has them: type, arguments of the constructor, module.
enum WireException {
  static func json(_ failure: TaskFailure) -> RawJSON {
    .object([
      ("exc_type", .string(failure.type)), ("exc_message", .array(failure.arguments)),
      // A module that Python has not imported makes its client invent a class of this name, which is what a foreign
      // type should look like there.
      ("exc_module", .string(failure.module ?? "celery.exceptions")),
    ])
  }

  static func failure(_ json: RawJSON, traceback: String?) -> TaskFailure? {
    guard let members = json.members(), let type = members.value("exc_type")?.stringValue else { return nil }
    let message = members.value("exc_message") ?? .emptyArray
    let arguments = message.elements() ?? [message]
    let text = arguments.map { $0.stringValue ?? $0.description }.joined(separator: ", ")
    return TaskFailure(
      type: type, module: members.value("exc_module")?.stringValue, message: text, arguments: arguments,
      traceback: traceback)
  }
}
