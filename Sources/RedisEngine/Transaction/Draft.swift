import CelerityCore
import CelerityJSON
import CeleryWire
import NIOCore
import RESPClient

/// A verb at work: what it has looked at, what it has changed, and what must be written. Pure: the driver loads and writes.
struct Draft {
  let keys: Keys
  let wire: Wire
  let lifecycle: TaskLifecycle
  let moment: Moment
  /// The channel on which Celery's workers hear orders.
  let control: String
  /// How long Celery's result records stay.
  let resultExpires: Duration
  /// Whether Redis forgets by itself what has an end: not where a test owns the time.
  let setsExpiry: Bool

  /// What was loaded, as it was.
  let original: World
  private(set) var world: World
  /// Rows as they were when they were first changed; `nil` for new ones.
  private(set) var before: [TaskKey: TaskRow?] = [:]
  /// Changed tasks in the order of their last change, and the number of that change within the draft.
  private(set) var touched: [TaskKey: Int] = [:]
  private(set) var changes = 0
  private(set) var hints: [ChangeHint.Change] = []
  /// What was looked at and must not have changed.
  private(set) var read: Set<Entity> = []
  /// Depths that must not be exceeded: most that may wait before what is added here.
  private(set) var depthBounds: [QueueKey: Int] = [:]
  /// By how much this draft has changed a queue's depth.
  private(set) var depthChanges: [QueueKey: Int] = [:]
  /// Operations besides those that rows bring about.
  private(set) var operations: [[RESPCommand.Argument]] = []
  private(set) var forgotten: [TaskKey: TaskRow] = [:]
  /// Result tuples of what an ended task has published.
  var children: [TaskKey: RawJSON] = [:]
  /// Tasks that were looked at and whose records can't be read, and those of them that were made dead letters.
  private var unreadable: Set<TaskKey> = []
  private(set) var parked: [TaskKey] = []
  /// Tasks whose end others have stored already, result and what follows.
  private(set) var absorbed: Set<TaskKey> = []
  var hasReady = false
  var hasDuty = false

  init(
    keys: Keys, wire: Wire, lifecycle: TaskLifecycle, moment: Moment, control: String,
    resultExpires: Duration, setsExpiry: Bool, world: World
  ) {
    self.control = control
    self.setsExpiry = setsExpiry
    self.keys = keys
    self.wire = wire
    self.lifecycle = lifecycle
    self.moment = moment
    self.resultExpires = resultExpires
    original = world
    self.world = world
  }

  var isEmpty: Bool { touched.isEmpty && operations.isEmpty && forgotten.isEmpty }

  // MARK: Looking

  /// The row of a task.
  mutating func row(_ key: TaskKey) throws(Missing) -> TaskRow? {
    guard let row = world.tasks[key] else { throw Missing(entities: [.task(key)]) }
    read.insert(.task(key))
    if row?.isUnreadable == true { unreadable.insert(key) }
    return row
  }

  /// Whether a claim is still ours: while its message was taken over, its lease may have ended and somebody may have put the
  /// message back.
  mutating func holds(_ claim: Claim) -> Bool { holds(claim.tag) }

  /// Whether a tag is still among the leases.
  mutating func holds(_ tag: String) -> Bool {
    // What was lost does not come back, and needs no comparing.
    if world.lostClaims.contains(tag) { return false }
    read.insert(.claim(tag))
    return true
  }

  /// Whether messages can stand in a queue: its name is not one of our keys', and no other program has a key of its name.
  func isUsable(_ queue: QueueKey) -> Bool {
    !Keys.isReserved(queue) && (world.strangeKeys.isEmpty || world.strangeKeys.isDisjoint(with: keys.lists(queue)))
  }

