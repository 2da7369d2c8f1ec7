import CelerityCore
import CelerityJSON

/// Workers as `/v1` shows them.
enum WorkerView {
  /// All of them.
  static func list(_ workers: [WorkerInfo]) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 512)
    writer.beginObject()
    writer.member("workers", array: { writer in for worker in workers { write(worker, to: &writer) } })
    writer.endObject()
    return writer.finish()
  }

  /// One of them.
  static func json(_ worker: WorkerInfo) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 512)
    write(worker, to: &writer)
    return writer.finish()
  }

  private static func write(_ worker: WorkerInfo, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("name", worker.name)
    writer.member("incarnation", worker.incarnation)
    writer.member("hostname", worker.hostname)
    writer.member("pid", worker.pid)
    writer.member("version", worker.version)
    writer.member("queues", array: { writer in for queue in worker.queues { writer.string(queue) } })
    writer.member("concurrency", worker.concurrency)
    writer.member("running", worker.running)
    writer.member("processed", worker.processed)
    writer.member("tasks", array: { writer in for task in worker.tasks { writer.string(task) } })
    writer.member("started_at", Timestamp(microseconds: worker.startedAt).rfc3339)
    writer.member("draining", worker.isDraining)
    writer.endObject()
  }
}
