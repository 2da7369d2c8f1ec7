import CelerityCore
import CelerityTasks

/// What operators have set for kinds of tasks in this worker while it runs.
struct Overrides: Sendable {
  private struct Limits: Sendable {
    var hard: Duration?
    var soft: Duration?
  }

  private var limits: [String: Limits] = [:]
  private(set) var rates: [String: TaskRate] = [:]

  mutating func limitTime(of task: String, hard: Duration?, soft: Duration?) {
    limits[task] = Limits(hard: hard, soft: soft)
  }

  mutating func limitRate(of task: String, to rate: TaskRate?) { rates[task] = rate }

  /// A kind's options as they are now. The rate counts in this worker alone, as Celery's does.
  func options(of kind: TaskKind, worker: String) -> TaskOptions {
    var options = kind.options
    if let limits = limits[kind.name] { (options.timeLimit, options.softTimeLimit) = (limits.hard, limits.soft) }
    if let rate = rates[kind.name] { options.permits.append(rate.permit(named: "rate:\(worker):\(kind.name)")) }
    return options
  }
}
