import CelerityCore
import CelerityJSON

extension WriteTransaction {
  /// Bounds the memory of a claim that asks for very many.
  private static let claimedAtOnce = 1000
  private static let firstReady = Query(
    """
    SELECT \(RecordRow.columns) FROM task INDEXED BY task_ready
    WHERE phase = 1 AND queue = ? AND tenant = ? ORDER BY rank, position LIMIT ?
    """)

  /// Leases the first tasks of these queues by rank; revokes on the way what has expired.
  func claim(_ request: FetchRequest) throws -> [Delivery] {
    let lease = Lease(token: 0, deadline: storeTime + request.lease)
    var deliveries: [Delivery] = []
    while deliveries.count < request.limit {
      let missing = min(Self.claimedAtOnce, request.limit - deliveries.count)
      let candidates = try candidates(state.ledger.fetchable(request.queues), missing)
      if candidates.isEmpty { break }
      for var task in candidates {
        if let expires = task.record.message.expires, expires <= now {
          try apply(.expired, to: &task)
          continue
        }
        try apply(.leased(lease, worker: request.worker), to: &task)
        if let delivery = Delivery(task.record) { deliveries.append(delivery) }
      }
    }
    return deliveries
  }

  /// The first ready tasks of several queues: each queue is one index range, already in order.
  private func candidates(_ queues: [QueueKey], _ limit: Int) throws -> [StoredTask] {
    var found: [StoredTask] = []
    for queue in queues {
      found += try statements.rows(Self.firstReady) { binder in
        binder.add(queue.name)
        binder.add(queue.tenant.name)
        binder.add(limit)
      } _: {
        try RecordRow.read($0)
      }
    }
    guard queues.count > 1 else { return found }
    found.sort { ($0.record.rank, $0.position) < ($1.record.rank, $1.position) }
    return Array(found.prefix(limit))
  }

  func extend(_ wish: LeaseExtension) throws -> LeaseStatus {
    let held = try db.first(
      "SELECT position, cancel FROM task WHERE tenant = ? AND id = ? AND phase = 2 AND token = ?",
      [.text(wish.key.tenant.name), .text(wish.key.id.text), .integer(wish.token)]
    ) { (position: $0.integer(0), isCancelRequested: $0.flag(1)) }
    guard let held else { return .lost }
    let deadline = storeTime + wish.lease
    noteDue(in: wish.lease)
    // No change number: a heartbeat is nothing that a reader of the feed could want to know.
    try db.run(
      "UPDATE task SET deadline = ? WHERE position = ?", [.integer(deadline.microseconds), .integer(held.position)])
    return .held(Lease(token: wish.token, deadline: deadline), isCancelRequested: held.isCancelRequested)
  }

  /// Ends an attempt with everything that belongs to it, or changes nothing when the lease is lost.
  func settle(_ settlement: Settlement) throws -> SettleResult {
    guard var task = try task(settlement.key) else { return .unknown }
    guard task.record.phase == .leased, task.record.lease?.token == settlement.token else {
      state.counters.staleSettlements += 1
      return .stale
    }
    for step in settlement.steps { try save(step, for: task) }
    if let replacement = settlement.replacement {
      try replace(&task, by: replacement, token: settlement.token)
      task = try self.task(settlement.key) ?? task
    } else {
      try apply(.settled(settlement.outcome, token: settlement.token), to: &task, aged: settlement.retentionHeadStart)
    }
    for var followUp in settlement.followUps {
      followUp.depthLimit = nil
      _ = try submit(followUp)
    }
    return .committed(task.record.state, seq: task.record.seq)
  }

  /// Goes on with other work under the task's id. A task that somebody wants to end ends as it is.
  private func replace(_ task: inout StoredTask, by replacement: Replacement, token: Int64) throws {
    try rewrite(replacement.event(token: token), &task)
    guard task.record.phase == .promised else { return }
    for var submission in replacement.first {
      submission.depthLimit = nil
      guard let obstacle = Replacement.obstacle(try submit(submission)),
        // What came before may have kept the promise already.
        var promised = try self.task(task.record.key), promised.record.phase == .promised
      else { continue }
      try rewrite(.broken(promised.record.message, obstacle), &promised)
    }
  }

  /// Stores a step; the first value of a name stays.
  func save(_ step: StepResult, for task: StoredTask) throws {
    try db.seal(
      "INSERT OR IGNORE INTO step (position, generation, name, value, seal) VALUES (?, ?, ?, ?, ?)",
      [.integer(task.position), .integer(task.record.generation), .text(step.name), .blob(step.value.bytes)])
  }

  /// The task of a lease that still holds; counts a report that comes too late.
  func leased(_ key: TaskKey, token: Int64) throws -> StoredTask? {
    guard let task = try task(key), task.record.phase == .leased, task.record.lease?.token == token else {
      state.counters.staleReports += 1
      return nil
    }
    return task
  }

  func cancel(_ request: CancelRequest) throws -> CancelResult {
    guard var task = try task(request.key) else { return .unknown }
    if task.record.phase == .finished { return .alreadyFinished(task.record.state) }
    try apply(.cancelRequested(reason: request.reason), to: &task)
    return task.record.phase == .finished ? .revoked : .requested
  }
}
