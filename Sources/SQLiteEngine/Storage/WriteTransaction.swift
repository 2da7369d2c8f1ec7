import CelerityCore
import GRDB

/// One commit under way: the database, the two times it stands for, and what it will announce.
/// Lives on the writer's thread only.
final class WriteTransaction {
  let db: Database
  let statements: Statements
  let now: Timestamp
  let storeTime: StoreTime
  let policy: StorePolicy
  var state: WriterState
  private(set) var effects = Effects()

  /// What others may be waiting for.
  struct Effects {
    var changes: [ChangeHint.Change] = []
    /// Tasks whose log got lines.
    var logged: [TaskKey] = []
    /// Whether a waiting fetch may find something now.
    var mayFetch = false
    /// The earliest time at which maintenance has something to do because of this.
    var due: Duration?
  }

  /// What a write that fails is undone to.
  struct Mark {
    fileprivate let state: WriterState
    fileprivate let effects: Effects
  }

  init(
    _ db: Database, _ statements: Statements, now: Timestamp, storeTime: StoreTime, policy: StorePolicy,
    state: WriterState
  ) {
    self.db = db
    self.statements = statements
    self.now = now
    self.storeTime = storeTime
    self.policy = policy
    self.state = state
  }

  var mark: Mark { Mark(state: state, effects: effects) }

  func rewind(to mark: Mark) {
    state = mark.state
    effects = mark.effects
  }

  /// The next change number.
  func nextSeq() -> ChangeNumber {
    state.seq += 1
    return state.seq
  }

  /// A waiting fetch may find something.
  func noteFetchable() { effects.mayFetch = true }

  /// A task's log got a line; lines of one task mostly come together.
  func noteLogged(_ key: TaskKey) {
    if effects.logged.last != key { effects.logged.append(key) }
  }

  /// Maintenance has something to do in so long.
  func noteDue(in wait: Duration) { effects.due = min(effects.due ?? wait, wait) }

  // MARK: Records

  func task(_ key: TaskKey) throws -> StoredTask? {
    try statements.first(RecordRow.byKey) { binder in
      binder.add(key.id.text)
      binder.add(key.tenant.name)
    } _: {
      try RecordRow.read($0)
    }
  }

  /// Tasks by an index that is named, because the planner knows nothing of how many there are of each kind.
  func tasks(by index: String, where condition: String, _ values: [SQLValue]) throws -> [StoredTask] {
    try db.rows(
      "SELECT \(RecordRow.columns) FROM task INDEXED BY \(index) WHERE \(condition)", values, RecordRow.read)
  }

  /// Applies events to a stored task and writes it. A task left waiting whose time has come becomes ready in the same
  /// transaction. Ends of members count in their groups; unique keys and permits go as the phases say.
  func apply(_ event: TaskEvent, to task: inout StoredTask, aged age: Duration = .zero) throws {
    let phase = task.record.phase
    let lease = task.record.lease
    try policy.lifecycle.apply(event, to: &task.record, at: now)
    if task.record.phase == .delayed { try settleWaiting(&task.record) }
    task.record.seq = nextSeq()
    if case .leased(let lease, _) = event {
      // The token is the change number of the claim: it grows with every lease of the store.
      task.record.lease = Lease(token: task.record.seq, deadline: lease.deadline)
    }
    let isFinished = task.record.phase == .finished
    let end = storeTime + (task.record.state == .success ? .zero - age : .zero)
    let ended = isFinished ? end : nil
    try statements.run(RecordRow.update) { try RecordRow.bindUpdate(task, ended: ended, to: &$0) }
    note(task.record, from: phase)
    if let lease, task.record.phase != .leased {
      state.permits.release(PermitHolder(task.record.key, token: lease.token))
    }
    try releaseUniqueKey(task)
    if isFinished { try follow(task.record) }
  }