  /// Makes sure that many entities are there, so that they are loaded together.
  func need(_ entities: [Entity]) throws(DraftError) {
    let missing = entities.filter { entity in
      switch entity {
      case .task(let key): world.tasks[key] == nil
      case .tombstone(let key): world.tombstones[key] == nil
      case .idempotency(let name): world.idempotency[name] == nil
      case .unique(let name): world.unique[name] == nil
      case .depth(let queue): world.depths[queue] == nil
      case .group(let name): world.groups[name] == nil
      case .counted(let name, let member): world.counted[name]?[member] == nil
      case .parts(let name): world.parts[name] == nil
      case .claim: false
      }
    }
    if !missing.isEmpty { throw .missing(Missing(entities: Set(missing))) }
  }

  /// Whether the id is remembered as gone.
  mutating func isGone(_ key: TaskKey) throws(Missing) -> Bool {
    guard let until = world.tombstones[key] else { throw Missing(entities: [.tombstone(key)]) }
    read.insert(.tombstone(key))
    return until.flatMap { Int64($0) }.map { StoreTime(microseconds: $0) > moment.storeTime } ?? false
  }

  mutating func idempotencyEntry(_ name: ScopedName) throws(Missing) -> IdempotencyEntry? {
    guard let text = world.idempotency[name] else { throw Missing(entities: [.idempotency(name)]) }
    read.insert(.idempotency(name))
    return text.flatMap(IdempotencyEntry.init).flatMap { $0.until > moment.storeTime ? $0 : nil }
  }

  mutating func uniqueHolder(_ name: ScopedName) throws(Missing) -> TaskID? {
    guard let text = world.unique[name] else { throw Missing(entities: [.unique(name)]) }
    read.insert(.unique(name))
    return text.map(TaskID.init(stored:))
  }

  mutating func group(_ name: ScopedName) throws(Missing) -> GroupState {
    guard let group = world.groups[name] else { throw Missing(entities: [.group(name)]) }
    read.insert(.group(name))
    return group
  }

  func isCounted(_ member: String, in name: ScopedName) throws(Missing) -> Bool {
    guard let isCounted = world.counted[name]?[member] else { throw Missing(entities: [.counted(name, member)]) }
    return isCounted
  }

  func parts(of name: ScopedName) throws(Missing) -> [ChordMember] {
    guard let parts = world.parts[name] else { throw Missing(entities: [.parts(name)]) }
    return parts
  }

  /// How many wait in a queue, with what this draft adds and takes; at most `limit` must have waited before when the draft
  /// is written.
  mutating func depth(of queue: QueueKey, allowing limit: Int) throws(Missing) -> Int {
    guard let depth = world.depths[queue] else { throw Missing(entities: [.depth(queue)]) }
    let change = depthChanges[queue] ?? 0
    read.insert(.depth(queue))
    // Where the queue is full nothing is added, and nothing must be bounded: but nobody is turned away on a guess.
    if depth + change >= limit, world.guessedDepths.contains(queue) { throw Missing(entities: [.depth(queue)]) }
    if depth + change < limit { depthBounds[queue] = min(depthBounds[queue] ?? .max, limit - 1 - change) }
    return depth + change
  }

  // MARK: Changing

  /// Applies an event to a task and brings everything that hangs on its phase into line. A task left waiting whose time has come
  /// becomes ready in the same change.
  mutating func apply(
    _ event: TaskEvent, to row: inout TaskRow, aged age: Duration = .zero
  ) throws(DraftError) {
    let previous = row
    let hadLease = row.record.lease
    do {
      try lifecycle.apply(event, to: &row.record, at: moment.now)
    } catch {
      throw .refused(error)
    }
    becomeReadyIfDue(&row)
    if row.record.message != previous.record.message { row.envelope = wire.envelope(row.record.message) }
    let end = moment.storeTime + (row.record.state == .success ? .zero - age : .zero)
    row.ended = row.record.phase == .finished ? end : nil
    if let hadLease, row.record.phase != .leased {
      operations.append(["p", .text(Keys.tag(row.record.key, token: hadLease.token))])
    }
    put(row, over: previous)
    try freeUniqueKey(of: row)
    if let changed = world.tasks[row.record.key] ?? nil { row = changed }
    if row.record.phase == .finished { try follow(row.record) }
  }

