import CelerityCore
import CelerityJSON

extension WriteTransaction {
  /// Takes over one message, or says which task stands for it.
  func submit(_ submission: Submission) throws -> SubmitResult {
    let message = submission.message
    if let kept = try keepPromise(submission) { return kept }
    if let existing = try existing(submission) {
      if case .existing(_, let cause) = existing { state.counters.duplicateSubmissions[cause, default: 0] += 1 }
      return existing
    }
    if let failure = submission.failure { return try fail(submission, with: failure) }
    let holder = try submission.unique.flatMap { try self.holder(of: $0, for: message) }
    if let holder, !holder.givesWay {
      state.counters.duplicateSubmissions[.uniqueKey, default: 0] += 1
      try remember(submission.idempotency, for: message, id: holder.id)
      return .existing(holder.id, cause: .uniqueKey)
    }
    if let full = fullness(submission, replacing: holder?.task) { return full }
    if let unique = submission.unique { try take(unique, for: message) }
    try remember(submission.idempotency, for: message, id: message.id)
    for group in submission.groups { try declare(group, tenant: message.tenant) }
    let record = try insert(TaskRecord(accepting: message, at: now), unique: submission.unique)
    // Who held the key gives way behind this one, because what follows its end may have the same id.
    if var held = holder?.task { try apply(.cancelRequested(reason: .replaced), to: &held) }
    return .accepted(message.id, seq: record.seq)
  }

  /// Takes over what a record was promised, or the failure that stands for it; `nil` where nothing was promised.
  private func keepPromise(_ submission: Submission) throws -> SubmitResult? {
    // Most submissions replace nothing, and need no look.
    guard submission.message.extras.replacedTaskNesting ?? 0 > 0, var task = try task(submission.message.key),
      task.record.isPromise(of: submission.message)
    else { return nil }
    for group in submission.groups { try declare(group, tenant: submission.message.tenant) }
    try rewrite(submission.promiseEvent, &task)
    return .accepted(submission.message.id, seq: task.record.seq)
  }

  /// Takes over a message that never runs.
  private func fail(_ submission: Submission, with failure: TaskFailure) throws -> SubmitResult {
    let message = submission.message
    try remember(submission.idempotency, for: message, id: message.id)
    for group in submission.groups { try declare(group, tenant: message.tenant) }
    let record = try insert(TaskRecord(failing: message, with: failure, at: now))
    try follow(record)
    return .accepted(message.id, seq: record.seq)
  }

  /// The task that an idempotency key or the id itself already names.
  private func existing(_ submission: Submission) throws -> SubmitResult? {
    let message = submission.message
    if let key = submission.idempotency {
      let found = try db.first(
        "SELECT tenant, key, fingerprint, id, until, seal FROM idempotency WHERE tenant = ? AND key = ? AND until > ?",
        [.text(message.tenant.name), .text(key.key), .integer(storeTime.microseconds)]
      ) { row in
        try row.checkSeal(6)
        return (row.blob(2), TaskID(stored: row.text(3)))
      }
      if let (fingerprint, id) = found, try isKnown(TaskKey(id, tenant: message.tenant)) {
        guard key.stands(for: fingerprint) else {
          return .conflict(EngineError(.conflict, "the idempotency key was used for another request"))
        }
        return .existing(id, cause: .idempotencyKey)
      }
    }
    guard let stored = try task(message.key)?.record.message else { return nil }
    guard stored.asksForSameWork(as: message) else {
      return .conflict(EngineError(.conflict, "the id \(message.id) belongs to another task"))
    }
    return .existing(message.id, cause: .sameID)
  }

  /// Whether a task is there, or was until its retention was over.
  private func isKnown(_ key: TaskKey) throws -> Bool {
    let values: [SQLValue] = [.text(key.tenant.name), .text(key.id.text)]
    if try db.first("SELECT 1 FROM task WHERE tenant = ? AND id = ?", values, { _ in true }) ?? false { return true }
    guard state.hasTombstones else { return false }
    return try db.first(
      "SELECT 1 FROM tombstone WHERE tenant = ? AND id = ? AND until > ?", values + [.integer(storeTime.microseconds)]
    ) { _ in true } ?? false
  }

  private func remember(_ key: IdempotencyKey?, for message: TaskMessage, id: TaskID) throws {
    guard let key else { return }
    try db.seal(
      "INSERT OR REPLACE INTO idempotency (tenant, key, fingerprint, id, until, seal) VALUES (?, ?, ?, ?, ?, ?)",
      [
        .text(message.tenant.name), .text(key.key), .blob(key.fingerprint), .text(id.text),
        .integer((storeTime + key.retention).microseconds),
      ])
  }

  /// Who holds a unique key.
  private struct Holder {
    var id: TaskID
    /// The waiting task whose place the new one takes.
    var task: StoredTask?

    var givesWay: Bool { task != nil }
  }

  private func holder(of unique: UniqueKey, for message: TaskMessage) throws -> Holder? {
    let id = try db.first(
      "SELECT tenant, key, id, seal FROM unique_key WHERE tenant = ? AND key = ?",
      [.text(message.tenant.name), .text(unique.key)]
    ) { row in
      try row.checkSeal(4)
      return TaskID(stored: row.text(2))
    }
    guard let id else { return nil }
    guard unique.conflict == .replaceWaiting, let held = try task(TaskKey(id, tenant: message.tenant)),
      held.record.phase.isWaiting
    else { return Holder(id: id) }
    return Holder(id: id, task: held)
  }

  /// Takes a unique key for a message, whoever holds it.
  private func take(_ unique: UniqueKey, for message: TaskMessage) throws {
    try db.seal(
      "INSERT OR REPLACE INTO unique_key (tenant, key, id, seal) VALUES (?, ?, ?, ?)",
      [.text(message.tenant.name), .text(unique.key), .text(message.id.text)])
  }

  /// The answer to a submission whose queue is as deep as it allows, without the waiting task that it replaces.
  private func fullness(_ submission: Submission, replacing held: StoredTask?) -> SubmitResult? {
    guard let limit = submission.depthLimit else { return nil }
    let queue = submission.message.queueKey
    let depth = state.ledger.depth(queue) - (held?.record.message.queueKey == queue ? 1 : 0)
    return depth >= limit ? .queueFull(depth: depth, limit: limit) : nil
  }
}

extension TaskPhase {
  var isWaiting: Bool { self == .delayed || self == .ready }
}
