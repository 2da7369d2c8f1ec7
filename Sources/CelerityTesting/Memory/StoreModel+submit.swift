public import CelerityCore

/// A request that was answered before.
struct IdempotencyEntry: Sendable {
  var fingerprint: [UInt8]
  var id: TaskID
}

extension StoreModel {
  /// `Engine.submit`.
  public mutating func submit(_ submissions: [Submission], at moment: Moment) -> [SubmitResult] {
    submissions.map { submit($0, at: moment) }
  }

  /// Takes over one message, or says which task stands for it. Asked in this order: was the request made before, is the
  /// id taken, is the unique key held.
  mutating func submit(_ submission: Submission, at moment: Moment) -> SubmitResult {
    let message = submission.message
    if let answer = repeated(submission, at: moment) {
      if case .existing(_, let cause) = answer { counters.duplicateSubmissions[cause, default: 0] += 1 }
      return answer
    }
    if let unique = submission.unique, let holder = takeUniqueKey(unique, for: message, at: moment) {
      counters.duplicateSubmissions[.uniqueKey, default: 0] += 1
      remember(submission, as: holder, at: moment)
      return .existing(holder, cause: .uniqueKey)
    }
    remember(submission, as: message.id, at: moment)
    if let group = submission.group { declare(group, tenant: message.tenant) }
    let record = insert(TaskRecord(accepting: message, at: moment.now), unique: submission.unique, at: moment)
    return .accepted(message.id, seq: record.seq)
  }

  private func repeated(_ submission: Submission, at moment: Moment) -> SubmitResult? {
    let message = submission.message
    if let key = submission.idempotency,
      let entry = idempotency.value(ScopedName(key.key, tenant: message.tenant), at: moment.storeTime)
    {
      guard entry.fingerprint == key.fingerprint else {
        return .conflict(EngineError(.conflict, "the idempotency key was used for another request"))
      }
      return .existing(entry.id, cause: .idempotencyKey)
    }
    guard let slot = slots[message.key] else { return nil }
    guard rows[slot].record.message.asksForSameWork(as: message) else {
      return .conflict(EngineError(.conflict, "the id \(message.id) belongs to another task"))
    }
    return .existing(message.id, cause: .sameID)
  }

  private mutating func remember(_ submission: Submission, as id: TaskID, at moment: Moment) {
    guard let key = submission.idempotency else { return }
    idempotency.set(
      ScopedName(key.key, tenant: submission.message.tenant), IdempotencyEntry(fingerprint: key.fingerprint, id: id),
      until: moment.storeTime + key.retention)
  }

  /// Takes a unique key for a message; answers its holder when it stays with that.
  private mutating func takeUniqueKey(_ unique: UniqueKey, for message: TaskMessage, at moment: Moment) -> TaskID? {
    let name = ScopedName(unique.key, tenant: message.tenant)
    if let holder = uniqueHolders[name], let slot = slots[holder] {
      let phase = rows[slot].record.phase
      guard unique.conflict == .replaceWaiting, phase == .delayed || phase == .ready else { return holder.id }
      // A waiting task can always be revoked.
      try? apply(.cancelRequested(reason: .replaced), to: slot, at: moment)
    }
    uniqueHolders[name] = message.key
    return nil
  }
}
