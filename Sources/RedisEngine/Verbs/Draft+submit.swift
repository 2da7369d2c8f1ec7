import CelerityCore

extension Draft {
  /// Takes over messages, or says which tasks stand for them.
  mutating func submit(_ submissions: [Submission]) throws(DraftError) -> [SubmitResult] {
    var results: [SubmitResult] = []
    results.reserveCapacity(submissions.count)
    for submission in submissions { results.append(try submit(submission)) }
    return results
  }

  /// Takes over one message, or says which task stands for it. Asked in this order: was the request made before, is the
  /// id taken, is the unique key held, is the queue full.
  mutating func submit(_ submission: Submission) throws(DraftError) -> SubmitResult {
    let message = submission.message
    if let answer = try repeated(submission) {
      if case .existing(_, let cause) = answer { count("duplicate:\(cause.rawValue)") }
      return answer
    }
    if let failure = submission.failure {
      remember(submission, as: message.id)
      for group in submission.groups { try declare(group, tenant: message.tenant) }
      return try accept(TaskRecord(failing: message, with: failure, at: moment.now), nil)
    }
    let holder = try submission.unique.flatMap { unique throws(DraftError) in try self.holder(unique, for: message) }
    if let holder, !holder.givesWay {
      count("duplicate:\(DuplicateCause.uniqueKey.rawValue)")
      remember(submission, as: holder.row.record.message.id)
      return .existing(holder.row.record.message.id, cause: .uniqueKey)
    }
    if let full = try fullness(submission, replacing: holder?.row) { return full }
    if let unique = submission.unique { setUnique(ScopedName(unique.key, tenant: message.tenant), message.id) }
    remember(submission, as: message.id)
    for group in submission.groups { try declare(group, tenant: message.tenant) }
    let accepted = try accept(TaskRecord(accepting: message, at: moment.now), submission.unique)
    // Who held the key gives way behind this one, because what follows its end may have the same id.
    if var row = holder?.row { try apply(.cancelRequested(reason: .replaced), to: &row) }
    return accepted
  }

  private mutating func accept(_ record: TaskRecord, _ unique: UniqueKey?) throws(DraftError) -> SubmitResult {
    let number = changes + 1
    try insert(record, unique: unique)
    return .accepted(record.message.id, seq: ChangeNumber(number))
  }

  private mutating func repeated(_ submission: Submission) throws(DraftError) -> SubmitResult? {
    let message = submission.message
    if let key = submission.idempotency,
      let entry = try looking({ draft throws(Missing) in
        try draft.idempotencyEntry(ScopedName(key.key, tenant: message.tenant))
      }), try isKnown(TaskKey(entry.id, tenant: message.tenant))
    {
      guard key.stands(for: entry.fingerprint) else {
        return .conflict(EngineError(.conflict, "the idempotency key was used for another request"))
      }
      return .existing(entry.id, cause: .idempotencyKey)
    }
    guard let row = try looking({ draft throws(Missing) in try draft.row(message.key) }) else { return nil }
    guard row.record.message.asksForSameWork(as: message) else {
      return .conflict(EngineError(.conflict, "the id \(message.id) belongs to another task"))
    }
    return .existing(message.id, cause: .sameID)
  }

  /// Whether a task is there or remembered as gone.
  private mutating func isKnown(_ key: TaskKey) throws(DraftError) -> Bool {
    try looking { draft throws(Missing) in
      if try draft.row(key) != nil { return true }
      return try draft.isGone(key)
    }
  }

  private mutating func remember(_ submission: Submission, as id: TaskID) {
    guard let key = submission.idempotency else { return }
    remember(
      ScopedName(key.key, tenant: submission.message.tenant),
      IdempotencyEntry(fingerprint: key.fingerprint, id: id, until: moment.storeTime + key.retention),
      for: key.retention)
  }

  /// A task that holds a unique key.
  private struct Holder {
    var row: TaskRow
    /// Whether the new one takes its place.
    var givesWay: Bool
  }

  private mutating func holder(_ unique: UniqueKey, for message: TaskMessage) throws(DraftError) -> Holder? {
    try looking { draft throws(Missing) in
      guard let id = try draft.uniqueHolder(ScopedName(unique.key, tenant: message.tenant)),
        let row = try draft.row(TaskKey(id, tenant: message.tenant))
      else { return nil }
      return Holder(row: row, givesWay: unique.conflict == .replaceWaiting && row.record.isWaiting)
    }
  }

  /// The answer to a submission whose queue is as deep as it allows, without the waiting task that it replaces.
  private mutating func fullness(_ submission: Submission, replacing row: TaskRow?) throws(DraftError) -> SubmitResult?
  {
    guard let limit = submission.depthLimit else { return nil }
    let queue = submission.message.queueKey
    let replaced = row?.record.message.queueKey == queue ? 1 : 0
    let waiting = try looking { draft throws(Missing) in try draft.depth(of: queue, allowing: limit + replaced) }
    let depth = waiting - replaced
    return depth >= limit ? .queueFull(depth: depth, limit: limit) : nil
  }
}
