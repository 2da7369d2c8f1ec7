import CelerityCore

extension Draft {
  /// Takes over messages, or says which tasks stand for them.
  mutating func submit(_ submissions: [Submission]) throws(DraftError) -> [SubmitResult] {
    var results: [SubmitResult] = []
    results.reserveCapacity(submissions.count)
    for submission in submissions {
      if let refusal = refusal(of: submission) {
        results.append(refusal)
      } else {
        results.append(try submit(submission))
      }
    }
    return results
  }

  /// The answer to a submission that can't wait where it should; of what a store sends itself, that becomes a failure.
  private func refusal(of submission: Submission) -> SubmitResult? {
    let queue = submission.message.queueKey
    guard submission.failure == nil, !isUsable(queue) else { return nil }
    return .conflict(
      EngineError(
        .invalid, "no queue can have the name '\(queue.name)' on Redis: the key is taken by something else",
        hint: "give the queue another name"))
  }

  /// Takes over one message, or says which task stands for it. Asked in this order: was the request made before, is the
  /// id taken, is the unique key held, is the queue full.
  mutating func submit(_ submission: Submission) throws(DraftError) -> SubmitResult {
    var submission = submission
    let message = submission.message
    if submission.failure == nil, !isUsable(message.queueKey) {
      submission.failure = .unusableQueue(message.queue)
    }
    if let kept = try keepPromise(submission) { return kept }
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

  /// Takes over what a record was promised, or the failure that stands for it; `nil` where nothing was promised.
  private mutating func keepPromise(_ submission: Submission) throws(DraftError) -> SubmitResult? {
    let message = submission.message
    // Most submissions replace nothing, and need no look.
    guard message.extras.replacedTaskNesting ?? 0 > 0,
      var row = try looking({ draft throws(Missing) in try draft.row(message.key) }), row.record.isPromise(of: message)
    else { return nil }
    for group in submission.groups { try declare(group, tenant: message.tenant) }
    let number = changes + 1
    try apply(submission.promiseEvent, to: &row)
    return .accepted(message.id, seq: ChangeNumber(number))
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

extension TaskFailure {
  /// The failure of a task that can't wait where it should.
  static func unusableQueue(_ name: String) -> TaskFailure {
    TaskFailure(
      type: "InvalidQueue", module: "celerity",
      message: "no queue can have the name '\(name)' on Redis: the key is taken by something else")
  }
}
