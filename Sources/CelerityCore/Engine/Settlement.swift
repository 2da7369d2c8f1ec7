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
  /// How much earlier than other successes the record of a success is forgotten.
  public var retentionHeadStart = Duration.zero
  /// Other work that takes this one's place under its id. The outcome is then a release.
  public var replacement: Replacement?

  /// A settlement of a delivery.
  public init(
    _ delivery: Delivery, _ outcome: Outcome, followUps: [Submission] = [], steps: [StepResult] = [],
    replacement: Replacement? = nil
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

/// Other work in a task's place, under its id: Celery's `replace`.
///
/// A message alone waits in its queue at once, and the record ends when that ends (`TaskEvent.replaced`). Of a workflow the
/// message is what comes last in it: the record is promised (`TaskEvent.promised`), what comes `first` is submitted, and the
/// end of that submits the message, or the failure that it meets on the way. A store takes a submission under the id of a
/// promised record for what was promised if `TaskRecord.isPromise` says so, and answers `accepted`.
public struct Replacement: Sendable, Hashable {
  /// The message that the record goes on with.
  public var message: TaskMessage
  /// What is submitted in the same transaction, in this order, and leads to the message. If one of them can't be added, the
  /// promise is broken at once.
  public var first: [Submission]

  /// A message, and what comes before it.
  public init(_ message: TaskMessage, first: [Submission] = []) {
    self.message = message
    self.first = first
  }

  /// What happens to the record whose attempt it ends.
  public func event(token: Int64) -> TaskEvent {
    first.isEmpty ? .replaced(message, token: token) : .promised(message, token: token)
  }

  /// Why a promise can't be kept whose first part was answered so; `nil` when it can.
  public static func obstacle(_ answer: SubmitResult) -> TaskFailure? {
    switch answer {
    case .accepted: return nil
    case .existing(let id, _):
      return TaskFailure(
        type: "InvalidTaskError", module: "celery.exceptions",
        message: "a part of what took the task's place has the id \(id), which a task has already")
    case .conflict(let error):
      return TaskFailure(type: "InvalidTaskError", module: "celery.exceptions", message: error.message)
    case .queueFull(let depth, let limit):
      return TaskFailure(
        type: "InvalidTaskError", module: "celery.exceptions",
        message: "\(depth) tasks wait in the queue of what took the task's place, which takes no more at \(limit)")
    }
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
