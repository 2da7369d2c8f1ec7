import CelerityCore
import CelerityTasks

/// What an attempt says of itself: each entry is made once, sent to the platform's telemetry at once, without being waited
/// for, and given back to be stored.
struct IterationLog: Sendable {
  /// The task's steps in order.
  static let steps = ["store_content", "analyse", "raise_alerts"]

  private let row: MessageRow
  private let context: TaskContext
  private let began: Duration
  private let queueWait: Double
  private var iteration = 0
  private(set) var stepsDone = 0

  /// The log of an attempt that began at an uptime.
  init(row: MessageRow, context: TaskContext, began: Duration) {
    self.row = row
    self.context = context
    self.began = began
    queueWait = max(0, (context.resources.time.now - row.received).inSeconds)
  }

  /// Notes something.
  mutating func add(
    _ event: LogEntry.Event, _ message: String, step: String? = nil, took: Duration? = nil, level: String = "info"
  ) -> LogEntry {
    iteration += 1
    if event == .step { stepsDone += 1 }
    let moment = context.resources.time.now
    let words = step == nil ? message : "step \(stepsDone) of \(Self.steps.count): \(message)"
    let entry = LogEntry(
      taskID: row.taskID, messageID: row.messageID, userID: row.userID, event: event, step: step, iteration: iteration,
      steps: Self.steps.count, worker: context.worker, attempt: context.attempt, time: moment.rfc3339,
      durationSeconds: took?.inSeconds, level: level, message: words)
    context.log(words, level: level)
    context.resources.telemetry.record(Self.point(entry, moment))
    return entry
  }

  /// Notes the end of the attempt.
  mutating func end(_ event: LogEntry.Event, _ message: String) -> LogEntry {
    let level = event == .finished ? "info" : event == .retry ? "warning" : "error"
    return add(event, message, took: context.resources.time.uptime - began, level: level)
  }

  /// Sends the attempt's figures.
  func report(_ status: StatusHistory.Status, _ row: MessageRow) {
    let time = context.resources.time
    var fields: [String: TelemetryPoint.Value] = [
      "queue_wait_seconds": .number(queueWait), "run_seconds": .number((time.uptime - began).inSeconds),
      "attempts": .integer(Int64(context.attempt)), "characters": .integer(Int64(row.size.characters)),
      "bytes": .integer(Int64(row.size.bytes)), "tasks": .integer(1),
    ]
    if let memory = ProcessMemory.peakBytes { fields["peak_memory_bytes"] = .integer(memory) }
    context.resources.telemetry.record(
      TelemetryPoint(
        "task_performance",
        tags: [
          "service": MessagesService.name, "task": AnalyzeMessage.name, "worker": context.worker,
          "status": status.rawValue,
        ], fields: fields, time: time.now))
  }

  /// The point of an entry. The task's id is a field, as in the platform's own points of this measurement: a query for it
  /// works, if by reading through the time that is asked for, while a tag would make a series of each task, of which InfluxDB
  /// takes 100,000 (`max-values-per-tag`) and refuses all points after.
  private static func point(_ entry: LogEntry, _ moment: Timestamp) -> TelemetryPoint {
    var tags = [
      "service": MessagesService.name, "task": AnalyzeMessage.name, "worker": entry.worker,
      "event": entry.event.rawValue, "level": entry.level,
    ]
    if let step = entry.step { tags["step"] = step }
    var fields: [String: TelemetryPoint.Value] = [
      "iteration": .integer(Int64(entry.iteration)), "steps": .integer(Int64(entry.steps)),
      "attempt": .integer(Int64(entry.attempt)), "message": .text(entry.message), "message_id": .text(entry.messageID),
      "task_id": .text(entry.taskID),
    ]
    if let duration = entry.durationSeconds { fields["duration_seconds"] = .number(duration) }
    return TelemetryPoint("task_iteration", tags: tags, fields: fields, time: moment)
  }
}