  /// Enters a new task; the caller has looked whether its id is free.
  mutating func insert(_ record: TaskRecord, envelope: [UInt8]? = nil, unique: UniqueKey? = nil) throws(DraftError) {
    var row = TaskRow(record, envelope: envelope ?? wire.envelope(record.message), unique: unique)
    becomeReadyIfDue(&row)
    if row.record.phase == .finished { row.ended = moment.storeTime }
    operations.append(["!", "DEL", .text(keys.tombstone(record.key))])
    put(row, over: nil)
    if row.record.phase == .finished { try follow(row.record) }
  }

  /// Takes a task back into the draft with what its events cause.
  private mutating func put(_ row: TaskRow, over previous: TaskRow?) {
    var row = row
    let key = row.record.key
    changes += 1
    row.record.seq = Int64(changes)
    row.isUnreadable = false
    if before[key] == nil { before[key] = .some(previous) }
    touched[key] = changes
    world.tasks[key] = .some(row)
    hints.append(ChangeHint.Change(key: key, state: row.record.state))
    if let previous, previous.record.phase == .ready || previous.record.phase == .delayed {
      depthChanges[previous.record.message.queueKey, default: 0] -= 1
    }
    switch row.record.phase {
    case .ready:
      hasReady = true
      depthChanges[row.record.message.queueKey, default: 0] += 1
      if row.record.message.expires != nil { hasDuty = true }
    case .delayed:
      hasDuty = true
      depthChanges[row.record.message.queueKey, default: 0] += 1
    case .leased, .finished: hasDuty = true
    case .promised: break
    }
  }

  /// Enters a task that a message tells of which somebody else has published: as it stands, over what is there.
  mutating func adopt(_ row: TaskRow) { put(row, over: world.tasks[row.record.key] ?? row) }

  /// Takes over the end of a waiting task that a Python worker ran: it has stored the result, counted the task in its chord
  /// and sent what follows; what is left is our record.
  mutating func absorb(_ outcome: Outcome, of row: TaskRow, worker: String) throws(DraftError) {
    var ended = row
    let token: Int64 = 0
    do {
      if ended.record.phase == .promised {
        try lifecycle.apply(.fulfilled(ended.record.message), to: &ended.record, at: moment.now)
      }
      if ended.record.phase == .delayed {
        try lifecycle.apply(.becameReady(rank: 0), to: &ended.record, at: moment.now)
      }
      let lease = Lease(token: token, deadline: moment.storeTime)
      try lifecycle.apply(.leased(lease, worker: worker), to: &ended.record, at: moment.now)
      try lifecycle.apply(.settled(outcome, token: token), to: &ended.record, at: moment.now)
    } catch {
      throw .refused(error)
    }
    ended.ended = moment.storeTime
    absorbed.insert(row.record.key)
    put(ended, over: row)
    try freeUniqueKey(of: ended)
  }

  /// Ends the tasks whose records can't be read, as dead letters, if the verb has not dealt with them: what waits for them
  /// goes on with the failure, as far as the message could be read.
  mutating func endUnreadable() throws(DraftError) {
    for key in unreadable.subtracting(touched.keys) {
      guard var row = world.tasks[key].flatMap({ $0 }), row.isUnreadable else { continue }
      // In its place stood something that is in no queue.
      var before = row
      before.record.phase = .promised
      row.record.finished = moment.now
      row.ended = moment.storeTime
      put(row, over: before)
      parked.append(key)
      count("unreadable:record")
      // Where it stood can't be known.
      let queue = row.record.message.queueKey
      for set in [keys.delay, keys.delayed(queue), keys.expiring] { perform("ZREM", .text(set), .text(key.text)) }
      if isUsable(queue) {
        perform(
          "LREM", .text(keys.list(queue, for: row.record.message.priority)), -1, .bytes(ByteBuffer(bytes: row.envelope))
        )
      }
      try follow(row.record)
    }
  }

