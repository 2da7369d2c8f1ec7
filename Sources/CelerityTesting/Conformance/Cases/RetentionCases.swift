import CelerityCore
import CelerityJSON

/// How ended tasks are forgotten.
enum RetentionCases {
  static let all = [
    ConformanceCase(
      "A succeeded task is kept for its retention, then answered with expired, at last unknown", forgotten),
    ConformanceCase("Failed and revoked tasks have a retention of their own", failures),
    ConformanceCase("A success that counts as older is forgotten earlier, a failure is not", agedSuccess),
    ConformanceCase("What has not ended is never forgotten", unendedIsKept),
    ConformanceCase("A redriven task is kept although its first end is long ago", redrivenIsKept),
    ConformanceCase("A forgotten task is in no list and answers no verb", forgottenIsGone),
    ConformanceCase("Log lines and steps are forgotten with their task", detailsAreGone),
    ConformanceCase("The id of a forgotten task can be used again", idIsFree),
    ConformanceCase("Forgetting obeys the limit and says that there is more", limit),
    ConformanceCase("A retention of nothing forgets at once and can leave no tombstone", noRetention),
    ConformanceCase("An idempotency key still names its task when that is forgotten", keyOutlivesTask),
  ]

  private static let short = Retention(success: .seconds(10), failure: .seconds(60), tombstone: .seconds(100))

