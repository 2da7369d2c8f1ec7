public import CelerityJSON

/// The end of an attempt and everything that must become true together with it.
public struct Settlement: Sendable, Hashable {
  public var key: TaskKey
  /// The lease's fencing number.
  public var token: Int64
  public var outcome: Outcome
  /// Messages sent in the same transaction: links, the next of a chain, what the code submitted "with the result".
  public var followUps: [Submission]
  /// Results of steps that were not stored before.
  public var steps: [StepResult]

  /// A settlement of a delivery.
  public init(_ delivery: Delivery, _ outcome: Outcome, followUps: [Submission] = [], steps: [StepResult] = []) {
    self.init(key: delivery.key, token: delivery.lease.token, outcome, followUps: followUps, steps: steps)
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
