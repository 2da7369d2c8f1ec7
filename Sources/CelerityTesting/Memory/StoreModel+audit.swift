import CelerityCore

/// Looks at the model's own books; for the simulation.
extension StoreModel {
  /// How many tasks stand in the sets of each phase.
  var countsByPhase: [TaskPhase: Int] {
    [
      .delayed: delayed.count, .ready: queueStates.values.reduce(0) { $0 + $1.ready.count }, .leased: leased.count,
      .finished: ended.values.reduce(0) { $0 + $1.count },
    ]
  }

  /// Checks that a task stands in the sets of its phase, at its place, and in no other.
  func auditRow(_ key: TaskKey) throws(Violation) {
    guard let slot = slots[key], let row = rows[slot] else { throw Violation("I1", "\(key) has no row") }
    let record = row.record
    let queue = queueStates[QueueKey(record.message.queue, tenant: record.message.tenant)] ?? QueueState()
    let due = place(slot, record.due?.microseconds ?? 0)
    let deadline = place(slot, record.lease?.deadline.microseconds ?? 0)
    let end = place(slot, row.ended?.microseconds ?? 0)
    let found: [TaskPhase: Bool] = [
      .delayed: delayed.contains(due) && queue.delayed.contains(due),
      .ready: queue.ready.contains(place(slot, record.rank)), .leased: leased.contains(deadline),
      .finished: ended[record.state]?.contains(end) ?? false,
    ]
    for phase in TaskPhase.allCases where found[phase] != (phase == record.phase) {
      throw Violation("I1", "\(key) is \(record.phase), and \(phase) says \(found[phase] ?? false)")
    }
    guard feed.contains(place(slot, record.seq)), acceptance.contains(place(slot, row.position)) else {
      throw Violation("I1", "\(key) is not in the feed or in no list")
    }
    guard (record.lease != nil) == (record.phase == .leased) else {
      throw Violation("I5", "\(key) is \(record.phase) with the lease \(record.lease.map { "\($0)" } ?? "none")")
    }
    guard record.state.isTerminal == (record.phase == .finished), (record.finished != nil) == record.state.isTerminal
    else { throw Violation("I5", "\(key) is \(record.state) and \(record.phase)") }
  }

  /// Checks that only running attempts hold permits, and only tasks that have not ended hold unique keys.
  func auditHolders() throws(Violation) {
    for holder in permits.holders where leasedSlot(holder.key, token: holder.token) == nil {
      throw Violation("I3", "\(holder.key) holds a permit under a lease it has lost")
    }
    for (name, key) in uniqueHolders {
      guard let slot = slots[key], let row = rows[slot], row.record.phase != .finished else {
        throw Violation("I1", "the unique key \(name.name.text) is held by \(key), which has ended")
      }
      if row.record.phase == .leased, row.unique?.scope == .untilStarted {
        throw Violation("I1", "the unique key \(name.name.text) is held by \(key), which has started")
      }
    }
  }
}