  static func forgotten(_ run: ConformanceRun) async throws {
    try await run.end("a")
    run.time.advance(by: .seconds(9))
    try run.equal(try await run.maintain(short).purged, 0, "purged too early")
    try await run.expectRecord("a", .success, .finished)
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.maintain(short).purged, 1, "purged")
    try run.equal(try await run.lookUp(TaskKey("a")), .expired, "after its retention")
    run.time.advance(by: .seconds(99))
    try await run.maintain(short)
    try run.equal(try await run.lookUp(TaskKey("a")), .expired, "while remembered")
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.lookUp(TaskKey("a")), .unknown, "at last")
    try await run.maintain(short)
    try run.equal(try await run.lookUp(TaskKey("a")), .unknown, "after maintenance")
  }

  static func failures(_ run: ConformanceRun) async throws {
    try await run.end("failed", .failure(.boom))
    try await run.accept("revoked")
    _ = try await run.cancel("revoked")
    run.time.advance(by: .seconds(59))
    try run.equal(try await run.maintain(short).purged, 0, "purged too early")
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.maintain(short).purged, 2, "purged")
    for id in ["failed", "revoked"] { try run.equal(try await run.lookUp(TaskKey(id)), .expired, id) }
  }

  static func agedSuccess(_ run: ConformanceRun) async throws {
    for (id, outcome) in [("fine", Outcome.success(.true)), ("ignored", .ignored), ("failed", .failure(.boom))] {
      var settlement = Settlement(try await run.start(id), outcome)
      settlement.retentionHeadStart = .seconds(7)
      guard case .committed? = try await run.store.settle([settlement]).first else {
        throw ConformanceFailure("\(id) was not settled")
      }
    }
    try await run.end("other")
    run.time.advance(by: .seconds(2))
    try run.equal(try await run.maintain(short).purged, 0, "purged too early")
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.maintain(short).purged, 2, "purged")
    for id in ["fine", "ignored"] { try run.equal(try await run.lookUp(TaskKey(id)), .expired, id) }
    try run.expect(
      !(try await run.store.changes(after: 0, tenant: nil, limit: 10).gap), "a gap of what no late reader is to hear of"
    )
    run.time.advance(by: .seconds(6))
    try run.equal(try await run.maintain(short).purged, 0, "purged of those that are as old as they are")
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.maintain(short).purged, 1, "purged of other successes")
    try run.expect(try await run.store.changes(after: 0, tenant: nil, limit: 10).gap, "no gap of other successes")
    try await run.expectRecord("failed", .failure, .finished)
  }

  static func unendedIsKept(_ run: ConformanceRun) async throws {
    try await run.accept(.make("delayed", eta: run.now + .seconds(5000)))
    let running = try await run.start("running")
    try await run.accept("ready")
    run.time.advance(by: .seconds(1000))
    _ = try await run.store.extend([LeaseExtension(running.key, token: running.lease.token, by: .seconds(30))])
    try run.equal(try await run.maintain(short).purged, 0, "purged")
    try await run.expectRecord("delayed", .pending, .delayed)
    try await run.expectRecord("running", .started, .leased)
    try await run.expectRecord("ready", .pending, .ready)
  }

  static func redrivenIsKept(_ run: ConformanceRun) async throws {
    try await run.end("a", .failure(.boom))
    run.time.advance(by: .seconds(59))
    _ = try await run.control(.redrive(TaskKey("a")))
    run.time.advance(by: .seconds(100))
    try run.equal(try await run.maintain(short).purged, 0, "purged while it waits")
    try await run.settle(try await run.take("a"), .failure(.boom))
    run.time.advance(by: .seconds(59))
    try run.equal(try await run.maintain(short).purged, 0, "purged too early")
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.maintain(short).purged, 1, "purged")
  }

  private static func forget(_ run: ConformanceRun, _ id: String) async throws -> Delivery {
    let delivery = try await run.start(id)
    try await run.settle(delivery, .success(.null))
    run.time.advance(by: .seconds(10))
    try run.equal(try await run.maintain(short).purged, 1, "purged")
    return delivery
  }

  static func forgottenIsGone(_ run: ConformanceRun) async throws {
    let delivery = try await forget(run, "a")
    try run.equal(try await run.store.list(RecordQuery()).records, [], "list")
    try run.equal(try await run.store.settle([Settlement(delivery, .success(.null))]), [.unknown], "settle")
    try run.equal(try await run.cancel("a"), .unknown, "cancel")
    try run.equal(try await run.control(.redrive(delivery.key)), .unknown, "redrive")
    try run.equal(try await run.control(.discard(delivery.key)), .unknown, "discard")
    let extended = try await run.store.extend([
      LeaseExtension(delivery.key, token: delivery.lease.token, by: .seconds(1))
    ])
    try run.equal(extended, [.lost], "extend")
    let reported = try await run.store.report([
      ProgressReport(delivery.key, token: delivery.lease.token, value: .null)
    ])
    try run.equal(reported, [false], "report")
  }

  static func detailsAreGone(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try await run.store.append([TaskLogLine(delivery.key, attempt: 1, time: run.now, level: "info", text: "x")])
    _ = try await run.store.save(
      StepResult(name: "s", value: .true), for: delivery.key, token: delivery.lease.token)
    try await run.settle(delivery, .success(.null))
    run.time.advance(by: .seconds(10))
    try await run.maintain(short)
    try await run.accept("a")
    try run.equal(try await run.store.logs(of: delivery.key, after: 0, limit: 9), [], "log lines")
    try run.equal(try await run.store.steps(of: delivery.key, generation: 0), [], "steps")
  }

  static func idIsFree(_ run: ConformanceRun) async throws {
    _ = try await forget(run, "a")
    try await run.accept(.make("a", task: "else"))
    let record = try await run.record("a")
    try run.equal(record.message.task, "else", "task")
    try run.equal(record.attempts, 0, "attempts")
  }

  static func limit(_ run: ConformanceRun) async throws {
    for number in 0..<5 { try await run.end("t\(number)") }
    run.time.advance(by: .seconds(10))
    let first = try await run.maintain(short, limit: 2)
    try run.equal(first.purged, 2, "purged first")
    try run.expect(first.hasMore, "it says that there is no more")
    var purged = 2
    while case let report = try await run.maintain(short, limit: 2), report.purged > 0 { purged += report.purged }
    try run.equal(purged, 5, "purged in all")
  }

  static func noRetention(_ run: ConformanceRun) async throws {
    try await run.end("a")
    let report = try await run.maintain(Retention(success: .zero, failure: .zero, tombstone: .zero))
    try run.equal(report.purged, 1, "purged")
    try run.equal(try await run.lookUp(TaskKey("a")), .unknown, "look-up")
  }

  static func keyOutlivesTask(_ run: ConformanceRun) async throws {
    let key = IdempotencyKey("k", fingerprint: [1], retention: .seconds(1000))
    _ = try await run.submit(Submission(.make("a"), idempotency: key))
    try await run.settle(try await run.take("a"), .success(.null))
    run.time.advance(by: .seconds(10))
    try run.equal(try await run.maintain(short).purged, 1, "purged")
    let again = try await run.submit(Submission(.make("b"), idempotency: key))
    try run.equal(again, .existing(TaskID(stored: "a"), cause: .idempotencyKey))
  }
}
