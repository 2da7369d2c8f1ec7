import CelerityCore

extension WriteTransaction {
  func control(_ command: ControlCommand) throws -> ControlResult {
    switch command {
    case .pause(let queue):
      try db.run(
        "INSERT OR IGNORE INTO paused (tenant, queue) VALUES (?, ?)", [.text(queue.tenant.name), .text(queue.name)])
      state.ledger.setPaused(queue, true)
      return .done(affected: 0)
    case .resume(let queue):
      try db.run(
        "DELETE FROM paused WHERE tenant = ? AND queue = ?", [.text(queue.tenant.name), .text(queue.name)])
      state.ledger.setPaused(queue, false)
      mayFetch = true
      return .done(affected: 0)
    case .purge(let queue): return .done(affected: try purge(queue))
    case .redrive(let key): return try redrive(key)
    case .discard(let key): return try discard(key)
    }
  }

  private func purge(_ queue: QueueKey) throws -> Int {
    var purged = 0
    for phase in [TaskPhase.ready, .delayed] {
      while true {
        let tasks = try tasks(
          where: "queue = ? AND tenant = ? AND phase = \(phase.rawValue) LIMIT 1000",
          [.text(queue.name), .text(queue.tenant.name)])
        if tasks.isEmpty { break }
        for var task in tasks { try apply(.cancelRequested(reason: .purged), to: &task) }
        purged += tasks.count
      }
    }
    return purged
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
    for task in tasks {
      state.forgottenSeq = max(state.forgottenSeq, task.record.seq)
      if tombstone > .zero {
        try db.run(
          "INSERT OR REPLACE INTO tombstone (tenant, id, until) VALUES (?, ?, ?)",
          [
            .text(task.record.message.tenant.name), .text(task.record.message.id.text),
            .integer((storeTime + tombstone).microseconds),
          ])
      }
      try db.run("DELETE FROM task WHERE position = ?", [.integer(task.position)])
    }
    if !tasks.isEmpty { try StoreFile.setMeta("forgotten_seq", state.forgottenSeq, db) }
  }
}
