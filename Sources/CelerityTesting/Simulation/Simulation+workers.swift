import CelerityCore
import CelerityJSON

/// Workers: they fetch, run, extend, report and settle; some settle twice because they did not hear the answer.
extension Simulation {
  static let lease = Duration.seconds(30)

  /// A worker that can act now.
  private mutating func awakeWorker(running: Bool) -> Int? {
    let awake = workers.indices.filter { index in
      if let until = workers[index].frozenUntil, until > moment.storeTime { return false }
      return !running || !workers[index].running.isEmpty
    }
    return random.pick(awake)
  }

  mutating func fetchSomething() throws(Violation) -> Happening {
    guard let index = awakeWorker(running: false) else { return Happening() }
    workers[index].frozenUntil = nil
    let queues = random.oneIn(3) ? [Self.queues[random.below(3)]] : Self.queues
    return try fetch(index, queues, limit: 1 + random.below(4))
  }

  mutating func fetch(_ index: Int, _ queues: [String], limit: Int) throws(Violation) -> Happening {
    let paused = Set(model.queues(of: nil).filter(\.isPaused).map(\.key))
    let deliveries = model.fetch(
      FetchRequest(queues: queues, limit: limit, worker: workers[index].fullName, lease: Self.lease), at: moment)
    let name = workers[index].fullName
    note("\(name) fetch \(deliveries.map { "\($0.key)#\($0.lease.token)" })")
    var happening = Happening()
    for delivery in deliveries {
      let message = delivery.message
      let queue = QueueKey(message.queue, tenant: message.tenant)
      guard !paused.contains(queue), queues.contains(message.queue), happening.deliveries[delivery.key] == nil else {
        throw Violation("I4", "\(delivery.key) was fetched from \(queue)")
      }
      if let expires = message.expires, expires <= moment.now {
        throw Violation("I5", "\(delivery.key) was delivered although it has expired")
      }
      happening.deliveries[delivery.key] = delivery
    }
    try checkOrder(deliveries, queues, paused, isFull: deliveries.count == limit)
    workers[index].running += deliveries
    return happening
  }

  /// What goes next goes first: deliveries are in order of rank, and nothing that waits should have gone before.
  private func checkOrder(
    _ deliveries: [Delivery], _ queues: [String], _ paused: Set<QueueKey>, isFull: Bool
  ) throws(Violation) {
    let ranks = deliveries.compactMap { model.slots[$0.key].map { model.rows[$0].record.rank } }
    guard ranks == ranks.sorted() else { throw Violation("order", "ranks \(ranks) were delivered in this order") }
    for (key, queue) in model.queueStates where queues.contains(key.name) && !paused.contains(key) {
      guard let first = queue.ready.first else { continue }
      guard isFull, let last = ranks.last, last <= first.order else {
        throw Violation("order", "\(key) keeps a task of rank \(first.order) and ranks \(ranks) were delivered")
      }
    }
  }

  mutating func settleSomething() throws(Violation) -> Happening {
    guard let index = awakeWorker(running: true) else { return Happening() }
    workers[index].frozenUntil = nil
    var settlements: [Settlement] = []
    for _ in 0...random.below(2) where !workers[index].running.isEmpty {
      let delivery = workers[index].running.remove(at: random.below(workers[index].running.count))
      settlements.append(settlement(of: delivery))
    }
    // The answer was lost: the worker says it again, now or later.
    if random.oneIn(8), let last = settlements.last { settlements.append(last) }
    return try settle(settlements, by: workers[index].fullName)
  }

  /// Somebody who was cut off or frozen comes back and settles what it still believes to hold.
  mutating func strayReturns() throws(Violation) -> Happening {
    guard !strays.isEmpty else { return Happening() }
    let delivery = strays.remove(at: random.below(strays.count))
    return try settle([settlement(of: delivery)], by: "a stray")
  }

  private mutating func settlement(of delivery: Delivery) -> Settlement {
    let outcome = outcome(of: delivery)
    var settlement = Settlement(delivery, outcome)
    if random.oneIn(6) {
      var followUp = delivery.message
      serial += 1
      followUp.id = TaskID(stored: random.oneIn(4) ? "f-again-\(delivery.message.id)" : "f\(serial)")
      followUp.eta = nil
      followUp.expires = nil
      followUp.retries = 0
      followUp.extras.group = nil
      settlement.followUps.append(Submission(followUp))
    }
    if random.oneIn(6) { settlement.steps.append(StepResult(name: "s", value: .integer(delivery.lease.token))) }
    return settlement
  }

  private mutating func outcome(of delivery: Delivery) -> Outcome {
    let failure = TaskFailure(type: "ValueError", message: "boom \(delivery.attempt)")
    switch random.below(20) {
    case 0..<11: return .success(.integer(delivery.lease.token))
    case 11..<15:
      let isLast = delivery.message.retries >= delivery.message.extras.maxRetries ?? 0
      return isLast ? .failure(failure) : .retry(after: .milliseconds(random.below(3) * random.below(20_000)), failure)
    case 15: return .failure(failure)
    case 16: return .ignored
    case 17: return .rejected(failure)
    case 18: return .revoked(reason: .terminated)
    default: return .released(after: .milliseconds(random.below(2) * 1000), reason: .shutdown)
    }
  }

  mutating func settle(_ settlements: [Settlement], by who: String) throws(Violation) -> Happening {
    var asked = settlements
    if bug == .ignoresToken { asked = settlements.map(withCurrentToken) }
    let results = model.settle(asked, at: moment)
    note("\(who) settle \(settlements.map { "\($0.key)#\($0.token) \($0.outcome)" }): \(results)")
    var happening = Happening()
    for (settlement, result) in zip(settlements, results) {
      let life = ledger.lives[settlement.key]
      let holds =
        life?.phase == .leased && life?.token == settlement.token && happening.commits[settlement.key] == nil
      switch result {
      case .committed(let state, _):
        guard holds else {
          throw Violation("I3", "\(settlement.key)#\(settlement.token) was committed without the lease")
        }
        happening.commits[settlement.key] = Happening.Commit(
          token: settlement.token, state: state, outcome: settlement.outcome)
        for followUp in settlement.followUps {
          happening.followUps[followUp.message.key] = followUp
          if ledger.lives[followUp.message.key] == nil { keys.append(followUp.message.key) }
        }
      case .stale:
        guard !holds, life != nil else { throw Violation("I3", "\(settlement.key)#\(settlement.token) was refused") }
        staleAnswers += 1
      case .unknown:
        guard life == nil else { throw Violation("I1", "\(settlement.key) is unknown to settle") }
      }
    }
    guard model.counters.staleSettlements == staleAnswers else {
      throw Violation("I4", "\(model.counters.staleSettlements) stale settlements were counted of \(staleAnswers)")
    }
    return happening
  }

  mutating func heartbeat() throws(Violation) -> Happening {
    guard let index = awakeWorker(running: true) else { return Happening() }
    let running = workers[index].running
    let answers = model.extend(
      running.map { LeaseExtension($0.key, token: $0.lease.token, by: Self.lease) }, at: moment)
    let name = workers[index].fullName
    note("\(name) extend \(running.map(\.key)): \(answers)")
    for (delivery, answer) in zip(running, answers) {
      let life = ledger.lives[delivery.key]
      let holds = life?.phase == .leased && life?.token == delivery.lease.token
      switch answer {
      case .held where !holds:
        throw Violation("I4", "\(delivery.key)#\(delivery.lease.token) was extended after its loss")
      case .lost where holds: throw Violation("I4", "\(delivery.key)#\(delivery.lease.token) was called lost")
      case .lost:
        workers[index].running.removeAll { $0.lease.token == delivery.lease.token }
        // It may not hear this in time.
        if random.oneIn(2) { strays.append(delivery) }
      case .held: break
      }
    }
    return Happening()
  }

  mutating func reportSomething() throws(Violation) -> Happening {
    guard let index = awakeWorker(running: true), let delivery = random.pick(workers[index].running) else {
      return Happening()
    }
    let life = ledger.lives[delivery.key]
    let holds = life?.phase == .leased && life?.token == delivery.lease.token
    let value = RawJSON.integer(Int64(event))
    let report = ProgressReport(delivery.key, token: delivery.lease.token, value: value)
    let holder = PermitHolder(delivery.key, token: delivery.lease.token)
    let isTaken: Bool
    switch random.below(3) {
    case 0: isTaken = model.report([report], at: moment) == [true]
    case 1:
      isTaken = model.save(
        StepResult(name: "s\(random.below(2))", value: value), for: delivery.key, token: delivery.lease.token)
    default:
      let limit = Permit("p", .concurrency(2))
      let answers = model.acquire([PermitRequest(holder, permits: [limit])], at: moment)
      isTaken = answers == [.granted] || holds
      guard model.permits.holders.count <= 2 else { throw Violation("I4", "a limit of 2 has more holders") }
    }
    let name = workers[index].fullName
    note("\(name) report \(delivery.key)#\(delivery.lease.token): \(isTaken)")
    guard isTaken == holds else {
      throw Violation("I3", "a report of \(delivery.key)#\(delivery.lease.token) was taken: \(isTaken)")
    }
    return Happening()
  }
}
