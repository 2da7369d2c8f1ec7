import CelerityCore
import CelerityJSON

extension WriteTransaction {
  /// Takes over one message, or says which task stands for it.
  func submit(_ submission: Submission) throws -> SubmitResult {
    let message = submission.message
    if let existing = try existing(submission) {
      if case .existing(_, let cause) = existing { state.counters.duplicateSubmissions[cause, default: 0] += 1 }
      return existing
    }
    if let unique = submission.unique, let holder = try takeUnique(unique, for: message) {
      state.counters.duplicateSubmissions[.uniqueKey, default: 0] += 1
      try remember(submission.idempotency, for: message, id: holder)
      return .existing(holder, cause: .uniqueKey)
    }
    try remember(submission.idempotency, for: message, id: message.id)
    if let group = submission.group { try declare(group, tenant: message.tenant) }
    let record = try insert(TaskRecord(accepting: message, at: now), unique: submission.unique)
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
      if let (fingerprint, id) = found {
        guard fingerprint == key.fingerprint else {
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

  private func remember(_ key: IdempotencyKey?, for message: TaskMessage, id: TaskID) throws {
    guard let key else { return }
    try db.seal(
      "INSERT OR REPLACE INTO idempotency (tenant, key, fingerprint, id, until, seal) VALUES (?, ?, ?, ?, ?, ?)",
      [
        .text(message.tenant.name), .text(key.key), .blob(key.fingerprint), .text(id.text),
        .integer((storeTime + key.retention).microseconds),
      ])
  }

  /// Takes a unique key for a message; answers its holder when it stays with that.
  private func takeUnique(_ unique: UniqueKey, for message: TaskMessage) throws -> TaskID? {
    let holder = try db.first(
      "SELECT tenant, key, id, seal FROM unique_key WHERE tenant = ? AND key = ?",
      [.text(message.tenant.name), .text(unique.key)]
    ) { row in
      try row.checkSeal(4)
      return TaskID(stored: row.text(2))
    }
    if let holder {
      guard unique.conflict == .replaceWaiting,
        var held = try task(TaskKey(holder, tenant: message.tenant)), held.record.phase.isWaiting
      else { return holder }
      try apply(.cancelRequested(reason: .replaced), to: &held)
    }
    try db.seal(
      "INSERT OR REPLACE INTO unique_key (tenant, key, id, seal) VALUES (?, ?, ?, ?)",
      [.text(message.tenant.name), .text(unique.key), .text(message.id.text)])
    return nil
  }
}

extension TaskPhase {
  var isWaiting: Bool { self == .delayed || self == .ready }
}
