import CelerityCore
import CelerityJSON

/// What is said when a task has ended: its result on standard output, or why there is none as the error.
struct TaskEnding: Sendable {
  /// As `GET /v1/tasks/{id}` shows it.
  let task: RawJSON

  /// Writes the result, or the whole task when JSON is asked for; throws exit code 1 unless the task succeeded.
  func show(_ output: Output) throws(ClientError) {
    if output.isJSON { try output.json(task) }
    if let failure { throw failure }
    if !output.isJSON { try output.json(task["result"] ?? .null) }
  }

  /// Why the task has no result; `nil` when it has one.
  var failure: ClientError? {
    let state = task["state"]?.stringValue ?? ""
    guard state != TaskState.success.rawValue else { return nil }
    let id = task["id"]?.stringValue ?? ""
    let name = task["task"]?.stringValue ?? "task \(id)"
    let error = task["error"]
    let type = error?["type"]?.stringValue
    let message = error?["message"]?.stringValue ?? ""
    guard state == TaskState.failure.rawValue else {
      return ClientError(
        "\(name) was revoked", cause: error?["reason"]?.stringValue ?? message,
        hint: "celerity task why \(ShellWords.quoted(id))", status: .failed)
    }
    let what = type.map { message.isEmpty ? $0 : "\($0): \(message)" } ?? message
    return ClientError(
      "\(name) failed: \(what)", cause: cause(error),
      hint: "celerity task why \(ShellWords.quoted(id))   or   celerity task retry \(ShellWords.quoted(id))",
      status: .failed)
  }

  private func cause(_ error: RawJSON?) -> String? {
    var lines: [String] = []
    for cause in error?["causes"]?.elements() ?? [] {
      lines.append([cause["type"], cause["message"]].compactMap { $0?.stringValue }.joined(separator: ": "))
    }
    if let signal = error?["signal"]?.int64Value { lines.append("its process was ended by signal \(signal)") }
    if let status = error?["exit_status"]?.int64Value { lines.append("its process ended with status \(status)") }
    if let attempts = task["attempts"]?.int64Value, attempts > 1 { lines.append("after \(attempts) attempts") }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }
}
