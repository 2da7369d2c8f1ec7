import CelerityCore
import CelerityJSON

/// Revocations by id and by stamp.
enum RevocationCases {
  static let all = [
    ConformanceCase("A revocation is found by id and by stamp, and nothing else is", found),
    ConformanceCase("A revocation is forgotten after its time on the store's clock", forgotten),
    ConformanceCase("A revocation repeated lasts anew", repeated),
    ConformanceCase("Revocations of tenants are apart", tenantsApart),
    ConformanceCase("Revocations do not touch tasks", tasksAreUntouched),
  ]

  private static let task = Revocation.task(TaskKey("a"))
  private static let stamp = Revocation.stamp(.default, header: "customer", value: "7")

  private static func revoked(_ run: ConformanceRun, _ candidates: [Revocation]) async throws -> Set<Revocation> {
    try await run.store.revoked(among: candidates, tenant: .default)
  }

  static func found(_ run: ConformanceRun) async throws {
    try run.equal(try await revoked(run, [task, stamp]), [], "before")
    try await run.store.revoke([task, stamp], for: .seconds(60))
    let others: [Revocation] = [
      .task(TaskKey("b")), .stamp(.default, header: "customer", value: "8"),
      .stamp(.default, header: "Customer", value: "7"), .stamp(.default, header: "a", value: ""),
    ]
    try run.equal(try await revoked(run, others + [task, stamp]), [task, stamp], "after")
    try run.equal(try await revoked(run, []), [], "of none")
  }

  static func forgotten(_ run: ConformanceRun) async throws {
    try await run.store.revoke([task], for: .seconds(60))
    run.time.jump(by: .seconds(3600))
    run.time.advance(by: .seconds(59))
    try run.equal(try await revoked(run, [task]), [task], "before its time")
    run.time.advance(by: .seconds(1))
    try run.equal(try await revoked(run, [task]), [], "after its time")
    try await run.maintain()
    try run.equal(try await revoked(run, [task]), [], "after maintenance")
  }

  static func repeated(_ run: ConformanceRun) async throws {
    try await run.store.revoke([task], for: .seconds(60))
    run.time.advance(by: .seconds(50))
    try await run.store.revoke([task], for: .seconds(60))
    run.time.advance(by: .seconds(50))
    try await run.maintain()
    try run.equal(try await revoked(run, [task]), [task], "found")
  }

  static func tenantsApart(_ run: ConformanceRun) async throws {
    let foreign: [Revocation] = [
      .task(TaskKey("a", .other)), .stamp(.other, header: "customer", value: "7"),
    ]
    try await run.store.revoke(foreign, for: .seconds(60))
    try run.equal(try await revoked(run, [task, stamp]), [], "own candidates")
    try run.equal(try await revoked(run, foreign), [], "another tenant's candidates")
    try run.equal(try await run.store.revoked(among: foreign, tenant: .other), Set(foreign), "to their tenant")
  }

  static func tasksAreUntouched(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    try await run.store.revoke([task], for: .seconds(60))
    try await run.expectRecord("a", .pending, .ready)
    try await run.take("a")
  }
}

/// Leadership by lease with a fencing number.
enum LeadershipCases {
  static let all = [
    ConformanceCase("One leads at a time, and stays leader by asking again", oneLeads),
    ConformanceCase("The fence grows with every change of leader and not with a renewal", fenceGrows),
    ConformanceCase("A term ends on the store's clock, whatever the wall clock does", termEnds),
    ConformanceCase("Who resigns is followed at once", resigned),
    ConformanceCase("Only the leader can resign", foreignResignation),
    ConformanceCase("Offices of different names are apart", namesApart),
    ConformanceCase("Of concurrent candidates one becomes leader", concurrent),
  ]

  private static func lead(
    _ run: ConformanceRun, _ holder: String, _ name: String = "scheduler", for duration: Duration = .seconds(10)
  ) async throws -> Leadership? {
    try await run.store.lead(name, holder: holder, for: duration)
  }

  static func oneLeads(_ run: ConformanceRun) async throws {
    let first = try run.unwrap(try await lead(run, "one"), "the first term")
    try run.equal("\(first.name) \(first.holder)", "scheduler one", "term")
    try run.equal(try await lead(run, "two"), nil, "the second candidate")
    run.time.advance(by: .seconds(6))
    let renewed = try run.unwrap(try await lead(run, "one"), "the renewed term")
    try run.equal(renewed.until - first.until, .seconds(6), "longer by")
    run.time.advance(by: .seconds(6))
    try run.equal(try await lead(run, "two"), nil, "the second candidate, later")
  }

