import CelerityCore

/// One line of a task's log: one per iteration, that is, step of a task.
struct LogEntry: Codable, Sendable, Hashable {
  /// What the entry is about.
  enum Event: String, Codable, Sendable, Hashable, CaseIterable {
    case received, started, step, retry, finished, failed
  }

  var taskID: String
  var messageID: String
  var userID: String?
  var event: Event
  /// Name of the step.
  var step: String?
  /// The entry's place among those of its attempt, from 1.
  var iteration: Int
  /// How many steps the task has.
  var steps: Int
  var worker: String
  var attempt: Int
  /// RFC 3339.
  var time: String
  /// Of the step; of the attempt when it ends.
  var durationSeconds: Double?
  var level: String
  /// What happened, in words. Holds no text of the message.
  var message: String

  enum CodingKeys: String, CodingKey {
    case taskID = "task_id"
    case messageID = "message_id"
    case userID = "user_id"
    case event, step, iteration, steps, worker, attempt, time
    case durationSeconds = "duration_seconds"
    case level, message
  }
}

extension LogEntry {
  /// The names it is stored under: it is found by its task in order, by its user and among all the newest first.
  var names: [String] {
    let place = NamePart.number(attempt, digits: 6) + "." + NamePart.number(iteration, digits: 3)
    // The later of two entries of one microsecond is the newer one.
    let turned =
      NamePart.number(999_999 - min(attempt, 999_999), digits: 6) + "."
      + NamePart.number(999 - min(iteration, 999), digits: 3)
    let newest = "\(NamePart.newestFirst(Timestamp(time) ?? Timestamp(seconds: 0)))-\(taskID)-\(turned)"
    let own = ["task/\(taskID)/\(place)", "all/\(newest)"]
    return own + (userID.map { ["user/\(NamePart.user($0))/\(newest)"] } ?? [])
  }
}

extension Shelf {
  /// The writes of a log entry. Writing it again changes nothing.
  func log(_ entry: LogEntry) throws(EngineError) -> [DocumentWrite] {
    var writes: [DocumentWrite] = []
    for name in entry.names { writes.append(try put(.log, name, entry)) }
    return writes
  }
}
