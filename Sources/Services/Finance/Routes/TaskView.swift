import CelerityCore
import CelerityJSON

/// A task as this API shows it.
enum TaskView {
  /// A longer result is left out of lists, so that a page of a thousand stays a few megabytes.
  static let longestListedResult = 4096

  /// A task alone.
  static func json(_ record: TaskRecord) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 512)
    writer.beginObject()
    writeMembers(record, result: record.result, &writer)
    writer.endObject()
    return writer.finish()
  }

  /// A task among others.
  static func writeListed(_ record: TaskRecord, _ writer: inout JSONWriter) {
    let isLong = (record.result?.bytes.count ?? 0) > longestListedResult
    writer.beginObject()
    writeMembers(record, result: isLong ? nil : record.result, &writer)
    writer.member("result_omitted", isLong)
    writer.endObject()
  }

  private static func writeMembers(_ record: TaskRecord, result: RawJSON?, _ writer: inout JSONWriter) {
    writer.member("task_id", record.message.id.text)
    writer.member("status", record.state.rawValue)
    writer.member("priority", PriorityBand(record.message.priority).rawValue)
    writer.member("queue", record.message.queue)
    writer.member("result", orNull: result)
    writer.member("error", orNull: record.failure.map { "\($0.type): \($0.message)" } ?? record.reason)
    writer.member("created_at", record.created.rfc3339)
    writer.member("started_at", orNull: record.started?.rfc3339)
    writer.member("completed_at", orNull: record.finished?.rfc3339)
    writer.member("processing_time_ms", orNull: processingTime(record))
  }

  private static func processingTime(_ record: TaskRecord) -> Double? {
    guard let started = record.started, let finished = record.finished else { return nil }
    return max(0, (finished - started).inSeconds * 1000)
  }
}