  /// Puts a waiting task into another queue; its place in the order stays.
  func move(_ task: inout StoredTask, to name: String) throws {
    let (queue, phase) = (task.record.message.queueKey, task.record.phase)
    try policy.lifecycle.apply(.moved(to: name), to: &task.record, at: now)
    if task.record.phase == .delayed { try settleWaiting(&task.record) }
    task.record.seq = nextSeq()
    try statements.run(RecordRow.rewrite) { try RecordRow.bindRewrite(task, ended: nil, to: &$0) }
    state.ledger.move(queue, from: phase, to: nil)
    note(task.record, from: nil)
  }

  /// Applies an event that gives the task another message: what never changes of a row otherwise is written anew too.
  func rewrite(_ event: TaskEvent, _ task: inout StoredTask) throws {
    let (queue, phase) = (task.record.message.queueKey, task.record.phase)
    let lease = task.record.lease
    try policy.lifecycle.apply(event, to: &task.record, at: now)
    if task.record.phase == .delayed { try settleWaiting(&task.record) }
    task.record.seq = nextSeq()
    let isFinished = task.record.phase == .finished
    let ended = isFinished ? storeTime : nil
    try statements.run(RecordRow.rewrite) { try RecordRow.bindRewrite(task, ended: ended, to: &$0) }
    state.ledger.move(queue, from: phase, to: nil)
    note(task.record, from: nil)
    if let lease { state.permits.release(PermitHolder(task.record.key, token: lease.token)) }
    try releaseUniqueKey(task)
    if isFinished { try follow(task.record) }
  }

  /// Writes a new record; the caller has checked that its id is free.
  func insert(_ record: TaskRecord, unique: UniqueKey? = nil) throws -> TaskRecord {
    var record = record
    if record.phase == .delayed { try settleWaiting(&record) }
    record.seq = nextSeq()
    let ended = record.phase == .finished ? storeTime : nil
    try statements.run(RecordRow.insert) { try RecordRow.bindInsert(record, unique: unique, ended: ended, to: &$0) }
    if state.hasTombstones {
      try db.run(
        "DELETE FROM tombstone WHERE tenant = ? AND id = ?",
        [.text(record.message.tenant.name), .text(record.message.id.text)])
    }
    note(record, from: nil)
    return record
  }

  /// A waiting task whose time has come, or that has none, is ready.
  private func settleWaiting(_ record: inout TaskRecord) throws {
    if let due = record.due, due > now { return }
    let rank = policy.rank.rank(ready: storeTime, priority: record.message.priority)
    try policy.lifecycle.apply(.becameReady(rank: rank), to: &record, at: now)
  }

  private func note(_ record: TaskRecord, from before: TaskPhase?) {
    if record.phase != before { state.ledger.move(record.message.queueKey, from: before, to: record.phase) }
    effects.changes.append(ChangeHint.Change(key: record.key, state: record.state))
    switch record.phase {
    case .ready:
      noteFetchable()
      if let expires = record.message.expires { noteDue(in: expires - now) }
    case .delayed:
      if let due = record.due { noteDue(in: due - now) }
      if let expires = record.message.expires { noteDue(in: expires - now) }
    case .leased:
      if let deadline = record.lease?.deadline { noteDue(in: deadline - storeTime) }
    case .finished:
      if let retention = policy.retention { noteDue(in: retention.kept(record.state)) }
    case .promised: break
    }
  }

  private func releaseUniqueKey(_ task: StoredTask) throws {
    guard let key = task.uniqueKey else { return }
    let phase = task.record.phase
    guard phase == .finished || (phase == .leased && task.uniqueScope == .untilStarted) else { return }
    try db.run(
      "DELETE FROM unique_key WHERE tenant = ? AND key = ? AND id = ?",
      [.text(task.record.message.tenant.name), .text(key), .text(task.record.message.id.text)])
  }
}

/// What a store decides by.
struct StorePolicy: Sendable {
  var lifecycle: TaskLifecycle
  var rank: PriorityRank
  /// As maintenance was asked last; until then nobody waits for the end of a retention.
  var retention: Retention?
}

extension Retention {
  /// How long a task that ended in a state is kept.
  func kept(_ state: TaskState) -> Duration { state == .success ? success : failure }
}
