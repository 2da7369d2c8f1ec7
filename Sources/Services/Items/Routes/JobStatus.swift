import CelerityCore
import CelerityJSON

/// A background task as this API shows it.
enum JobStatus {
  /// The tasks whose status this API tells.
  static let tasks: Set<String> = [ProcessData.name, ProcessBatch.name]

  /// The words for a status. Of a task that a worker has and has not begun nobody here needs to know.
  static let all = TaskState.allCases.filter { $0 != .received }.map(\.rawValue)

  static func json(_ record: TaskRecord) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 256 + (record.result?.bytes.count ?? 0))
    writer.beginObject()
    writer.member("task_id", record.message.id.text)
    writer.member("status", (record.state == .received ? .pending : record.state).rawValue)
    writer.member("result", orNull: record.result)
    writer.member("error", orNull: record.failure.map { "\($0.type): \($0.message)" } ?? record.reason)
    writer.member("progress", orNull: progress(record))
    writer.member("archived", false)
    writer.endObject()
    return writer.finish()
  }

  static func json(archived row: ArchivedResult) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 256 + (row.result?.bytes.count ?? 0))
    writer.beginObject()
    writer.member("task_id", row.taskID)
    writer.member("status", row.status)
    writer.member("result", orNull: row.result)
    writer.member("error", orNull: row.error)
    let total = row.result?["total_processed"]?.int64Value.map(Int.init)
    writer.member("progress", orNull: total.map { JobProgress(current: $0, total: $0).json })
    writer.member("archived", true)
    writer.endObject()
    return writer.finish()
  }

  /// What the running code said last; where it has not said anything in this API's form there is nothing to show.
  private static func progress(_ record: TaskRecord) -> RawJSON? {
    if record.state == .success, let total = record.result?["total_processed"]?.int64Value {
      return JobProgress(current: Int(total), total: Int(total)).json
    }
    guard let said = record.progress, let current = said["current"]?.int64Value, let total = said["total"]?.int64Value
    else { return nil }
    return JobProgress(current: Int(current), total: Int(total)).json
  }
}

/// How far a task is.
struct JobProgress: Sendable, Hashable {
  var current: Int
  var total: Int

  var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 96)
    writer.beginObject()
    writer.member("current", max(0, current))
    writer.member("total", max(0, total))
    // Of a hundred, in tenths.
    writer.member("progress", total > 0 ? min(100, (Double(current) * 1000 / Double(total)).rounded() / 10) : 0)
    writer.member("status", "\(current) of \(total) done")
    writer.endObject()
    return writer.finish()
  }
}
