import CelerityCore

/// Looks at the model's own books; for the simulation.
extension StoreModel {
  /// How many tasks stand in the sets of a phase.
  func count(in phase: TaskPhase) -> Int {
    switch phase {
    case .delayed: delayed.count
    case .ready: queueStates.values.reduce(0) { $0 + $1.ready.count }
    case .leased: leased.count
    case .promised: promised.count
    case .finished: ended.values.reduce(0) { $0 + $1.count }
    }
  }

  /// Checks that a task stands in the sets of its phase, at its place, and in no other.
  func audit(_ record: TaskRecord) throws(Violation) {
    let key = record.key
    guard let slot = slots[key] else { throw Violation("I1", "\(key) has no row") }
    let position = rows[slot].position
    let queue = QueueKey(record.message.queue, tenant: record.message.tenant)
    func place(_ order: Int64?) -> Place { Place(order: order ?? 0, position: position, slot: slot) }
    for phase in TaskPhase.allCases {
      let isThere =
        switch phase {
        case .delayed: delayed.contains(place(record.due?.microseconds))
        case .ready: queueStates[queue]?.ready.contains(place(record.rank)) ?? false
        case .leased: leased.contains(place(record.lease?.deadline.microseconds))
        case .promised: promised.contains(place(nil))
        case .finished: ended[record.state]?.contains(place(rows[slot].ended?.microseconds)) ?? false
        }
      guard isThere == (phase == record.phase) else {
        throw Violation("I1", "\(key) is \(record.phase), and among the \(phase) ones: \(isThere)")
      }
    }
    guard feed.contains(place(record.seq)), acceptance.contains(place(position)) else {
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
      guard let slot = slots[key], rows[slot].record.phase != .finished else {
        throw Violation("I1", "the unique key \(name.name.text) is held by \(key), which has ended")
      }
      if rows[slot].record.phase == .leased, rows[slot].unique?.scope == .untilStarted {
        throw Violation("I1", "the unique key \(name.name.text) is held by \(key), which has started")
      }
    }
  }
}