  static func fenceGrows(_ run: ConformanceRun) async throws {
    var last: Int64 = 0
    for holder in ["one", "two", "one", "three"] {
      let term = try run.unwrap(try await lead(run, holder), "a term")
      try run.expect(term.fence > last, "fence \(term.fence) after \(last)")
      let renewed = try run.unwrap(try await lead(run, holder), "the renewed term")
      try run.equal(renewed.fence, term.fence, "fence of the renewal")
      last = term.fence
      run.time.advance(by: .seconds(10))
    }
  }

  static func termEnds(_ run: ConformanceRun) async throws {
    _ = try await lead(run, "one")
    run.time.jump(by: .seconds(3600))
    run.time.advance(by: .seconds(10) - .microseconds(1))
    try run.equal(try await lead(run, "two"), nil, "before the end")
    run.time.jump(by: .seconds(-7200))
    run.time.advance(by: .microseconds(1))
    try run.equal(try await lead(run, "two")?.holder, "two", "at the end")
    try run.equal(try await lead(run, "one"), nil, "the deposed one")
  }

  static func resigned(_ run: ConformanceRun) async throws {
    let first = try run.unwrap(try await lead(run, "one"), "the first term")
    try await run.store.resign("scheduler", holder: "one")
    let second = try run.unwrap(try await lead(run, "two"), "the second term")
    try run.expect(second.fence > first.fence, "the fence did not grow")
  }

  static func foreignResignation(_ run: ConformanceRun) async throws {
    _ = try await lead(run, "one")
    try await run.store.resign("scheduler", holder: "two")
    try await run.store.resign("nobody's", holder: "two")
    try run.equal(try await lead(run, "two"), nil, "the second candidate")
  }

  static func namesApart(_ run: ConformanceRun) async throws {
    _ = try await lead(run, "one")
    try run.equal(try await lead(run, "two", "else")?.holder, "two", "leader of the other office")
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    let terms = try await run.together(16) { try await lead(run, "candidate \($0)") }
    try run.equal(terms.compactMap { $0 }.count, 1, "leaders")
  }
}

/// Who works here.
enum PresenceCases {
  static let all = [
    ConformanceCase("Workers that announced themselves are listed by name, as they describe themselves", listed),
    ConformanceCase("A worker that is silent is gone after its time on the store's clock", silent),
    ConformanceCase("A worker that announces itself again stays, with its newest description", again),
    ConformanceCase("A worker that withdraws is gone at once", withdrawn),
  ]

  static func worker(_ name: String, running: Int = 0) -> WorkerInfo {
    WorkerInfo(
      name: name, incarnation: "i1", hostname: "host", pid: 7, version: "1.0", queues: ["default", "ü"], concurrency: 4,
      running: running, tasks: ["work", "finance.calculate_var"], processed: 3, startedAt: 1_795_237_200_000_000)
  }

  static func listed(_ run: ConformanceRun) async throws {
    try run.equal(try await run.store.workers(), [], "at first")
    for name in ["b", "c", "a"] { try await run.store.announce(worker(name), for: .seconds(10)) }
    try run.equal(try await run.store.workers(), ["a", "b", "c"].map { worker($0) }, "workers")
  }

  static func silent(_ run: ConformanceRun) async throws {
    try await run.store.announce(worker("a"), for: .seconds(10))
    run.time.jump(by: .seconds(3600))
    run.time.advance(by: .seconds(10) - .microseconds(1))
    try run.equal(try await run.store.workers().map(\.name), ["a"], "before its time is over")
    run.time.advance(by: .microseconds(1))
    try run.equal(try await run.store.workers(), [], "after its time")
    try await run.maintain()
    try run.equal(try await run.store.workers(), [], "after maintenance")
  }

  static func again(_ run: ConformanceRun) async throws {
    try await run.store.announce(worker("a"), for: .seconds(10))
    run.time.advance(by: .seconds(8))
    try await run.store.announce(worker("a", running: 2), for: .seconds(10))
    run.time.advance(by: .seconds(8))
    try await run.maintain()
    try run.equal(try await run.store.workers(), [worker("a", running: 2)], "workers")
  }

  static func withdrawn(_ run: ConformanceRun) async throws {
    for name in ["a", "b"] { try await run.store.announce(worker(name), for: .seconds(10)) }
    try await run.store.withdraw("a")
    try await run.store.withdraw("nobody")
    try run.equal(try await run.store.workers().map(\.name), ["b"], "workers")
  }
}
