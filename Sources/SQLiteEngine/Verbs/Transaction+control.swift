import CelerityCore

extension WriteTransaction {
  func control(_ command: ControlCommand) throws -> ControlResult {
    switch command {
    case .pause(let queue):
      try db.seal(
        "INSERT OR IGNORE INTO paused (tenant, queue, seal) VALUES (?, ?, ?)",
        [.text(queue.tenant.name), .text(queue.name)])
      state.ledger.setPaused(queue, true)
      return .done(affected: 0)
    case .resume(let queue):
      try db.run(
        "DELETE FROM paused WHERE tenant = ? AND queue = ?", [.text(queue.tenant.name), .text(queue.name)])
      state.ledger.setPaused(queue, false)
      noteFetchable()
      return .done(affected: 0)
    case .purge(let queue): return .done(affected: try purge(queue, upTo: .max, limit: .max))
    case .move(let queue, let name): return .done(affected: try move(queue, to: name, upTo: .max, limit: .max))
    case .redrive(let key): return try redrive(key)
    case .discard(let key): return try discard(key)
    }
  }

  /// The newest task; what is accepted later has a higher position.
  func lastPosition() throws -> Int64 {
    try db.first("SELECT max(position) FROM task") { $0.integer(0) } ?? 0
  }

  /// Revokes tasks of a queue that wait, up to a position and a number; answers how many.
  func purge(_ queue: QueueKey, upTo position: Int64, limit: Int) throws -> Int {
    try eachWaiting(queue, upTo: position, limit: limit) { try apply(.cancelRequested(reason: .purged), to: &$0) }
  }

  /// Puts tasks of a queue that wait into another one, up to a position and a number; answers how many.
  func move(_ queue: QueueKey, to name: String, upTo position: Int64, limit: Int) throws -> Int {
    if queue == QueueKey(name, tenant: queue.tenant) { return 0 }
    return try eachWaiting(queue, upTo: position, limit: limit) { try move(&$0, to: name) }
  }

  private func eachWaiting(
    _ queue: QueueKey, upTo position: Int64, limit: Int, _ act: (inout StoredTask) throws -> Void
  ) throws -> Int {
    var count = 0
    for (index, phase, order) in [("task_ready", 1, "rank"), ("task_delayed", 0, "due")] where count < limit {
      let tasks = try tasks(
        by: index,
        where: "queue = ? AND tenant = ? AND phase = \(phase) AND position <= ? ORDER BY \(order), position LIMIT ?",
        [.text(queue.name), .text(queue.tenant.name), .integer(position), .integer(limit - count)])
      for var task in tasks { try act(&task) }
      count += tasks.count
    }
    return count
  }

  private func redrive(_ key: TaskKey) throws -> ControlResult {
    guard var task = try task(key) else { return .unknown }
    guard task.record.phase == .finished, task.record.state != .success else { return .refused(task.record.state) }
    try apply(.redriven, to: &task)
    return .done(affected: 1)
  }

  private func discard(_ key: TaskKey) throws -> ControlResult {
    guard let task = try task(key) else { return .unknown }
    guard task.record.phase == .finished else { return .refused(task.record.state) }
    try forget([task], tombstone: .zero)
    return .done(affected: 1)
  }

  /// Removes ended tasks; their ids are remembered as gone for a while.
  func forget(_ tasks: [StoredTask], tombstone: Duration) throws {
    var groups: Set<GroupKey> = []
    for task in tasks {
      let message = task.record.message
      state.row.forgottenSeq = max(state.row.forgottenSeq, task.record.seq)
      if tombstone > .zero {
        state.hasTombstones = true
        try db.seal(
          "INSERT OR REPLACE INTO tombstone (tenant, id, until, seal) VALUES (?, ?, ?, ?)",
          [
            .text(message.tenant.name), .text(message.id.text), .integer((storeTime + tombstone).microseconds),
          ])
      }
      try db.run("DELETE FROM task WHERE position = ?", [.integer(task.position)])
      if let group = message.extras.group { groups.insert(GroupKey(group.id, message.tenant)) }
    }
    for group in groups { try forget(group) }
  }
}
