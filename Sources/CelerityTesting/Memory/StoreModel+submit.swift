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
  /// id taken, is the unique key held, is the queue full.
  mutating func submit(_ submission: Submission, at moment: Moment) -> SubmitResult {
    let message = submission.message
    if let slot = slots[message.key], rows[slot].record.isPromise(of: message) {
      return keepPromise(submission, slot, at: moment)
    }
    if let answer = repeated(submission, at: moment) {
      if case .existing(_, let cause) = answer { counters.duplicateSubmissions[cause, default: 0] += 1 }
      return answer
    }
    if let failure = submission.failure { return fail(submission, with: failure, at: moment) }
    let holder = submission.unique.flatMap { uniqueHolder($0, for: message) }
    if let holder, !holder.givesWay {
      counters.duplicateSubmissions[.uniqueKey, default: 0] += 1
      remember(submission, as: holder.id, at: moment)
      return .existing(holder.id, cause: .uniqueKey)
    }
    if let full = fullness(submission, replacing: holder?.slot) { return full }
    if let unique = submission.unique {
      uniqueHolders[ScopedName(unique.key, tenant: message.tenant)] = message.key
    }
    remember(submission, as: message.id, at: moment)
    for group in submission.groups { declare(group, tenant: message.tenant) }
    let record = insert(TaskRecord(accepting: message, at: moment.now), unique: submission.unique, at: moment)
    // Who held the key gives way behind this one, because what follows its end may have the same id. A waiting task can
    // always be revoked.
    if let holder { try? apply(.cancelRequested(reason: .replaced), to: holder.slot, at: moment) }
    return .accepted(message.id, seq: record.seq)
  }

  /// Takes over a message that never runs.
  private mutating func fail(
    _ submission: Submission, with failure: TaskFailure, at moment: Moment
  ) -> SubmitResult {
    let message = submission.message
    remember(submission, as: message.id, at: moment)
    for group in submission.groups { declare(group, tenant: message.tenant) }
    let record = insert(TaskRecord(failing: message, with: failure, at: moment.now), at: moment)
    return .accepted(message.id, seq: record.seq)
  }

  /// Takes over what a record was promised, or the failure that stands for it.
  private mutating func keepPromise(_ submission: Submission, _ slot: Int, at moment: Moment) -> SubmitResult {
    for group in submission.groups { declare(group, tenant: submission.message.tenant) }
    // A promise takes either event.
    try? apply(submission.promiseEvent, to: slot, at: moment)
    return .accepted(submission.message.id, seq: rows[slot].record.seq)
  }

  private func repeated(_ submission: Submission, at moment: Moment) -> SubmitResult? {
    let message = submission.message
    if let key = submission.idempotency,
      let entry = idempotency.value(ScopedName(key.key, tenant: message.tenant), at: moment.storeTime),
      records([TaskKey(entry.id, tenant: message.tenant)], at: moment) != [.unknown]
    {
      guard key.stands(for: entry.fingerprint) else {
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

  /// A task that holds a unique key.
  private struct Holder {
    var slot: Int
    var id: TaskID
    /// Whether the new one takes its place.
    var givesWay: Bool
  }

  private func uniqueHolder(_ unique: UniqueKey, for message: TaskMessage) -> Holder? {
    guard let key = uniqueHolders[ScopedName(unique.key, tenant: message.tenant)], let slot = slots[key] else {
      return nil
    }
    let phase = rows[slot].record.phase
    let isWaiting = phase == .delayed || phase == .ready
    return Holder(slot: slot, id: key.id, givesWay: unique.conflict == .replaceWaiting && isWaiting)
  }

  /// The answer to a submission whose queue is as deep as it allows, without the waiting task that it replaces.
  private func fullness(_ submission: Submission, replacing slot: Int?) -> SubmitResult? {
    guard let limit = submission.depthLimit else { return nil }
    let queue = submission.message.queueKey
    let waiting = queueStates[queue].map { $0.ready.count + $0.delayed.count } ?? 0
    let depth = waiting - (slot.map { rows[$0].record.message.queueKey == queue } == true ? 1 : 0)
    return depth >= limit ? .queueFull(depth: depth, limit: limit) : nil
  }
}
