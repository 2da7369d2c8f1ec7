public import CelerityJSON

/// What can happen to a task. Every engine translates its verbs into these and applies them to records, so that states
/// mean the same everywhere.
public enum TaskEvent: Sendable, Hashable {
  /// Its eta has come, or it had none.
  case becameReady(rank: Int64)
  /// A worker fetched it.
  case leased(Lease, worker: String)
  /// The running code reported progress.
  case progressed(RawJSON, token: Int64)
  /// The attempt ended. A retry or release carries the time of the next attempt.
  case settled(Outcome, token: Int64)
  /// The attempt ended, and other work goes on under the task's id.
  case replaced(TaskMessage, token: Int64)
  /// The attempt ended, and a workflow does the work: what comes last in it will go on under the task's id with this
  /// message, or with what becomes of it.
  case promised(TaskMessage, token: Int64)
  /// What was promised is there and waits.
  case fulfilled(TaskMessage)
  /// What was promised can't come any more.
  case broken(TaskMessage, TaskFailure)
  /// The lease ended without a settlement.
  case leaseLost(LeaseLoss)
  /// Somebody wants it to end.
  case cancelRequested(reason: RevocationReason)
  /// Its expiry passed before it started.
  case expired
  /// It waits in another queue from now on.
  case moved(to: String)
  /// A dead letter is to run again under its own id.
  case redriven
}

/// Why an event was refused; the record is then unchanged.
public enum TransitionRefusal: Error, Sendable, Hashable {
  /// The settlement's token is not the record's: the lease was lost before.
  case stale(current: Int64?)
  /// The task has ended.
  case finished(TaskState)
  /// The event does not fit the phase.
  case notInPhase(TaskPhase)
}

/// Limits a lifecycle obeys.
public struct LifecyclePolicy: Sendable, Hashable {
  /// Deaths of the process after which a task is poison: it ends as FAILURE instead of being tried again.
  public var crashBudget: Int

  /// Two deaths make a task poison by default.
  public init(crashBudget: Int = 2) {
    self.crashBudget = crashBudget
  }
}

/// The state machine of one task: applies an event to a record or refuses it. No clock, no randomness, no I/O.
public struct TaskLifecycle: Sendable {
  public var policy: LifecyclePolicy

  /// A machine that obeys a policy.
  public init(policy: LifecyclePolicy = LifecyclePolicy()) {
    self.policy = policy
  }

  /// Applies an event at a time of the wall clock. The phase names where the record came from; anything else is refused.
  public func apply(_ event: TaskEvent, to record: inout TaskRecord, at now: Timestamp) throws(TransitionRefusal) {
    switch event {
    case .becameReady(let rank):
      try require(.delayed, record)
      record.phase = .ready
      record.rank = rank
      record.due = nil
    case .leased(let lease, let worker):
      try require(.ready, record)
      record.phase = .leased
      record.state = .started
      record.lease = lease
      record.worker = worker
      record.started = now
      record.attempts += 1
      record.progress = nil
    case .progressed(let value, let token):
      try requireLease(token, record)
      record.state = .progress
      record.progress = value
    case .settled(let outcome, let token):
      try requireLease(token, record)
      settle(outcome, &record, now)
    case .replaced(let message, let token):
      try requireLease(token, record)
      replace(by: message, &record, now)
    case .promised(let message, let token):
      try requireLease(token, record)
      replace(by: message, &record, now)
      if record.phase != .finished { stepAside(&record) }
    case .fulfilled(let message):
      try require(.promised, record)
      record.take(message)
      wait(&record, .pending, until: message.eta ?? now)
    case .broken(let message, let failure):
      try require(.promised, record)
      record.take(message)
      record.failure = failure
      finish(&record, .failure, now)
    case .leaseLost(let cause):
      try require(.leased, record)
      loseLease(cause, &record, now)
    case .cancelRequested(let reason):
      try cancel(reason, &record, now)
    case .expired:
      guard record.phase == .delayed || record.phase == .ready else { throw refusal(record) }
      finish(&record, .revoked, now, reason: RevocationReason.expired.rawValue)
    case .moved(let queue):
      guard record.phase == .delayed || record.phase == .ready else { throw refusal(record) }
      record.message.queue = queue
    case .redriven:
      try redrive(&record)
    }
  }

  private func refusal(_ record: TaskRecord) -> TransitionRefusal {
    record.phase == .finished ? .finished(record.state) : .notInPhase(record.phase)
  }

  private func require(_ phase: TaskPhase, _ record: TaskRecord) throws(TransitionRefusal) {
    if record.phase != phase { throw refusal(record) }
  }

  private func requireLease(_ token: Int64, _ record: TaskRecord) throws(TransitionRefusal) {
    guard record.phase == .leased, record.lease?.token == token else { throw .stale(current: record.lease?.token) }
  }

