import CelerityCore
import CelerityJSON

/// Time, maintenance, operators and everything that goes wrong.
extension Simulation {
  static let retention = Retention(success: .seconds(120), failure: .seconds(240), tombstone: .seconds(3600))

  mutating func maintain() throws(Violation) -> Happening {
    let limit = random.oneIn(3) ? 1 + random.below(3) : 1000
    // Ended tasks are forgotten in some worlds only, so that others keep what went wrong.
    let retention = seed % 2 == 0 ? Self.retention : Retention()
    return try maintain(MaintenanceRequest(retention: retention, limit: limit)).happening
  }

  mutating func maintain(
    _ request: MaintenanceRequest
  ) throws(Violation) -> (happening: Happening, report: MaintenanceReport) {
    let report = model.maintain(request, at: moment)
    note("maintain \(request.limit): \(report)")
    if bug == .hidesCause, report.reclaimed > 0 { model.counters.leasesLost[.leaseExpired, default: 1] -= 1 }
    let most = [report.promoted, report.expired, report.reclaimed].max() ?? 0
    guard most <= request.limit else { throw Violation("I1", "maintenance did \(most) of at most \(request.limit)") }
    var happening = Happening()
    happening.forgotten = report.purged
    return (happening, report)
  }

  mutating func operate() throws(Violation) -> Happening {
    let queue = QueueKey(Self.queues[random.below(3)], tenant: Self.tenants[random.below(2)])
    let key = random.pick(keys) ?? TaskKey("none")
    var happening = Happening()
    let command: ControlCommand
    switch random.below(12) {
    case 0: command = .pause(queue)
    case 1..<4: command = .resume(queue)
    case 4: command = .purge(queue)
    case 5: command = .discard(key)
    case 6: command = .move(queue, to: Self.queues[random.below(3)])
    default:
      command = .redrive(random.pick(keys.filter { ledger.lives[$0]?.end?.isDeadLetter == true }) ?? key)
    }
    let result = model.control([command], at: moment)
    note("control \(command): \(result)")
    if case .redrive(let key) = command, result == [.done(affected: 1)] { happening.redriven.insert(key) }
    if case .discard = command, result == [.done(affected: 1)] { happening.forgotten = 1 }
    return happening
  }

  mutating func timePasses() -> Happening {
    pass(.milliseconds(random.below(45_000)))
    note("time passes")
    return Happening()
  }

  mutating func wallClockJumps() -> Happening {
    let error = Duration.seconds(random.below(7200) - 3600)
    moment.now = trueTime + error
    note("the wall clock jumps and is wrong by \(error)")
    return Happening()
  }

  mutating func workerDies() -> Happening {
    let index = random.below(workers.count)
    let name = workers[index].fullName
    note("\(name) dies")
    // Some only lose their connection: their attempts run on and may come back.
    if random.oneIn(2) { strays += workers[index].running }
    workers[index].running = []
    workers[index].incarnation += 1
    workers[index].frozenUntil = nil
    return Happening()
  }

  mutating func workerFreezes() -> Happening {
    let index = random.below(workers.count)
    workers[index].frozenUntil = moment.storeTime + .milliseconds(random.below(90_000))
    let name = workers[index].fullName
    note("\(name) freezes")
    return Happening()
  }

  /// What the wall clock would show if nobody had touched it.
  var trueTime: Timestamp { Self.start.now + (moment.storeTime - Self.start.storeTime) }

  /// The store's process dies and starts again: every lease is lost as `processDied`.
  mutating func restart() -> Happening {
    note("restart")
    restarts += 1
    model.restart(at: moment)
    for index in workers.indices {
      if random.oneIn(2) { strays += workers[index].running }
      workers[index].running = []
    }
    return Happening()
  }

  // MARK: Planted errors

  private func someKey(_ random: inout SeededRandom, where fits: (Life) -> Bool) -> TaskKey? {
    random.pick(keys.filter { ledger.lives[$0].map(fits) ?? false })
  }

  /// Answers a settlement as a store would that does not look at tokens.
  func withCurrentToken(_ settlement: Settlement) -> Settlement {
    var settlement = settlement
    if let slot = model.slots[settlement.key], let token = model.rows[slot].record.lease?.token {
      settlement.token = token
    }
    return settlement
  }

  /// Once in a while, does to the model what the planted error would do.
  mutating func plantBug() {
    guard let bug, event > 20, random.oneIn(10) else { return }
    switch bug {
    case .losesTask:
      guard let key = someKey(&random, where: { $0.end == nil }), let slot = model.slots[key] else { return }
      model.forget(slot, tombstone: .zero, at: moment)
    case .leasesTwice: changeSilently(where: { $0.phase == .leased }) { $0.phase = .ready }
    case .changesResult: changeSilently(where: { $0.state == .success }) { $0.result = .string("another") }
    case .resurrects:
      changeSilently(where: { $0.end != nil }) {
        $0.phase = .ready
        $0.state = .pending
        $0.finished = nil
      }
    case .forgetsRetry: changeSilently(where: { $0.state == .retry && $0.phase == .ready }) { $0.message.retries -= 1 }
    case .forgetsMember:
      let incomplete = model.groups.filter {
        !$0.value.members.isEmpty && $0.value.members.count < $0.value.declaration.size
      }
      for name in incomplete.keys { model.groups[name]?.members = [:] }
    case .ignoresToken, .hidesCause: break
    }
  }

  /// Changes a stored record behind the lifecycle's back.
  private mutating func changeSilently(where fits: (Life) -> Bool, _ change: (inout TaskRecord) -> Void) {
    guard let key = someKey(&random, where: fits), let slot = model.slots[key] else { return }
    var row = model.rows[slot]
    model.removeFromIndexes(slot)
    change(&row.record)
    if row.record.phase != .leased { row.record.lease = nil }
    model.rows[slot] = row
    model.addToIndexes(slot)
    note("planted: \(key)")
  }
}
