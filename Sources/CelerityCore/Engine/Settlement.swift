public import CelerityJSON

/// The end of an attempt and everything that must become true together with it.
public struct Settlement: Sendable, Hashable {
  public var key: TaskKey
  /// The lease's fencing number.
  public var token: Int64
  public var outcome: Outcome
  /// Messages sent in the same transaction: what the code submitted "with the result". What follows the end of the task by its
  /// own message (links, the next of a chain) is the store's to send, see `Continuation`.
  public var followUps: [Submission]
  /// Results of steps that were not stored before.
  public var steps: [StepResult]
  /// Tasks that the running code had sent before it ended: with the follow-ups, Celery's `children` of the task.
  public var sent: [TaskID] = []
  /// Other work that takes this one's place under its id: the record goes on with this message, waits in its queue, and ends
  /// when that ends (`TaskEvent.replaced`). The outcome is then a release.
  public var replacement: TaskMessage?

  /// A settlement of a delivery.
  public init(
    _ delivery: Delivery, _ outcome: Outcome, followUps: [Submission] = [], steps: [StepResult] = [],
    replacement: TaskMessage? = nil
  ) {
    self.init(key: delivery.key, token: delivery.lease.token, outcome, followUps: followUps, steps: steps)
    self.replacement = replacement
  }

  /// A settlement under a lease's token.
  public init(
    key: TaskKey, token: Int64, _ outcome: Outcome, followUps: [Submission] = [], steps: [StepResult] = []
  ) {
    self.key = key
    self.token = token
    self.outcome = outcome
    self.followUps = followUps
    self.steps = steps
  }
}

/// What became of a settlement.
public enum SettleResult: Sendable, Hashable {
  /// Stored and durable; the record's state is now this.
  case committed(TaskState, seq: ChangeNumber)
  /// Nothing was changed: the lease had been lost. Counted as a stale completion.
  case stale
  /// Nothing was changed: no such task.
  case unknown
}

/// The stored result of a named step of a task: done once per generation, whatever happens to the attempts.
public struct StepResult: Sendable, Hashable {
  public var name: String
  public var value: RawJSON

  /// The value of a step.
  public init(name: String, value: RawJSON) {
    self.name = name
    self.value = value
  }
}
