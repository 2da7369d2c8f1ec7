import CelerityCore
import CelerityJSON

/// Why a task failed or was revoked, as `/v1` shows it.
enum FailureView {
  /// Writes a failure, or for a revoked task the reason alone.
  static func write(_ failure: TaskFailure?, reason: String?, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("type", failure?.type ?? "TaskRevokedError")
    writer.member("module", orNull: failure?.module ?? (failure == nil ? "celery.exceptions" : nil))
    writer.member("message", failure?.message ?? reason ?? "revoked")
    writer.member("reason", orNull: reason)
    writer.member("traceback", orNull: failure?.traceback)
    writer.member("signal", ifPresent: failure?.signal)
    writer.member("exit_status", ifPresent: failure?.exitStatus)
    writer.member("peak_memory_bytes", ifPresent: failure?.peakMemoryBytes)
    writer.member(
      "causes",
      array: { writer in
        for cause in failure?.causes ?? [] {
          writer.beginObject()
          writer.member("type", cause.type)
          writer.member("message", cause.message)
          writer.endObject()
        }
      })
    writer.endObject()
  }
}
