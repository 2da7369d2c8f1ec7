import CelerityCore
import CelerityJSON

/// Liveness: when nothing goes wrong any more, every task ends within a bounded time.
extension Simulation {
  /// How many rounds of work healing may take, and how much time.
  private static let longestHealing = (rounds: 400, time: Duration.seconds(4 * 3600))

  mutating func heal() throws(Violation) {
    note("healing begins")
    for queue in Self.queues {
      for tenant in Self.tenants { _ = model.control([.resume(QueueKey(queue, tenant: tenant))], at: moment) }
    }
    moment.now = trueTime
    let end = moment.storeTime + Self.longestHealing.time
    for _ in 0..<Self.longestHealing.rounds {
      event += 1
      let settled = try settleEverything()
      try ledger.check(model, settled)
      let (happening, report) = try maintain(MaintenanceRequest(retention: Retention()))
      try ledger.check(model, happening)
      let fetched = try fetch(0, Self.queues, limit: 1000)
      try ledger.check(model, fetched)
      if ledger.lives.values.allSatisfy({ $0.end != nil }) { return try checkHealed() }
      if workers.allSatisfy(\.running.isEmpty) {
        guard let next = report.nextDue else { break }
        pass(min(max(next, .milliseconds(1)), .seconds(600)))
      }
      if moment.storeTime > end { break }
    }
    let open = ledger.lives.filter { $0.value.end == nil }.map { "\($0.key) \($0.value.state) \($0.value.phase)" }
    throw Violation("liveness", "\(open.count) tasks did not end: \(open.sorted().prefix(5))")
  }

  private mutating func settleEverything() throws(Violation) -> Happening {
    let running = workers.flatMap(\.running)
    for index in workers.indices {
      workers[index].running = []
      workers[index].frozenUntil = nil
    }
    return try settle(running.map { Settlement($0, .success(.true)) }, by: "everybody")
  }

  /// What must be true of a world at rest.
  private func checkHealed() throws(Violation) {
    guard model.uniqueHolders.isEmpty else {
      throw Violation("liveness", "unique keys are held: \(model.uniqueHolders.values.map(\.description).sorted())")
    }
    guard model.permits.holders.isEmpty else { throw Violation("liveness", "permits are held by nobody who runs") }
    for (name, chord) in ledger.chords where chord.ends.count < chord.size {
      throw Violation("liveness", "\(chord.size - chord.ends.count) members of \(name.name.text) did not end")
    }
  }
}
