import CelerityCore
import CelerityJSON

extension CeleryEvent {
  /// The fields between the stamp's, in Python's order.
  func writeFields(to writer: inout JSONWriter) {
    switch self {
    case .taskSent(let sent): sent.write(to: &writer)
    case .taskReceived(let task): task.write(to: &writer)
    case .taskStarted(let uuid), .taskCancelled(let uuid): writer.member("uuid", uuid)
    case .taskSucceeded(let uuid, let result, let runtime):
      writer.member("uuid", uuid)
      writer.member("result", result)
      writer.member("runtime", runtime)
    case .taskFailed(let uuid, let exception, let traceback), .taskRetried(let uuid, let exception, let traceback):
      writer.member("uuid", uuid)
      writer.member("exception", exception)
      writer.member("traceback", orNull: traceback)
    case .taskRejected(let uuid, let requeue):
      writer.member("uuid", uuid)
      writer.member("requeue", requeue)
    case .taskRevoked(let uuid, let terminated, let signal, let expired):
      writer.member("uuid", uuid)
      writer.member("terminated", terminated)
      writer.member("signum", orNull: signal)
      writer.member("expired", expired)
    case .workerOnline(let vitals), .workerHeartbeat(let vitals), .workerOffline(let vitals): vitals.write(to: &writer)
    case .workerElect(let id, let topic, let action):
      writer.member("id", id)
      writer.member("topic", topic)
      writer.member("action", action)
      writer.member("cver", 1)
    case .workerElectAck(let id): writer.member("id", id)
    }
  }
}

extension ReceivedTask {
  func write(to writer: inout JSONWriter) {
    writer.member("uuid", uuid)
    writer.member("name", name)
    writer.member("args", args)
    writer.member("kwargs", kwargs)
    writer.member("root_id", orNull: rootID)
    writer.member("parent_id", orNull: parentID)
    writer.member("retries", retries)
    writer.member("eta", orNull: eta.map(WireTime.text))
    writer.member("expires", orNull: expires.map(WireTime.text))
  }
}

extension SentTask {
  func write(to writer: inout JSONWriter) {
    writer.member("uuid", task.uuid)
    writer.member("root_id", orNull: task.rootID)
    writer.member("parent_id", orNull: task.parentID)
    writer.member("name", task.name)
    writer.member("args", task.args)
    writer.member("kwargs", task.kwargs)
    writer.member("retries", task.retries)
    writer.member("eta", orNull: task.eta.map(WireTime.text))
    writer.member("expires", orNull: task.expires.map(WireTime.text))
    writer.member("queue", queue)
    writer.member("exchange", "")
    writer.member("routing_key", queue)
  }
}

extension WorkerVitals {
  func write(to writer: inout JSONWriter) {
    writer.member("freq", frequency)
    if let load {
      writer.member("active", load.running)
      writer.member("processed", load.processed)
      writer.member("loadavg", array: { writer in for value in loadAverage { writer.double(value) } })
    }
    writer.member("sw_ident", software)
    writer.member("sw_ver", version)
    writer.member("sw_sys", system)
  }
}
