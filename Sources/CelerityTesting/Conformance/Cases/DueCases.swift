import CelerityCore
import CelerityJSON

/// Maintenance: what time makes due.
enum DueCases {
  static let all = [
    ConformanceCase("A delayed task is promoted when its time has come, and not before", promoted),
    ConformanceCase("Promoted tasks go by priority", promotedByPriority),
    ConformanceCase("An eta follows the wall clock, forward and back", etaFollowsWallClock),
    ConformanceCase("Waiting tasks that expired are revoked, ready or delayed", expired),
    ConformanceCase("A running task does not expire", runningDoesNotExpire),
    ConformanceCase("A task that waits for its retry expires", retryExpires),
    ConformanceCase("Maintenance does no more than its limit and says that there is more", limit),
    ConformanceCase("Maintenance says when the next task or lease is due", nextDue),
    ConformanceCase("Maintenance with nothing to do says so", nothingToDo),
    ConformanceCase("Maintenance repeated does nothing", repeated),
    ConformanceCase("Concurrent maintenance does each thing once", concurrent),
    ConformanceCase("Expired leases of many tasks are all taken back", manyLeases),
  ]

  static func promoted(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", eta: run.now + .seconds(10)))
    run.time.advance(by: .seconds(10) - .microseconds(1))
    try run.equal(try await run.maintain().promoted, 0, "promoted too early")
    try run.equal(try await run.fetchIDs(), [], "fetched too early")
    run.time.advance(by: .microseconds(1))
    try run.equal(try await run.maintain().promoted, 1, "promoted")
    try await run.expectRecord("a", .pending, .ready)
    try run.equal(try await run.record("a").due, nil, "due")
    try run.equal(try await run.record("a").message.eta, run.now, "eta")
    try await run.take("a")
  }

  static func promotedByPriority(_ run: ConformanceRun) async throws {
    for (id, priority) in [("low", 1), ("high", 9), ("middle", 5)] {
      try await run.accept(.make(id, priority: priority, eta: run.now + .seconds(1)))
    }
    run.time.advance(by: .seconds(2))
    try run.equal(try await run.maintain().promoted, 3, "promoted")
    try run.equal(try await run.fetchIDs(), ["high", "middle", "low"], "order")
  }

  static func etaFollowsWallClock(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", eta: run.now + .seconds(3000)))
    run.time.jump(by: .seconds(-3600))
    run.time.advance(by: .seconds(3000))
    try run.equal(try await run.maintain().promoted, 0, "promoted after a jump back")
    run.time.jump(by: .seconds(3600))
    try run.equal(try await run.maintain().promoted, 1, "promoted after a jump forward")
  }

  static func expired(_ run: ConformanceRun) async throws {
    try await run.accept(.make("ready", expires: run.now + .seconds(10)))
    try await run.accept(.make("delayed", eta: run.now + .seconds(20), expires: run.now + .seconds(10)))
    try await run.accept(.make("alive", expires: run.now + .seconds(11)))
    try run.equal(try await run.maintain().expired, 0, "expired too early")
    run.time.advance(by: .seconds(10))
    try run.equal(try await run.maintain().expired, 2, "expired")
    for id in ["ready", "delayed"] {
      try await run.expectRecord(id, .revoked, .finished)
      try run.equal(try await run.record(id).reason, "expired", "reason")
    }
    try await run.take("alive")
  }

  static func runningDoesNotExpire(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", expires: run.now + .seconds(10)))
    let delivery = try await run.take("a")
    run.time.advance(by: .seconds(15))
    try run.equal(try await run.maintain().expired, 0, "expired")
    try await run.settle(delivery, .success(.null))
  }

  static func retryExpires(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", expires: run.now + .seconds(10)))
    try await run.settle(try await run.take("a"), .retry(after: .seconds(20), .boom))
    run.time.advance(by: .seconds(10))
    try run.equal(try await run.maintain().expired, 1, "expired")
    try await run.expectRecord("a", .revoked, .finished)
  }

  static func limit(_ run: ConformanceRun) async throws {
    for number in 0..<7 { try await run.accept(.make("t\(number)", eta: run.now + .seconds(1 + number))) }
    run.time.advance(by: .seconds(10))
    let first = try await run.maintain(limit: 3)
    try run.equal(first.promoted, 3, "promoted first")
    try run.expect(first.hasMore, "it says that there is no more")
    try run.equal(Set(try await run.fetchIDs()), ["t0", "t1", "t2"], "fetched first")
    try run.equal(try await run.maintain(limit: 3).promoted, 3, "promoted then")
    let last = try await run.maintain(limit: 3)
    try run.equal(last.promoted, 1, "promoted last")
    try run.expect(!last.hasMore, "it says that there is more")
  }

  static func nextDue(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", eta: run.now + .seconds(50)))
    try run.equal(try await run.maintain().nextDue, .seconds(50), "with a delayed task")
    try await run.accept("b")
    try await run.take("b", lease: .seconds(20))
    try run.equal(try await run.maintain().nextDue, .seconds(20), "with a lease")
    run.time.advance(by: .seconds(15))
    try run.equal(try await run.maintain().nextDue, .seconds(5), "later")
  }

  static func nothingToDo(_ run: ConformanceRun) async throws {
    try run.equal(try await run.maintain(), MaintenanceReport(), "in an empty store")
    try await run.accept("a")
    try run.equal(try await run.maintain(), MaintenanceReport(), "with a ready task")
  }

  static func repeated(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", eta: run.now + .seconds(1)))
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.maintain().promoted, 1, "promoted")
    let record = try await run.record("a")
    try run.equal(try await run.maintain(), MaintenanceReport(), "done again")
    try run.equal(try await run.record("a"), record, "record")
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    for number in 0..<40 { try await run.accept(.make("t\(number)", eta: run.now + .seconds(1))) }
    run.time.advance(by: .seconds(1))
    let reports = try await run.together(4) { _ in
      var promoted = 0
      while case let report = try await run.maintain(limit: 3), report.promoted > 0 { promoted += report.promoted }
      return promoted
    }
    try run.equal(reports.reduce(0, +), 40, "promoted")
    try run.equal(try await run.fetchIDs().count, 40, "fetched")
  }

  static func manyLeases(_ run: ConformanceRun) async throws {
    _ = try await run.store.submit((0..<50).map { Submission(.make("t\($0)")) })
    let first = try await run.fetch(50)
    run.time.advance(by: .seconds(30))
    var reclaimed = 0
    while case let report = try await run.maintain(limit: 20), report.reclaimed > 0 { reclaimed += report.reclaimed }
    try run.equal(reclaimed, 50, "reclaimed")
    let second = try await run.fetch(50)
    try run.equal(second.map(\.key), first.map(\.key), "order of the second attempts")
    try run.equal(Set(second.map(\.attempt)), [2], "attempts")
  }
}
