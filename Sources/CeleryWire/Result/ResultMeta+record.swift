public import CelerityCore
import CelerityJSON

extension ResultMeta {
  /// The record of a task as the platform knows it; `nil` for states that Celery never stores. The process's number is
  /// what Python shows of a running task beside the worker.
  public init?(_ record: TaskRecord, extended: Bool = false, pid: Int? = nil) {
    let extras = record.message.extras
    let state = record.state
    switch state {
    case .pending, .received: return nil
    case .started, .progress, .retry, .success, .failure, .revoked: break
    }
    self.init(
      id: record.message.id.text, status: state.rawValue, result: Self.value(of: record, pid: pid),
      traceback: state == .failure || state == .retry ? record.failure.flatMap(PythonTraceback.text) : nil,
      dateDone: state.isTerminal ? record.finished : nil, groupID: extras.group?.id, parentID: extras.parentID,
      request: extended ? Request(record) : nil)
  }

  private static func value(of record: TaskRecord, pid: Int?) -> RawJSON {
    switch record.state {
    case .success: record.result ?? .null
    case .progress: record.progress ?? .null
    case .started: .object([("pid", pid.map { .integer(Int64($0)) } ?? .null), ("hostname", text(record.worker))])
    case .revoked: WireException.unknown(.revoked, reason: record.reason)
    case .failure, .retry:
      record.failure.map(WireException.json) ?? WireException.unknown(record.state, reason: record.reason)
    case .pending, .received: .null
    }
  }

  private static func text(_ text: String?) -> RawJSON { text.map(RawJSON.string) ?? .null }
}
