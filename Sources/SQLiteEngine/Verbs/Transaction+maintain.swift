import CelerityCore

extension WriteTransaction {
  /// Every lease of a process that is gone: their owners can't settle any more.
  func takeBackAllLeases() throws {
    while true {
      let tasks = try tasks(by: "task_leased", where: "phase = 2 ORDER BY deadline, position LIMIT 1000", [])
      if tasks.isEmpty { break }
      for task in tasks { try lose(task, .processDied) }
    }
    // Leaders of that process went with it, as permits and presence did.
    try deposeLeaders()
  }

  /// One round of the duties that time makes due.
  func maintain(_ request: MaintenanceRequest) throws -> MaintenanceReport {
    var report = MaintenanceReport()
    try promote(request.limit, &report)
    try expire(request.limit, &report)
    try reclaim(request.limit, &report)
    try purgeEnded(request, &report)
    try sweep()
    report.nextDue = try nextDue(request.retention)
    return report
  }

  private func promote(_ limit: Int, _ report: inout MaintenanceReport) throws {
    let due = try tasks(
      by: "task_delayed", where: "phase = 0 AND due <= ? ORDER BY due, position LIMIT ?",
      [.integer(now.microseconds), .integer(limit)])
    for var task in due {
      let rank = policy.rank.rank(ready: storeTime, priority: task.record.message.priority)
      try apply(.becameReady(rank: rank), to: &task)
    }
    report.promoted = due.count
    report.hasMore = report.hasMore || due.count == limit
  }

  private func expire(_ limit: Int, _ report: inout MaintenanceReport) throws {
    let late = try tasks(
      by: "task_expires",
      where: "expires IS NOT NULL AND phase < 2 AND expires <= ? ORDER BY expires, position LIMIT ?",
      [.integer(now.microseconds), .integer(limit)])
    for var task in late { try apply(.expired, to: &task) }
    report.expired = late.count
    report.hasMore = report.hasMore || late.count == limit
  }

  private func reclaim(_ limit: Int, _ report: inout MaintenanceReport) throws {
    let late = try tasks(
      by: "task_leased", where: "phase = 2 AND deadline <= ? ORDER BY deadline, position LIMIT ?",
      [.integer(storeTime.microseconds), .integer(limit)])
    for task in late {
      if try lose(task, .leaseExpired) == .failure { report.poisoned += 1 }
    }
    report.reclaimed = late.count
    report.hasMore = report.hasMore || late.count == limit
  }

  @discardableResult
  private func lose(_ task: StoredTask, _ cause: LeaseLoss) throws -> TaskState {
    var task = task
    try apply(.leaseLost(cause), to: &task)
    state.counters.leasesLost[cause, default: 0] += 1
    return task.record.state
  }

  private func purgeEnded(_ request: MaintenanceRequest, _ report: inout MaintenanceReport) throws {
    for (state, retention) in Self.retentions(request.retention) {
      let old = try tasks(
        by: "task_finished", where: "phase = 3 AND state = ? AND ended <= ? ORDER BY ended, position LIMIT ?",
        [.integer(state.stored), .integer((storeTime + (.zero - retention)).microseconds), .integer(request.limit)])
      try forget(old, tombstone: request.retention.tombstone) {
        $0.leavesGap(whenForgottenAt: now, keptFor: retention)
      }
      report.purged += old.count
      report.hasMore = report.hasMore || old.count == request.limit
    }
  }

  /// What was remembered for a time that is over.
  private func sweep() throws {
    let now = SQLValue.integer(storeTime.microseconds)
    try db.run("DELETE FROM idempotency WHERE until <= ?", [now])
    if state.hasTombstones, try db.run("DELETE FROM tombstone WHERE until <= ?", [now]) > 0 {
      state.hasTombstones = try db.first("SELECT 1 FROM tombstone LIMIT 1") { _ in true } ?? false
    }
    if state.hasRevocations, try db.run("DELETE FROM revocation WHERE until <= ?", [now]) > 0 {
      state.hasRevocations = try db.first("SELECT 1 FROM revocation LIMIT 1") { _ in true } ?? false
    }
  }

  private static func retentions(_ retention: Retention) -> [(TaskState, Duration)] {
    [(.success, retention.success), (.failure, retention.failure), (.revoked, retention.failure)]
  }

  /// How long until the earliest of all duties.
  private func nextDue(_ retention: Retention) throws -> Duration? {
    func earliest(_ sql: String, _ values: [SQLValue] = []) throws -> Int64? {
      try db.first(sql, values) { $0.optionalInteger(0) } ?? nil
    }
    var waits: [Duration] = []
    if let due = try earliest("SELECT min(due) FROM task WHERE phase = 0") {
      waits.append(Timestamp(microseconds: due) - now)
    }
    if let expires = try earliest("SELECT min(expires) FROM task WHERE expires IS NOT NULL AND phase < 2") {
      waits.append(Timestamp(microseconds: expires) - now)
    }
    if let deadline = try earliest("SELECT min(deadline) FROM task WHERE phase = 2") {
      waits.append(StoreTime(microseconds: deadline) - storeTime)
    }
    for (state, kept) in Self.retentions(retention) {
      if let ended = try earliest("SELECT min(ended) FROM task WHERE phase = 3 AND state = ?", [.integer(state.stored)])
      {
        waits.append(StoreTime(microseconds: ended) + kept - storeTime)
      }
    }
    return waits.min().map { max(.zero, $0) }
  }
}
