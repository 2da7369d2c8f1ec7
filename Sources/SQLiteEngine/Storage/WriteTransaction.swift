import CelerityCore
import CelerityJSON
import GRDB

/// What the writer knows beside the tables. A value: a transaction works on a copy, which becomes the writer's when the
/// commit succeeded and is dropped when it did not.
struct WriterState {
  var seq: ChangeNumber
  /// The highest number of a change whose record was forgotten.
  var forgottenSeq: ChangeNumber
  var ledger: QueueLedger
  var counters: StoreCounters
}

/// One commit under way: the database, the two times it stands for, and what it will announce.
/// Lives on the writer's thread only.
final class WriteTransaction {
  let db: Database
  let now: Timestamp
  let storeTime: StoreTime
  let policy: StorePolicy
  var state: WriterState
  private(set) var changes: [ChangeHint.Change] = []
  /// Whether something became due earlier than maintenance may know.
  var hasNewDueTime = false
  /// Whether a waiting fetch may find something now.
  var mayFetch = false

  init(db: Database, now: Timestamp, storeTime: StoreTime, policy: StorePolicy, state: WriterState) {
    self.db = db
    self.now = now
    self.storeTime = storeTime
    self.policy = policy
    self.state = state
  }

  /// The next change number.
  func nextSeq() -> ChangeNumber {
    state.seq += 1
    return state.seq
  }

  // MARK: Records

  func task(_ key: TaskKey) throws -> StoredTask? {
    try db.first(
      "SELECT \(RecordRow.columns) FROM task WHERE tenant = ? AND id = ?",
      [.text(key.tenant.name), .text(key.id.text)], RecordRow.read)
  }

  func tasks(where condition: String, _ values: [SQLValue]) throws -> [StoredTask] {
    try db.rows("SELECT \(RecordRow.columns) FROM task WHERE \(condition)", values, RecordRow.read)
  }

  /// Applies events to a stored task and writes it. A task left waiting whose time has come becomes ready in the same
  /// transaction. Ends of members count in their groups; unique keys and permits go as the phases say.
  func apply(_ event: TaskEvent, to task: inout StoredTask) throws {
    let before = task.record.phase
    try policy.lifecycle.apply(event, to: &task.record, at: now)
    if task.record.phase == .delayed { try settleWaiting(&task.record) }
    task.record.seq = nextSeq()
    if case .leased(let lease, _) = event {
      // The token is the change number of the claim: it grows with every lease of the store.
      task.record.lease = Lease(token: task.record.seq, deadline: lease.deadline)
      hasNewDueTime = true
    }
    let phase = task.record.phase
    try db.run(RecordRow.update, RecordRow.updateValues(task, ended: phase == .finished ? storeTime : nil))
    note(task.record, from: before)
    if before == .leased { try releasePermits(task.record.key) }
    if let key = task.uniqueKey, phase == .finished || (phase == .leased && task.uniqueScope == .untilStarted) {
      try db.run(
        "DELETE FROM unique_key WHERE tenant = ? AND key = ? AND id = ?",
        [.text(task.record.message.tenant.name), .text(key), .text(task.record.message.id.text)])
    }
    if phase == .finished { try countInGroup(task.record) }
  }

  /// Writes a new record; the caller has checked that its id is free.
  func insert(_ record: TaskRecord, unique: UniqueKey? = nil) throws -> TaskRecord {
    var record = record
    if record.phase == .delayed { try settleWaiting(&record) }
    record.seq = nextSeq()
    let ended = record.phase == .finished ? storeTime : nil
    try db.run(RecordRow.insert, RecordRow.insertValues(record, unique: unique, ended: ended))
    note(record, from: nil)
    return record
  }

  /// A waiting task whose time has come, or that has none, is ready.
  private func settleWaiting(_ record: inout TaskRecord) throws {
    if let due = record.due, due > now {
      hasNewDueTime = true
      return
    }
    let rank = policy.rank.rank(ready: storeTime, priority: record.message.priority)
    try policy.lifecycle.apply(.becameReady(rank: rank), to: &record, at: now)
    if record.message.expires != nil { hasNewDueTime = true }
  }

  private func note(_ record: TaskRecord, from before: TaskPhase?) {
    let queue = QueueKey(record.message.queue, tenant: record.message.tenant)
    if record.phase != before { state.ledger.move(queue, from: before, to: record.phase) }
    if record.phase == .ready { mayFetch = true }
    changes.append(ChangeHint.Change(key: record.key, state: record.state))
  }

  func releasePermits(_ key: TaskKey) throws {
    try db.run("DELETE FROM permit WHERE tenant = ? AND id = ?", [.text(key.tenant.name), .text(key.id.text)])
  }
}

/// What a store decides by.
struct StorePolicy: Sendable {
  var lifecycle: TaskLifecycle
  var rank: PriorityRank
}
