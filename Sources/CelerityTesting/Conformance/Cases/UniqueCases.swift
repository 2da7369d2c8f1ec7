import CelerityCore
import CelerityJSON

enum UniqueCases {
  static let all = [
    ConformanceCase("A unique key held by a waiting task answers with its holder", heldWhileWaiting),
    ConformanceCase("A key until finished is held while its task runs and waits for a retry", heldWhileRunning),
    ConformanceCase("A key until finished is free when its task has ended, however it ended", freeWhenEnded),
    ConformanceCase("A key until started is free when its task is leased", freeWhenStarted),
    ConformanceCase("A key until started is free when its task is revoked before", freeWhenRevoked),
    ConformanceCase("A waiting holder is replaced: REVOKED as replaced, and the new task waits", replacesWaiting),
    ConformanceCase("A delayed holder is replaced, so that a countdown debounces", replacesDelayed),
    ConformanceCase("A running holder is not replaced", keepsRunning),
    ConformanceCase("A holder that was replaced does not free the key of its successor", replacedFreesNothing),
    ConformanceCase("Unique keys of tenants are apart", tenantsApart),
    ConformanceCase("A key inside one array holds for the rest of it", insideArray),
    ConformanceCase("Concurrent submissions under one key accept one task", concurrent),
  ]

  private static func submission(
    _ id: String, _ unique: UniqueKey = UniqueKey("u"), tenant: Tenant = .default, eta: Timestamp? = nil
  ) -> Submission {
    Submission(.make(id, tenant: tenant, eta: eta), unique: unique)
  }

  private static func expectHeld(
    _ run: ConformanceRun, by holder: String, _ what: String, line: UInt = #line
  ) async throws {
    let result = try await run.submit(submission("try \(what)"))
    try run.equal(result, .existing(TaskID(stored: holder), cause: .uniqueKey), what, line: line)
  }

  private static func expectFree(_ run: ConformanceRun, _ what: String, line: UInt = #line) async throws {
    let result = try await run.submit(submission("free \(what)"))
    guard case .accepted = result else { throw ConformanceFailure("\(what): \(result)", line: line) }
  }

  static func heldWhileWaiting(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    try await expectHeld(run, by: "a", "waiting")
    try run.equal(try await run.fetchIDs(), ["a"], "fetched")
  }

  static func heldWhileRunning(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    let delivery = try await run.take("a")
    try await expectHeld(run, by: "a", "running")
    try await run.settle(delivery, .retry(after: .seconds(5), .boom))
    try await expectHeld(run, by: "a", "retrying")
  }

  static func freeWhenEnded(_ run: ConformanceRun) async throws {
    let outcomes: [Outcome] = [
      .success(.null), .failure(.boom), .ignored, .rejected(.boom), .revoked(reason: .terminated),
    ]
    for (number, outcome) in outcomes.enumerated() {
      _ = try await run.submit(submission("t\(number)"))
      try await run.settle(try await run.take("t\(number)"), outcome)
    }
    try await expectFree(run, "all outcomes")
    _ = try await run.cancel("free all outcomes")
    try await expectFree(run, "cancelled")
    _ = try await run.control(.purge(QueueKey("default")))
    try await expectFree(run, "purged")
  }

  static func freeWhenStarted(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a", UniqueKey("u", scope: .untilStarted)))
    try await expectHeld(run, by: "a", "waiting")
    let delivery = try await run.take("a")
    try await expectFree(run, "started")
    try await run.settle(delivery, .success(.null))
    try await expectHeld(run, by: "free started", "the first has ended")
  }

  static func freeWhenRevoked(_ run: ConformanceRun) async throws {
    let unique = UniqueKey("u", scope: .untilStarted)
    var expiring = submission("expires", unique)
    expiring.message.expires = run.now + .seconds(1)
    _ = try await run.submit(expiring)
    run.time.advance(by: .seconds(2))
    try await run.maintain()
    try await expectFree(run, "expired")
  }

  static func replacesWaiting(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    let result = try await run.submit(submission("b", UniqueKey("u", onConflict: .replaceWaiting)))
    guard case .accepted = result else { throw ConformanceFailure("the answer is \(result)") }
    try await run.expectRecord("a", .revoked, .finished)
    try run.equal(try await run.record("a").reason, "replaced", "reason")
    try run.equal(try await run.fetchIDs(), ["b"], "fetched")
  }

  static func replacesDelayed(_ run: ConformanceRun) async throws {
    let unique = UniqueKey("u", onConflict: .replaceWaiting)
    for id in ["a", "b", "c"] {
      _ = try await run.submit(submission(id, unique, eta: run.now + .seconds(10)))
      run.time.advance(by: .seconds(6))
      try await run.maintain()
    }
    run.time.advance(by: .seconds(4))
    try await run.maintain()
    try run.equal(try await run.fetchIDs(), ["c"], "fetched")
  }

  static func keepsRunning(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    let delivery = try await run.take("a")
    let result = try await run.submit(submission("b", UniqueKey("u", onConflict: .replaceWaiting)))
    try run.equal(result, .existing(TaskID(stored: "a"), cause: .uniqueKey))
    try await run.settle(delivery, .success(.null))
  }

  static func replacedFreesNothing(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    _ = try await run.submit(submission("b", UniqueKey("u", onConflict: .replaceWaiting)))
    try await expectHeld(run, by: "b", "after the replacement")
    _ = try await run.control(.redrive(TaskKey("a")))
    try run.equal(try await run.cancel("a"), .revoked, "the redriven task")
    try await expectHeld(run, by: "b", "after the first ended again")
  }

  static func tenantsApart(_ run: ConformanceRun) async throws {
    _ = try await run.submit(submission("a"))
    let result = try await run.submit(submission("a", tenant: .other))
    guard case .accepted = result else { throw ConformanceFailure("the other tenant got \(result)") }
  }

  static func insideArray(_ run: ConformanceRun) async throws {
    let results = try await run.store.submit([submission("a"), submission("b"), submission("c")])
    try run.equal(results.map { $0.id?.text }, ["a", "a", "a"], "ids")
    try run.equal(try await run.fetchIDs(), ["a"], "fetched")
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    let results = try await run.together(16) { try await run.submit(submission("t\($0)")) }
    try run.equal(results.count { if case .accepted = $0 { true } else { false } }, 1, "accepted")
    try run.equal(try await run.fetchIDs().count, 1, "fetched")
  }
}
