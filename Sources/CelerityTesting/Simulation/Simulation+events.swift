import CelerityCore
import CelerityJSON

extension Simulation {
  /// What can happen, with how often out of a hundred.
  private static let weights: [(Event, Int)] = [
    (.submit, 15), (.repeatRequest, 4), (.fetch, 20), (.settle, 21), (.extend, 6), (.report, 4), (.strayReturns, 5),
    (.cancel, 3), (.operate, 4), (.maintain, 9), (.workerDies, 2), (.workerFreezes, 2), (.wallClockJumps, 1),
    (.restart, 1), (.timePasses, 3),
  ]

  private enum Event {
    case submit, repeatRequest, fetch, settle, extend, report, strayReturns, cancel, operate, maintain
    case workerDies, workerFreezes, wallClockJumps, restart, timePasses
  }

  private mutating func draw() -> Event {
    var ticket = random.below(100)
    for (event, weight) in Self.weights {
      if ticket < weight { return event }
      ticket -= weight
    }
    return .timePasses
  }

  /// One event of the seed's choice.
  mutating func act() throws(Violation) -> Happening {
    pass(.milliseconds(random.below(1500)))
    if bug != nil { plantBug() }
    switch draw() {
    case .submit: return try submitSomething()
    case .repeatRequest: return try repeatRequest()
    case .fetch: return try fetchSomething()
    case .settle: return try settleSomething()
    case .extend: return try heartbeat()
    case .report: return try reportSomething()
    case .strayReturns: return try strayReturns()
    case .cancel: return try cancelSomething()
    case .operate: return try operate()
    case .maintain: return try maintain()
    case .workerDies: return workerDies()
    case .workerFreezes: return workerFreezes()
    case .wallClockJumps: return wallClockJumps()
    case .restart: return restart()
    case .timePasses: return timePasses()
    }
  }

  mutating func pass(_ duration: Duration) {
    moment.now = moment.now + duration
    moment.storeTime = moment.storeTime + duration
  }
}