  private func settle(_ outcome: Outcome, _ record: inout TaskRecord, _ now: Timestamp) {
    switch outcome {
    case .success(let value):
      record.result = value
      finish(&record, .success, now)
    case .ignored:
      finish(&record, .success, now)
    case .failure(let failure):
      note(&record, now, "failed", failure.type)
      record.failure = failure
      finish(&record, .failure, now)
    case .rejected(let failure):
      record.failure = failure
      finish(&record, .failure, now, reason: "rejected")
    case .revoked(let reason):
      note(&record, now, "terminated", reason.rawValue)
      finish(&record, .revoked, now, reason: reason.rawValue)
    case .retry(let delay, let failure):
      note(&record, now, "retried", failure.type)
      record.failure = failure
      record.message.retries += 1
      if record.isCancelRequested {
        finish(&record, .revoked, now, reason: RevocationReason.terminated.rawValue)
      } else {
        wait(&record, .retry, until: now + delay)
      }
    case .released(let delay, let reason):
      note(&record, now, "released", reason.rawValue)
      record.attempts -= 1
      if record.isCancelRequested {
        finish(&record, .revoked, now, reason: RevocationReason.revoked.rawValue)
      } else {
        wait(&record, record.message.retries > 0 ? .retry : .pending, until: now + delay)
      }
    }
  }

  private func replace(by message: TaskMessage, _ record: inout TaskRecord, _ now: Timestamp) {
    // Somebody wants it to end: nothing takes its place.
    if record.isCancelRequested { return settle(.released(after: .zero, reason: .replaced), &record, now) }
    note(&record, now, "replaced", message.task)
    record.take(message)
    wait(&record, .pending, until: message.eta ?? now)
  }

  private func loseLease(_ cause: LeaseLoss, _ record: inout TaskRecord, _ now: Timestamp) {
    note(&record, now, cause.rawValue, nil)
    if cause == .processDied { record.crashes += 1 }
    if record.isCancelRequested {
      finish(&record, .revoked, now, reason: RevocationReason.terminated.rawValue)
    } else if record.crashes >= policy.crashBudget {
      record.failure = .workerLost("the process running this task died \(record.crashes) times")
      finish(&record, .failure, now, reason: "poison")
    } else {
      wait(&record, record.message.retries > 0 ? .retry : .pending, until: now)
    }
  }

  private func cancel(
    _ reason: RevocationReason, _ record: inout TaskRecord, _ now: Timestamp
  ) throws(TransitionRefusal) {
    switch record.phase {
    case .finished: throw .finished(record.state)
    case .leased: record.isCancelRequested = true
    case .delayed, .ready, .promised: finish(&record, .revoked, now, reason: reason.rawValue)
    }
  }

  private func redrive(_ record: inout TaskRecord) throws(TransitionRefusal) {
    guard record.phase == .finished else { throw .notInPhase(record.phase) }
    guard record.state != .success else { throw .finished(.success) }
    record.generation += 1
    record.crashes = 0
    record.message.retries = 0
    record.message.expires = nil  // its expiry made it a dead letter, or has no meaning for work asked for anew
    record.failure = nil
    record.result = nil
    record.reason = nil
    record.progress = nil
    record.finished = nil
    record.started = nil
    record.isCancelRequested = false
    record.state = .pending
    record.phase = .delayed
    record.due = nil
  }

  /// Back to waiting. The phase is `delayed` even when the time has come: becoming ready is an event of its own, in the
  /// same transaction, because only the store can rank.
  private func wait(_ record: inout TaskRecord, _ state: TaskState, until due: Timestamp) {
    record.state = state
    record.phase = .delayed
    record.due = due
    record.lease = nil
    record.progress = nil
  }

  /// Off every queue, until what was promised comes.
  private func stepAside(_ record: inout TaskRecord) {
    record.phase = .promised
    record.due = nil
    record.rank = 0
  }

  private func finish(_ record: inout TaskRecord, _ state: TaskState, _ now: Timestamp, reason: String? = nil) {
    record.state = state
    record.phase = .finished
    record.finished = now
    record.reason = reason
    record.lease = nil
    record.due = nil
    if state == .success { record.failure = nil }
  }

  private func note(_ record: inout TaskRecord, _ now: Timestamp, _ cause: String, _ detail: String?) {
    record.history.append(
      AttemptEnd(
        attempt: record.attempts, worker: record.worker, started: record.started?.microseconds,
        ended: now.microseconds, cause: cause, detail: detail))
    let surplus = record.history.count - TaskRecord.historyLimit
    if surplus > 0 { record.history.removeFirst(surplus) }
  }
}

extension TaskRecord {
  /// Goes on with another message under its own id.
  fileprivate mutating func take(_ message: TaskMessage) {
    let key = key
    self.message = message
    self.message.id = key.id
    self.message.tenant = key.tenant
  }
}
