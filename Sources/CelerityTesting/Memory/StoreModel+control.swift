public import CelerityCore

extension StoreModel {
  /// `Engine.queues`: those that hold tasks or are paused, by key.
  public func queues(of tenant: Tenant?) -> [QueueStatus] {
    queueStates.filter { tenant == nil || $0.key.tenant == tenant }.sorted { $0.key < $1.key }.map { key, queue in
      QueueStatus(
        key, ready: queue.ready.count, delayed: queue.delayed.count, leased: queue.leasedCount,
        isPaused: queue.isPaused, oldestReady: oldestReady(queue))
    }
  }

  private func oldestReady(_ queue: QueueState) -> Timestamp? {
    if case .steps = claimOrder { return oldestBySteps(queue) }
    return oldest(queue.ready).map { rows[$0.slot].record.created }
  }

  /// The one that was accepted first.
  private func oldest(_ ready: PlaceSet) -> Place? {
    var oldest = ready.first
    var place = oldest
    while let found = place {
      if let known = oldest, found.position < known.position { oldest = found }
      place = ready.next(after: found)
    }
    return oldest
  }

  /// `Engine.control`.
  public mutating func control(_ commands: [ControlCommand], at moment: Moment) -> [ControlResult] {
    commands.map { command in
      switch command {
      case .pause(let queue):
        queueStates[queue, default: QueueState()].isPaused = true
        return .done(affected: 0)
      case .resume(let queue):
        queueStates[queue]?.isPaused = false
        if queueStates[queue]?.isEmpty == true { queueStates[queue] = nil }
        effects.mayFetch = true
        return .done(affected: 0)
      case .purge(let queue): return .done(affected: purge(queue, at: moment))
      case .move(let queue, let name): return .done(affected: move(queue, to: name, at: moment))
      case .redrive(let key): return redrive(key, at: moment)
      case .discard(let key): return discard(key, at: moment)
      }
    }
  }

  private mutating func purge(_ queue: QueueKey, at moment: Moment) -> Int {
    var purged = 0
    while let slot = queueStates[queue]?.ready.first?.slot ?? queueStates[queue]?.delayed.first?.slot {
      // A waiting task can always be revoked.
      try? apply(.cancelRequested(reason: .purged), to: slot, at: moment)
      purged += 1
    }
    return purged
  }

  private mutating func move(_ queue: QueueKey, to name: String, at moment: Moment) -> Int {
    guard queue != QueueKey(name, tenant: queue.tenant) else { return 0 }
    var moved = 0
    while let slot = queueStates[queue]?.ready.first?.slot ?? queueStates[queue]?.delayed.first?.slot {
      // A waiting task can always be moved.
      try? apply(.moved(to: name), to: slot, at: moment)
      moved += 1
    }
    return moved
  }

  private mutating func redrive(_ key: TaskKey, at moment: Moment) -> ControlResult {
    guard let slot = slots[key] else { return .unknown }
    do {
      try apply(.redriven, to: slot, at: moment)
    } catch {
      return .refused(rows[slot].record.state)
    }
    return .done(affected: 1)
  }

  private mutating func discard(_ key: TaskKey, at moment: Moment) -> ControlResult {
    guard let slot = slots[key] else { return .unknown }
    let record = rows[slot].record
    guard record.phase == .finished else { return .refused(record.state) }
    forget(slot, tombstone: .zero, at: moment)
    return .done(affected: 1)
  }
}
