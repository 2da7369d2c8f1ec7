public import CelerityCore

extension StoreModel {
  /// `Engine.fetch` without waiting.
  public mutating func fetch(_ request: FetchRequest, at moment: Moment) -> [Delivery] {
    var deliveries: [Delivery] = []
    while deliveries.count < request.limit, let slot = firstReady(in: request.queues) {
      let expires = rows[slot].record.message.expires
      let lease = Lease(token: seq + 1, deadline: moment.storeTime + request.lease)
      let event: TaskEvent =
        if let expires, expires <= moment.now { .expired } else { .leased(lease, worker: request.worker) }
      // A ready task takes either event.
      try? apply(event, to: slot, at: moment)
      if let delivery = Delivery(rows[slot].record) { deliveries.append(delivery) }
    }
    return deliveries
  }

  /// The task that goes next over all tenants' queues of these names.
  private mutating func firstReady(in names: [String]) -> Int? {
    if case .steps(let every) = claimOrder { return nextBySteps(in: names, every: every) }
    var best: Place?
    let names = Set(names.map(ByteText.init))
    for (key, queue) in queueStates where !queue.isPaused && names.contains(ByteText(key.name)) {
      guard let first = queue.ready.first else { continue }
      if best.map({ first < $0 }) ?? true { best = first }
    }
    return best?.slot
  }

  /// `Engine.extend`.
  public mutating func extend(_ extensions: [LeaseExtension], at moment: Moment) -> [LeaseStatus] {
    extensions.map { wish in
      guard let slot = leasedSlot(wish.key, token: wish.token) else { return .lost }
      let lease = Lease(token: wish.token, deadline: moment.storeTime + wish.lease)
      // No change number: a heartbeat is nothing that a reader of the feed could want to know.
      removeFromIndexes(slot)
      rows[slot].record.lease = lease
      addToIndexes(slot)
      effects.hasNewDueTime = true
      return .held(lease, isCancelRequested: rows[slot].record.isCancelRequested)
    }
  }

  /// `Engine.settle`.
  public mutating func settle(_ settlements: [Settlement], at moment: Moment) -> [SettleResult] {
    settlements.map { settle($0, at: moment) }
  }

  private mutating func settle(_ settlement: Settlement, at moment: Moment) -> SettleResult {
    guard let slot = slots[settlement.key] else { return .unknown }
    guard leasedSlot(settlement.key, token: settlement.token) != nil else {
      counters.staleSettlements += 1
      return .stale
    }
    for step in settlement.steps { keep(step, slot) }
    // Nothing is refused to the holder of the lease.
    let event =
      settlement.replacement?.event(token: settlement.token)
      ?? .settled(settlement.outcome, token: settlement.token)
    try? apply(event, to: slot, at: moment, aged: settlement.retentionHeadStart)
    if rows[slot].record.phase == .promised { send(settlement.replacement?.first ?? [], before: slot, at: moment) }
    let record = rows[slot].record
    for var followUp in settlement.followUps {
      followUp.depthLimit = nil
      _ = submit(followUp, at: moment)
    }
    return .committed(record.state, seq: record.seq)
  }

  /// Submits what leads to what was promised.
  private mutating func send(_ first: [Submission], before slot: Int, at moment: Moment) {
    for var submission in first {
      submission.depthLimit = nil
      guard let obstacle = Replacement.obstacle(submit(submission, at: moment)) else { continue }
      // Only a promise can be broken; what came before may have kept it.
      try? apply(.broken(rows[slot].record.message, obstacle), to: slot, at: moment)
    }
  }

  /// The slot of a task if this token holds its lease.
  func leasedSlot(_ key: TaskKey, token: Int64) -> Int? {
    guard let slot = slots[key], rows[slot].record.lease?.token == token, rows[slot].record.phase == .leased else {
      return nil
    }
    return slot
  }

  /// Stores a step; the first value of a name stays.
  mutating func keep(_ step: StepResult, _ slot: Int) {
    let generation = rows[slot].record.generation
    let name = ByteText(step.name)
    if rows[slot].steps[generation]?[name] == nil {
      rows[slot].steps[generation, default: [:]][name] = step
    }
  }

  /// `Engine.cancel`.
  public mutating func cancel(_ requests: [CancelRequest], at moment: Moment) -> [CancelResult] {
    requests.map { request in
      guard let slot = slots[request.key] else { return .unknown }
      do {
        try apply(.cancelRequested(reason: request.reason), to: slot, at: moment)
      } catch {
        return .alreadyFinished(rows[slot].record.state)
      }
      return rows[slot].record.phase == .finished ? .revoked : .requested
    }
  }
}
