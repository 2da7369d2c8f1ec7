import CelerityCore
import CelerityJSON

/// Submissions that carry a failure: tasks that are over before they could run.
enum BornFailedCases {
  static let all = [
    ConformanceCase("A task submitted with a failure is FAILURE at once and never runs", isOver),
    ConformanceCase("A follow-up with a failure is recorded together with the settlement", followUp),
    ConformanceCase("A follow-up with a failure of a settlement that comes too late is not recorded", staleFollowUp),
    ConformanceCase("A task submitted with a failure is a dead letter and can be redriven", deadLetter),
    ConformanceCase("A task submitted with a failure appears in the change feed and wakes who waits", isAChange),
    ConformanceCase("A task submitted with a failure counts in its group", countsInGroup),
    ConformanceCase("The last member of a chord may be one that was submitted with a failure", lastMember),
    ConformanceCase("A submission with a failure declares its group", declaresGroup),
    ConformanceCase("A failure for a task that is there already changes nothing", existing),
    ConformanceCase("A failure with the id of other work is a conflict", conflict),
    ConformanceCase("A full queue takes a task that waits nowhere", fullQueue),
    ConformanceCase("A unique key is neither asked nor taken by a task that never runs", uniqueKey),
    ConformanceCase("A failure answers a repeated request under its idempotency key", idempotency),
    ConformanceCase("An eta does not hold back a failure", eta),
    ConformanceCase("A task submitted with a failure is forgotten when its retention is over", retention),
  ]

  private static func expectFailed(
    _ run: ConformanceRun, _ id: String, _ failure: TaskFailure = .boom, line: UInt = #line
  ) async throws {
    let record = try await run.record(id, line: line)
    try run.equal("\(record.state) \(record.phase)", "failure finished", id, line: line)
    try run.equal(record.failure, failure, "failure", line: line)
    try run.equal(record.attempts, 0, "attempts", line: line)
    try run.equal(record.finished, record.created, "end", line: line)
    try run.equal(record.due, nil, "due", line: line)
    try run.expect(record.isDeadLetter, "\(record) is no dead letter", line: line)
  }

  static func isOver(_ run: ConformanceRun) async throws {
    guard case .accepted = try await run.submit(Submission(.make("a"), failure: .boom)) else {
      throw ConformanceFailure("not accepted")
    }
    try await expectFailed(run, "a")
    try run.equal(try await run.fetchIDs(), [], "fetched")
    try run.equal(try await run.cancel("a"), .alreadyFinished(.failure), "cancelled")
    try run.equal(try await run.status().depth, 0, "depth")
  }

  static func followUp(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try await run.settle(
      delivery, .failure(.boom), followUps: [Submission(.make("b"), failure: .boom), Submission(.make("c"))])
    try await expectFailed(run, "b")
    try run.equal(try await run.fetchIDs(), ["c"], "fetched")
  }

  static func staleFollowUp(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try await run.loseLeases()
    let settlement = Settlement(
      delivery, .failure(.boom), followUps: [Submission(.make("b"), failure: .boom)])
    try run.equal(try await run.store.settle([settlement]), [.stale], "settled")
    try run.equal(try await run.lookUp(TaskKey("b")), .unknown, "the follow-up")
  }

  static func deadLetter(_ run: ConformanceRun) async throws {
    _ = try await run.submit(Submission(.make("a"), failure: .boom))
    let dead = try await run.store.list(RecordQuery(isDeadLetter: true))
    try run.equal(dead.records.map(\.message.id.text), ["a"], "dead letters")
    try run.equal(try await run.control(.redrive(TaskKey("a"))), .done(affected: 1), "redriven")
    let delivery = try await run.take("a")
    let record = try await run.settle(delivery, .success(.true))
    try run.equal(record.failure, nil, "failure")
  }

  static func isAChange(_ run: ConformanceRun) async throws {
    let before = try await run.store.changes(after: 0, tenant: nil, limit: 100).next
    _ = try await run.submit(Submission(.make("a"), failure: .boom))
    let page = try await run.store.changes(after: before, tenant: nil, limit: 100)
    try run.equal(page.records.map { "\($0.message.id) \($0.state)" }, ["a failure"], "changes")
  }

