import CelerityCore

extension StoreModel {
  /// Applies an event to a stored task and brings everything that hangs on its phase into line: indexes, permits, unique
  /// keys, its group. A task left waiting whose time has come becomes ready in the same change.
  mutating func apply(
    _ event: TaskEvent, to slot: Int, at moment: Moment, aged age: Duration = .zero
  ) throws(TransitionRefusal) {
    var record = rows[slot].record
    let before = record.lease
    try lifecycle.apply(event, to: &record, at: moment.now)
    if case .moved = event, record.phase == .ready, case .steps = claimOrder {
      record.rank = nextRank(record.message.priority, at: moment)  // behind those who wait there
    }
    try becomeReadyIfDue(&record, at: moment)
    removeFromIndexes(slot)
    seq += 1
    record.seq = seq
    rows[slot].record = record
    let end = moment.storeTime + (record.state == .success ? .zero - age : .zero)
    rows[slot].ended = record.phase == .finished ? end : nil
    addToIndexes(slot)
    note(record)
    if let lease = before, record.phase != .leased {
      permits.release(PermitHolder(record.key, token: lease.token))
    }
    releaseUniqueKey(slot, record)
    if record.phase == .finished { follow(record, at: moment) }
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
    seenTenants.insert(record.message.tenant)
    acceptance.insert(Place(order: lastPosition, position: lastPosition, slot: slot))
    addToIndexes(slot)
    note(record)
    if isFinished { follow(record, at: moment) }
    return record
  }

  /// Removes an ended task; its id is remembered as gone for a while.
  mutating func forget(_ slot: Int, tombstone: Duration, leavingGap: Bool = true, at moment: Moment) {
    let record = rows[slot].record
    if leavingGap { forgottenSeq = max(forgottenSeq, record.seq) }
    removeFromIndexes(slot)
    let position = rows[slot].position
    acceptance.remove(Place(order: position, position: position, slot: slot))
    slots[record.key] = nil
    rows[slot] = .vacant
    freeSlots.append(slot)
    if tombstone > .zero { tombstones.set(record.key, (), until: moment.storeTime + tombstone) }
  }

  private mutating func becomeReadyIfDue(_ record: inout TaskRecord, at moment: Moment) throws(TransitionRefusal) {
    guard record.phase == .delayed else { return }
    if let due = record.due, due > moment.now { return }
    let rank = nextRank(record.message.priority, at: moment)
    try lifecycle.apply(.becameReady(rank: rank), to: &record, at: moment.now)
  }

  private mutating func note(_ record: TaskRecord) {
    effects.changes.append(ChangeHint.Change(key: record.key, state: record.state))
    switch record.phase {
    case .ready:
      effects.mayFetch = true
      if record.message.expires != nil { effects.hasNewDueTime = true }
    case .delayed, .leased, .finished: effects.hasNewDueTime = true
    case .promised: break
    }
  }

  private mutating func releaseUniqueKey(_ slot: Int, _ record: TaskRecord) {
    guard let unique = rows[slot].unique else { return }
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
    let position = rows[slot].position
    let phase = rows[slot].record.phase
    let queue = QueueKey(rows[slot].record.message.queue, tenant: rows[slot].record.message.tenant)
    func update(_ set: inout PlaceSet, _ order: Int64?) {
      let place = Place(order: order ?? 0, position: position, slot: slot)
      if insert { set.insert(place) } else { set.remove(place) }
    }
    update(&feed, rows[slot].record.seq)
    if phase == .delayed || phase == .ready, let expires = rows[slot].record.message.expires {
      update(&expiring, expires.microseconds)
    }
    switch phase {
    case .delayed:
      let due = rows[slot].record.due?.microseconds
      update(&delayed, due)
      update(&queueStates[queue, default: QueueState()].delayed, due)
    case .ready: update(&queueStates[queue, default: QueueState()].ready, rows[slot].record.rank)
    case .leased:
      update(&leased, rows[slot].record.lease?.deadline.microseconds)
      queueStates[queue, default: QueueState()].leasedCount += insert ? 1 : -1
    case .promised: update(&promised, nil)
    case .finished:
      update(&ended[rows[slot].record.state, default: PlaceSet()], rows[slot].ended?.microseconds)
    }
    if !insert, queueStates[queue]?.isEmpty == true { queueStates[queue] = nil }
  }
}