  /// Leaves a delayed task waiting for its queue to be usable again.
  mutating func postpone(_ row: TaskRow) {
    var later = row
    later.record.due = moment.now + Self.unusablePause
    put(later, over: row)
  }

  /// How long a task waits for its queue to be usable again before it is looked at anew.
  private static let unusablePause = Duration.seconds(60)

  private mutating func becomeReadyIfDue(_ row: inout TaskRow) {
    guard row.record.phase == .delayed else { return }
    guard isUsable(row.record.message.queueKey) else {
      row.record.due = max(row.record.due ?? moment.now, moment.now + Self.unusablePause)
      return
    }
    if let due = row.record.due, due > moment.now { return }
    // A delayed task can always become ready.
    try? lifecycle.apply(.becameReady(rank: 0), to: &row.record, at: moment.now)
  }

  private mutating func freeUniqueKey(of row: TaskRow) throws(DraftError) {
    guard let unique = row.unique else { return }
    guard row.record.phase == .finished || (row.record.phase == .leased && unique.scope == .untilStarted) else {
      return
    }
    let name = ScopedName(unique.key, tenant: row.record.message.tenant)
    if try looking({ draft throws(Missing) in try draft.uniqueHolder(name) }) == row.record.message.id {
      setUnique(name, nil)
    }
    guard var freed = world.tasks[row.record.key] ?? nil else { return }
    freed.unique = nil
    world.tasks[row.record.key] = .some(freed)
  }

  /// Looks, with what is missing as an error of the draft.
  mutating func looking<Value>(_ look: (inout Draft) throws(Missing) -> Value) throws(DraftError) -> Value {
    do {
      return try look(&self)
    } catch {
      throw .missing(error)
    }
  }

  mutating func setUnique(_ name: ScopedName, _ id: TaskID?) {
    world.unique[name] = .some(id?.text)
    operations.append(
      id.map { ["!", "SET", .text(keys.unique(name)), .text($0.text)] } ?? ["!", "DEL", .text(keys.unique(name))])
  }

  mutating func remember(_ name: ScopedName, _ entry: IdempotencyEntry, for retention: Duration) {
    world.idempotency[name] = .some(entry.text)
    operations.append(["!", "SET", .text(keys.idempotency(name)), .text(entry.text)] + expiry(retention))
  }

  /// The words that make Redis forget after a time.
  private func expiry(_ duration: Duration) -> [RESPCommand.Argument] {
    setsExpiry ? ["PX", .number(max(1, duration.microseconds / 1000))] : []
  }

  mutating func setGroup(_ name: ScopedName, _ state: GroupState) { world.groups[name] = state }

  mutating func count(_ part: ChordMember, as member: String, in name: ScopedName) {
    world.counted[name, default: [:]][member] = true
    world.parts[name]?.append(part)
    world.parts[name]?.sort()
  }

  /// Removes an ended task; its id is remembered as gone for a while.
  mutating func forget(_ row: TaskRow, tombstone: Duration, leavingGap: Bool = true) {
    let key = row.record.key
    world.tasks[key] = .some(nil)
    forgotten[key] = row
    if leavingGap { operations.append(["m", .text(keys.forgotten), .number(row.record.seq)]) }
    if tombstone > .zero {
      let until = String((moment.storeTime + tombstone).microseconds)
      world.tombstones[key] = .some(until)
      operations.append(["!", "SET", .text(keys.tombstone(key)), .text(until)] + expiry(tombstone))
    }
  }

  /// Adds to a counter of the store.
  mutating func count(_ counter: String, by number: Int = 1) {
    operations.append(["!", "HINCRBY", .text(keys.counters), .text(counter), .number(number)])
  }

  /// Adds a plain command.
  mutating func perform(_ arguments: RESPCommand.Argument...) { operations.append(["!"] + arguments) }

  /// Adds an operation of the script.
  mutating func operate(_ arguments: [RESPCommand.Argument]) { operations.append(arguments) }
}

/// Why a verb could not go on.
enum DraftError: Error {
  case missing(Missing)
  case refused(TransitionRefusal)
}
