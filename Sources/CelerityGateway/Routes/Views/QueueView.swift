import CelerityCore
import CelerityJSON

/// Queues as `/v1` shows them.
enum QueueView {
  /// All of them.
  static func list(_ queues: [QueueStatus]) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 512)
    writer.beginObject()
    writer.member("queues", array: { writer in for queue in queues { write(queue, to: &writer) } })
    writer.endObject()
    return writer.finish()
  }

  /// One of them.
  static func json(_ queue: QueueStatus) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 192)
    write(queue, to: &writer)
    return writer.finish()
  }

  private static func write(_ queue: QueueStatus, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("name", queue.key.name)
    writer.member("depth", queue.depth)
    writer.member("ready", queue.ready)
    writer.member("delayed", queue.delayed)
    writer.member("running", queue.leased)
    writer.member("paused", queue.isPaused)
    writer.member("oldest_ready_at", orNull: queue.oldestReady?.rfc3339)
    writer.endObject()
  }
}
