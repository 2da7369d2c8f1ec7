import CelerityCore
import CelerityJSON
import NIOCore
import RESPClient

extension Draft {
  /// The answer to a settlement.
  struct Settled {
    var result: SettleResult
    /// Whether it is of a change that was made before, whose number is the store's already.
    var isRepeated = false

    /// With the number that the store has given instead of the draft's.
    func counted(from base: ChangeNumber) -> SettleResult { isRepeated ? result : result.counted(from: base) }
  }

  /// Ends an attempt, with everything that becomes true together with it.
  ///
  /// - Parameter isOpen: whether who asks has had no answer yet: then what was settled under its token was this very
  ///   settlement, and the answer was lost.
  mutating func settle(_ settlement: Settlement, isOpen: Bool) throws(DraftError) -> Settled {
    let key = settlement.key
    guard var row = try looking({ draft throws(Missing) in try draft.row(key) }) else {
      return Settled(result: .unknown)
    }
    // Not by a settlement before it in the same batch.
    if isOpen, (original.tasks[key] ?? nil)?.settled == settlement.token {
      return Settled(result: .committed(row.record.state, seq: row.record.seq), isRepeated: true)
    }
    guard row.record.phase == .leased, row.record.lease?.token == settlement.token else {
      count("stale_settlements")
      return Settled(result: .stale)
    }
    row.settled = settlement.token
    for step in settlement.steps { keep(step, of: row.record) }
    let number = changes + 1
    let sent = (settlement.sent + settlement.followUps.map(\.message.id)).map { ResultNode(id: $0.text).tuple }
    if !sent.isEmpty { children[key] = .array(sent) }
    try apply(event(of: settlement), to: &row, aged: settlement.retentionHeadStart)
    if row.record.phase == .promised {
      try send(settlement.replacement?.first ?? [], before: key)
      row = try looking { draft throws(Missing) in try draft.row(key) } ?? row
    }
    for var followUp in settlement.followUps {
      followUp.depthLimit = nil
      _ = try submit(followUp)
    }
    return Settled(result: .committed(row.record.state, seq: ChangeNumber(number)))
  }

  private func event(of settlement: Settlement) -> TaskEvent {
    guard let replacement = settlement.replacement else { return .settled(settlement.outcome, token: settlement.token) }
    if replacement.first.isEmpty, !isUsable(replacement.message.queueKey) {
      return .settled(.failure(.unusableQueue(replacement.message.queue)), token: settlement.token)
    }
    return replacement.event(token: settlement.token)
  }

  /// Submits what leads to what was promised.
  private mutating func send(_ first: [Submission], before key: TaskKey) throws(DraftError) {
    for var submission in first {
      submission.depthLimit = nil
      guard let obstacle = Replacement.obstacle(try submit(submission)),
        // What came before may have kept the promise already.
        var row = try looking({ draft throws(Missing) in try draft.row(key) }), row.record.phase == .promised
      else { continue }
      try apply(.broken(row.record.message, obstacle), to: &row)
    }
  }

  /// Stores a step; the first value of a name stays.
  mutating func keep(_ step: StepResult, of record: TaskRecord) {
    perform(
      "HSETNX", .text(keys.steps(record.key, generation: record.generation)), .text(step.name),
      .bytes(ByteBuffer(bytes: step.value.bytes)))
  }

  /// Asks a task to end.
  mutating func cancel(_ request: CancelRequest) throws(DraftError) -> CancelResult {
    guard var row = try looking({ draft throws(Missing) in try draft.row(request.key) }) else { return .unknown }
    if row.record.phase == .finished { return .alreadyFinished(row.record.state) }
    try apply(.cancelRequested(reason: request.reason), to: &row)
    return row.record.phase == .finished ? .revoked : .requested
  }

  /// Notes progress; answers whether the lease holds.
  mutating func report(_ report: ProgressReport) throws(DraftError) -> Bool {
    guard var row = try leased(report.key, token: report.token) else { return false }
    try apply(.progressed(report.value, token: report.token), to: &row)
    return true
  }

  /// Stores a step of a running attempt; answers whether the lease holds.
  mutating func save(_ step: StepResult, for key: TaskKey, token: Int64) throws(DraftError) -> Bool {
    guard let row = try leased(key, token: token) else { return false }
    keep(step, of: row.record)
    return true
  }

  /// The row of a lease that still holds; counts a report that comes too late.
  private mutating func leased(_ key: TaskKey, token: Int64) throws(DraftError) -> TaskRow? {
    let row = try looking { draft throws(Missing) in try draft.row(key) }
    if let row, row.record.phase == .leased, row.record.lease?.token == token { return row }
    count("stale_reports")
    return nil
  }

  /// Takes a lease back.
  mutating func lose(_ key: TaskKey, token: Int64, _ cause: LeaseLoss) throws(DraftError) -> TaskRecord? {
    guard var row = try looking({ draft throws(Missing) in try draft.row(key) }), row.record.phase == .leased,
      row.record.lease?.token == token
    else { return nil }
    try apply(.leaseLost(cause), to: &row)
    count("lost:\(cause.rawValue)")
    return row.record
  }

  /// Runs an ended task again.
  mutating func redrive(_ key: TaskKey) throws(DraftError) -> ControlResult {
    guard var row = try looking({ draft throws(Missing) in try draft.row(key) }) else { return .unknown }
    do {
      try apply(.redriven, to: &row)
    } catch {
      guard case .refused = error else { throw error }
      return .refused(row.record.state)
    }
    return .done(affected: 1)
  }

  /// Forgets an ended task.
  mutating func discard(_ key: TaskKey) throws(DraftError) -> ControlResult {
    guard let row = try looking({ draft throws(Missing) in try draft.row(key) }) else { return .unknown }
    guard row.record.phase == .finished else { return .refused(row.record.state) }
    forget(row, tombstone: .zero)
    return .done(affected: 1)
  }
}
