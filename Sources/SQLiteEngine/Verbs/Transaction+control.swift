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
    case .purge(let queue): return .done(affected: try whole(queue) { try purge(&$0) })
    case .move(let queue, let name): return .done(affected: try whole(queue) { try move(&$0, to: name) })
    case .redrive(let key): return try redrive(key)
    case .discard(let key): return try discard(key)
    }
  }

  /// The newest task; what is accepted later has a higher position.
  func lastPosition() throws -> Int64 {
    try db.first("SELECT max(position) FROM task") { $0.integer(0) } ?? 0
  }

  private func whole(_ queue: QueueKey, _ step: (inout QueueWalk) throws -> Int) throws -> Int {
    var walk = QueueWalk(queue, upTo: .max)
    var count = 0
    while !walk.isOver { count += try step(&walk) }
    return count
  }

  /// Revokes the next tasks of a walk; answers how many.
  func purge(_ walk: inout QueueWalk) throws -> Int {
    let tasks = try walk.next(db)
    for var task in tasks { try apply(.cancelRequested(reason: .purged), to: &task) }
    return tasks.count
  }

  /// Puts the next tasks of a walk into another queue; answers how many.
  func move(_ walk: inout QueueWalk, to name: String) throws -> Int {
    if walk.queue == QueueKey(name, tenant: walk.queue.tenant) {
      walk.end()
      return 0
    }
    let tasks = try walk.next(db)
    for var task in tasks { try move(&task, to: name) }
    return tasks.count
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
  func forget(
    _ tasks: [StoredTask], tombstone: Duration, leavingGap leavesGap: (TaskRecord) -> Bool = { _ in true }
  ) throws {
    var groups: Set<GroupKey> = []
    for task in tasks {
      let message = task.record.message
      if leavesGap(task.record) { state.row.forgottenSeq = max(state.row.forgottenSeq, task.record.seq) }
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
