import CelerityCore
import CeleryWire
import NIOCore
import RESPClient

extension Draft {
  /// What becomes of a claimed message that no record tells of: somebody else has published it, or it came back by another's
  /// hand. Answers the row whose attempt begins, if one does.
  mutating func adopt(_ claim: Claim, worker: String, deadline: StoreTime) throws(DraftError) -> TaskRow? {
    guard holds(claim) else { return nil }
    let message: TaskMessage
    do {
      message = try wire.foreign(claim.envelope, queue: claim.queue)
    } catch {
      try park(claim, error)
      return nil
    }
    let known = try looking { draft throws(Missing) in try draft.row(message.key) }
    guard var row = known else {
      return try begin(
        TaskRow(TaskRecord(accepting: message, at: moment.now), envelope: claim.envelope), claim, worker, deadline)
    }
    switch row.record.phase {
    case .finished where row.record.state == .revoked && row.record.wasPromised(message):
      // A Python worker has run the step before it, and knows nothing of the revocation.
      giveBack(claim)
      return nil
    case .finished where row.record.state != .success && !(row.record.state == .revoked && claim.isRedelivered):
      // Somebody publishes a task anew that has failed or was revoked.
      row.record.message = message
      row.strayTag = claim.tag
      row.envelope = claim.envelope
      try apply(.redriven, to: &row)
      row.strayTag = nil
      return nil
    case .promised where row.record.isPromise(of: message):
      // Sent by the Python worker that ran the step before it.
      row.record.message = message
      row.envelope = claim.envelope
      return try begin(row, claim, worker, deadline)
    case .finished, .leased, .promised:
      count("duplicate_deliveries")
      giveBack(claim)
      if row.record.phase == .finished {
        // The whole chord may have been published again by who ran the step before it twice: its second count must
        // come to an end like the first.
        row.record.message.extras.group = message.extras.group
        row.record.message.extras.chord = message.extras.chord
        try countInGroup(row.record)
      }
      return nil
    case .ready, .delayed:
      // A retry that a Python worker has published, or what kombu has put back, marked as redelivered.
      row.record.message = message
      row.envelope = claim.envelope
      return try begin(row, claim, worker, deadline)
    }
  }

  private mutating func begin(
    _ row: TaskRow, _ claim: Claim, _ worker: String, _ deadline: StoreTime
  ) throws(DraftError) -> TaskRow? {
    var row = row
    // What a record tells of waits somewhere: there it is taken out, and no claim goes with it.
    let isKnown = world.tasks[row.record.key].flatMap { $0 } != nil
    if !isKnown { row.strayTag = claim.tag }
    if let expires = row.record.message.expires, expires <= moment.now {
      if isKnown {
        giveBack(claim)
        adopt(row)
      }
      try apply(.expired, to: &row)
      return nil
    }
    if let eta = row.record.message.eta, eta > moment.now {
      // Off the queue at once: an eta must not take anybody's slot, and no peer may give it back before its time.
      row.record.phase = .delayed
      row.record.due = eta
      giveBack(claim)
      row.strayTag = nil
      adopt(row)
      return nil
    }
    row.record.phase = .ready
    row.record.due = nil
    if isKnown { adopt(row) }
    try apply(.leased(Lease(token: claim.token, deadline: deadline), worker: worker), to: &row)
    return row
  }

  /// Takes a claim off the books.
  mutating func giveBack(_ claim: Claim) { giveBack(claim.tag, of: claim.queue) }

  /// Takes a claim off the books, by its name.
  mutating func giveBack(_ tag: String, of queue: QueueKey) {
    var writes: [Arguments] = []
    release(tag, of: queue, &writes)
    for write in writes { operate(write) }
  }

  /// Keeps a message that can't become a task: never run, never dropped in silence. Who waits for it is told.
  private mutating func park(_ claim: Claim, _ fault: WireFault) throws(DraftError) {
    giveBack(claim)
    count("unreadable:\(fault.kind.rawValue)")
    guard let id = fault.id.flatMap({ TaskID($0) }) else {
      perform("LPUSH", .text(keys.unreadable), .bytes(ByteBuffer(bytes: claim.envelope)))
      perform("LTRIM", .text(keys.unreadable), 0, 9_999)
      return
    }
    let key = TaskKey(id, tenant: claim.queue.tenant)
    if try looking({ draft throws(Missing) in try draft.row(key) }) != nil { return }
    var message = TaskMessage(
      id: id, task: fault.task ?? "unknown", queue: claim.queue.name, tenant: claim.queue.tenant)
    message.extras.rootID = fault.context.rootID
    message.extras.parentID = fault.context.parentID
    message.extras.group = fault.context.group
    message.extras.chord = fault.context.chord
    message.extras.errbacks = fault.context.errbacks.isEmpty ? nil : fault.context.errbacks
    message.extras.chain = fault.context.chain.isEmpty ? nil : fault.context.chain
    try insert(TaskRecord(failing: message, with: fault.taskFailure, at: moment.now))
  }
}
