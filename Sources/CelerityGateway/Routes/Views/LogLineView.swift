import CelerityCore
import CelerityJSON

/// Lines of a task's log as `/v1` shows them.
enum LogLineView {
  /// One line.
  static func json(_ line: TaskLogLine) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: line.text.utf8.count + 128)
    write(line, to: &writer)
    return writer.finish()
  }

  /// As an element of a list.
  static func write(_ line: TaskLogLine, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("number", line.number)
    writer.member("attempt", line.attempt)
    writer.member("time", line.time.rfc3339)
    writer.member("level", line.level)
    writer.member("text", line.text)
    writer.endObject()
  }
}
