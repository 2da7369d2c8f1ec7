import CelerityCore
import Logging

extension Delivery {
  /// What every log line about an attempt carries: by these a line is found from a task, a request or a trace.
  var logMetadata: Logger.Metadata {
    var metadata: Logger.Metadata = [
      "task": "\(message.task)", "task_id": "\(message.id)", "attempt": "\(attempt)",
    ]
    if let requestID = message.extras.requestID { metadata["request_id"] = "\(requestID)" }
    if let traceID = message.traceID { metadata["trace_id"] = "\(traceID)" }
    return metadata
  }

  /// How long the task waited to be begun at a time; `nil` for a retry.
  func waited(at now: Timestamp) -> Duration? {
    guard attempt == 1 else { return nil }
    return max(.zero, now - max(created, message.eta ?? created))
  }
}

extension TaskMessage {
  /// The trace's id in W3C trace context, version 00: `00-<32 hex digits>-<16>-<2>`.
  fileprivate var traceID: Substring? {
    guard let parts = extras.traceparent?.split(separator: "-", omittingEmptySubsequences: false), parts.count >= 4,
      parts[1].utf8.count == 32, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return nil }
    return parts[1]
  }
}
