import CelerityCore

extension StoreModel {
  /// The row of a slot that is in use.
  func row(_ slot: Int) -> TaskRow {
    guard let row = rows[slot] else { preconditionFailure("slot \(slot) is free") }
    return row
  }

  /// The place of a record in an order.
  func place(_ slot: Int, _ order: Int64) -> Place {
    Place(order: order, position: rows[slot]?.position ?? 0, slot: slot)
  }

  /// Applies an event to a stored task and brings everything that hangs on its phase into line: indexes, permits, unique
  /// keys, its group. A task left waiting whose time has come becomes ready in the same change.
  mutating func apply(_ event: TaskEvent, to slot: Int, at moment: Moment) throws(TransitionRefusal) {
    var record = row(slot).record
    try lifecycle.apply(event, to: &record, at: moment.now)
    try becomeReadyIfDue(&record, at: moment)
    removeFromIndexes(slot)
    let before = rows[slot]?.record
    seq += 1
    record.seq = seq
    rows[slot]?.record = record
    rows[slot]?.ended = record.phase == .finished ? moment.storeTime : nil
    addToIndexes(slot)
    note(record)
    if let lease = before?.lease, record.phase != .leased {
      permits.release(PermitHolder(record.key, token: lease.token))
    }
    releaseUniqueKey(slot, record)
    if record.phase == .finished { countInGroup(record, at: moment) }
  }

  /// Stores a new record; the caller has checked that its id is free.
  @discardableResult
  mutating func insert(_ record: TaskRecord, unique: UniqueKey? = nil, at moment: Moment) -> TaskRecord {
    var record = record
    // A record that was just made is delayed and may therefore become ready; there is nothing to refuse.
    try? becomeReadyIfDue(&record, at: moment)
    seq += 1
    lastPosition += 1
    record.seq = seq
    let isFinished = record.phase == .finished
    let row = TaskRow(
      record: record, position: lastPosition, unique: unique, ended: isFinished ? moment.storeTime : nil)
    let slot = freeSlots.popLast() ?? rows.count
    if slot == rows.count { rows.append(row) } else { rows[slot] = row }
    slots[record.key] = slot
    tombstones.remove(record.key)
    acceptance.insert(place(slot, lastPosition))
    addToIndexes(slot)
    note(record)
    if isFinished { countInGroup(record, at: moment) }
    return record
  }

  /// Removes an ended task; its id is remembered as gone for a while.
  mutating func forget(_ slot: Int, tombstone: Duration, at moment: Moment) {
    let row = row(slot)
    forgottenSeq = max(forgottenSeq, row.record.seq)
    removeFromIndexes(slot)
    acceptance.remove(place(slot, row.position))
    slots[row.record.key] = nil
    rows[slot] = nil
    freeSlots.append(slot)
    if tombstone > .zero { tombstones.set(row.record.key, (), until: moment.storeTime + tombstone) }
  }

  private func becomeReadyIfDue(_ record: inout TaskRecord, at moment: Moment) throws(TransitionRefusal) {
    guard record.phase == .delayed else { return }
    if let due = record.due, due > moment.now { return }
    let rank = priorities.rank(ready: moment.storeTime, priority: record.message.priority)
    try lifecycle.apply(.becameReady(rank: rank), to: &record, at: moment.now)
  }

  private mutating func note(_ record: TaskRecord) {
    effects.changes.append(ChangeHint.Change(key: record.key, state: record.state))
    switch record.phase {
    case .ready:
      effects.mayFetch = true
      if record.message.expires != nil { effects.hasNewDueTime = true }
    case .delayed, .leased, .finished: effects.hasNewDueTime = true
    }
  }

  private mutating func releaseUniqueKey(_ slot: Int, _ record: TaskRecord) {
    guard let unique = rows[slot]?.unique else { return }
    guard record.phase == .finished || (record.phase == .leased && unique.scope == .untilStarted) else { return }
    let name = ScopedName(unique.key, tenant: record.message.tenant)
    if uniqueHolders[name] == record.key { uniqueHolders[name] = nil }
  }
}

extension StoreModel {
  /// Enters a row in the sets of its phase.
  mutating func addToIndexes(_ slot: Int) {
    updateIndexes(slot, insert: true)
  }

  /// Takes a row out of the sets of its phase.
  mutating func removeFromIndexes(_ slot: Int) {
    updateIndexes(slot, insert: false)
  }

  private mutating func updateIndexes(_ slot: Int, insert: Bool) {
    guard let row = rows[slot] else { return }
    let record = row.record
    func update(_ set: inout SortedSet<Place>, _ order: Int64) {
      let place = Place(order: order, position: row.position, slot: slot)
      if insert { set.insert(place) } else { set.remove(place) }
    }
    update(&feed, record.seq)
    if record.phase == .delayed || record.phase == .ready, let expires = record.message.expires {
      update(&expiring, expires.microseconds)
    }
    let queue = QueueKey(record.message.queue, tenant: record.message.tenant)
    switch record.phase {
    case .delayed:
      let due = record.due?.microseconds ?? 0
      update(&delayed, due)
      update(&queueStates[queue, default: QueueState()].delayed, due)
    case .ready: update(&queueStates[queue, default: QueueState()].ready, record.rank)
    case .leased:
      update(&leased, record.lease?.deadline.microseconds ?? 0)
      queueStates[queue, default: QueueState()].leasedCount += insert ? 1 : -1
    case .finished: update(&ended[record.state, default: SortedSet()], row.ended?.microseconds ?? 0)
    }
    if !insert, queueStates[queue]?.isEmpty == true { queueStates[queue] = nil }
  }
}