  static func countsInGroup(_ run: ConformanceRun) async throws {
    let group = GroupDeclaration(id: "g", size: 2, body: .make("body", queue: "bodies"))
    _ = try await run.store.submit([
      Submission(.make("m0", group: "g", index: 0), group: group, failure: .boom),
      Submission(.make("m1", group: "g", index: 1)),
    ])
    try await GroupCases.expectNoBody(run)
    try await run.settle(try await run.take("m1"), .success(.true))
    try await expectFailed(run, "body", .chord(member: TaskID(stored: "m0"), message: "boom"))
  }

  static func lastMember(_ run: ConformanceRun) async throws {
    let group = GroupDeclaration(id: "g", size: 2, body: .make("body", queue: "bodies"))
    try await run.accept(.make("m0", group: "g", index: 0), group: group)
    try await run.settle(
      try await run.take("m0"), .success(.true),
      followUps: [Submission(.make("m1", group: "g", index: 1), failure: .boom)])
    try await expectFailed(run, "m1")
    try await expectFailed(run, "body", .chord(member: TaskID(stored: "m1"), message: "boom"))
  }

  static func declaresGroup(_ run: ConformanceRun) async throws {
    let group = GroupDeclaration(id: "g", size: 1, body: .make("body", queue: "bodies"))
    _ = try await run.submit(Submission(.make("other"), group: group, failure: .boom))
    try await run.accept(.make("m0", group: "g", index: 0))
    try await run.settle(try await run.take("m0"), .success(.true))
    try await run.expectRecord("body", .pending, .ready)
  }

  static func existing(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    let result = try await run.submit(Submission(.make("a"), failure: .boom))
    try run.equal(result, .existing(TaskID(stored: "a"), cause: .sameID), "answer")
    try await run.expectRecord("a", .pending, .ready)
  }

  static func conflict(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    guard case .conflict = try await run.submit(Submission(.make("a", task: "else"), failure: .boom)) else {
      throw ConformanceFailure("no conflict")
    }
    try await run.expectRecord("a", .pending, .ready)
  }

  static func fullQueue(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    _ = try await run.submit(Submission(.make("b"), depthLimit: 1, failure: .boom))
    try await expectFailed(run, "b")
  }

  static func uniqueKey(_ run: ConformanceRun) async throws {
    let unique = UniqueKey("k", onConflict: .replaceWaiting)
    try await run.accept(.make("a"), unique: unique)
    _ = try await run.submit(Submission(.make("b"), unique: unique, failure: .boom))
    try await expectFailed(run, "b")
    try await run.expectRecord("a", .pending, .ready)
    let repeated = try await run.submit(Submission(.make("c"), unique: UniqueKey("k")))
    try run.equal(repeated, .existing(TaskID(stored: "a"), cause: .uniqueKey), "answer")
  }

  static func idempotency(_ run: ConformanceRun) async throws {
    let key = IdempotencyKey("k", request: [1])
    _ = try await run.submit(Submission(.make("a"), idempotency: key, failure: .boom))
    let repeated = try await run.submit(Submission(.make("b"), idempotency: key))
    try run.equal(repeated, .existing(TaskID(stored: "a"), cause: .idempotencyKey), "answer")
  }

  static func eta(_ run: ConformanceRun) async throws {
    _ = try await run.submit(Submission(.make("a", eta: run.now + .seconds(60)), failure: .boom))
    try await expectFailed(run, "a")
  }

  static func retention(_ run: ConformanceRun) async throws {
    _ = try await run.submit(Submission(.make("a"), failure: .boom))
    run.time.advance(by: .seconds(61))
    try await run.maintain(Retention(success: .seconds(30), failure: .seconds(60), tombstone: .seconds(60)))
    try run.equal(try await run.lookUp(TaskKey("a")), .expired, "look-up")
  }
}
