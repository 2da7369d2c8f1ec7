import CelerityCore

/// Reasons of tasks that have not started.
extension TaskExplanation {
  /// It waits for a time.
  static func delayed(_ record: TaskRecord, _ around: Surroundings, _ now: Timestamp) -> [Reason] {
    let due = record.due ?? now
    guard due > now else {
      return [
        Reason(
          "due", "its time has come and it is about to become ready",
          hint: "if this lasts, no scheduler runs: it readies what is due")
      ] + obstacles(record, around)
    }
    let moment = "\(due.rfc3339), in \(words(due - now))"
    guard record.state == .retry else {
      return [Reason("delayed", "it is not to start before \(moment)")] + obstacles(record, around)
    }
    let failure = record.failure.map { ": \($0.type): \(short($0.message))" } ?? ""
    return [
      Reason(
        "retry-scheduled", "attempt \(record.attempts) failed and is tried again at \(moment)\(failure)",
        hint: record.message.extras.maxRetries.map { "retry \(record.message.retries) of at most \($0)" })
    ] + obstacles(record, around)
  }

  /// It could start.
  static func waiting(_ record: TaskRecord, _ around: Surroundings) -> [Reason] {
    // The first in a queue that nobody takes from is not the next one.
    let hasNoNext = around.workers.isEmpty && around.position == 0
    return obstacles(record, around) + (hasNoNext ? [] : [position(record, around)])
  }

  private static func position(_ record: TaskRecord, _ around: Surroundings) -> Reason {
    let queue = record.message.queue
    guard let position = around.position else {
      return Reason("queued", "\(around.queue?.ready ?? 0) tasks are ready in queue '\(queue)', this one among them")
    }
    if position == 0 { return Reason("next", "it is the next one in queue '\(queue)'") }
    let tasks = position == 1 ? "1 task is" : "\(position) tasks are"
    return Reason("queued", "\(tasks) ready before it in queue '\(queue)'")
  }

  /// What keeps workers from taking it.
  private static func obstacles(_ record: TaskRecord, _ around: Surroundings) -> [Reason] {
    let queue = record.message.queue
    var reasons: [Reason] = []
    if around.queue?.isPaused == true {
      let path = "/v1/queues/" + queue.percentEncoded
      reasons.append(Reason("queue-paused", "its queue '\(queue)' is paused", hint: "POST \(path):resume"))
    }
    let active = around.workers.filter { !$0.isDraining }
    if around.workers.isEmpty {
      reasons.append(
        Reason(
          "no-worker", "no worker takes from queue '\(queue)'",
          hint: "add it to worker.queues of a worker, or POST /v1/queues/\(queue.percentEncoded):move"))
    } else if active.isEmpty {
      let names = around.workers.map(\.name).joined(separator: ", ")
      reasons.append(
        Reason(
          "workers-quiet", "every worker of queue '\(queue)' is quiet: \(names)",
          hint: "POST /v1/workers/{name}:resume, or start another one"))
    } else if !active.contains(where: { $0.tasks.isEmpty || $0.tasks.contains(record.message.task) }) {
      reasons.append(
        Reason(
          "task-not-on-workers", "no worker of queue '\(queue)' has code for '\(record.message.task)'",
          hint: "whoever takes it will reject it; deploy the code first, or pause the queue"))
    } else if active.allSatisfy({ $0.running >= $0.concurrency }) {
      let slots = active.reduce(0) { $0 + $1.concurrency }
      reasons.append(
        Reason("workers-busy", "all \(slots) slots of the workers of queue '\(queue)' were busy when they last told"))
    }
    return reasons
  }

  /// The beginning of a message.
  static func short(_ message: String) -> String {
    let line = message.prefix { !$0.isNewline }
    return line.count > 200 ? line.prefix(200) + "…" : String(line)
  }
}
