import CelerityCore
import CelerityJSON

/// Groups of which a member does not succeed: the body is recorded as FAILURE when all have ended, and never runs.
enum GroupFailureCases {
  static let all = [
    ConformanceCase("A failed member makes the body a ChordError that never runs, when all have ended", failedMember),
    ConformanceCase("The first failed member by place is the one that is named", firstFailedIsNamed),
    ConformanceCase("A rejected member fails the body", rejectedMember),
    ConformanceCase("A cancelled member fails the body", cancelledMember),
    ConformanceCase("A member terminated while it ran fails the body", terminatedMember),
    ConformanceCase("A purged member fails the body", purgedMember),
    ConformanceCase("A member that expired fails the body, whoever found out", expiredMember),
    ConformanceCase("A member that was replaced fails the body", replacedMember),
    ConformanceCase("A poisonous member fails the body", needsRestart: true, poisonousMember),
    ConformanceCase("A redriven member does not count again", redrivenMember),
    ConformanceCase("A redriven member's success does not mend the body", redriveDoesNotMend),
    ConformanceCase("A failed body is a dead letter and counts in its own group", nestedFailure),
    ConformanceCase("A failed body appears in the change feed", failedBodyIsAChange),
  ]

  private static func expectFailedBody(
    _ run: ConformanceRun, member: String, contains detail: String, line: UInt = #line
  ) async throws {
    let record = try await run.record("body", line: line)
    try run.equal(record.state, .failure, "state of the body", line: line)
    try run.equal(record.phase, .finished, "phase of the body", line: line)
    try run.equal(record.attempts, 0, "attempts of the body", line: line)
    let failure = try run.unwrap(record.failure, "the body's failure", line: line)
    try run.equal(failure.type, "ChordError", "type", line: line)
    try run.expect(failure.message.contains("Dependency \(member) raised"), "message: \(failure.message)", line: line)
    try run.expect(failure.message.contains(detail), "message: \(failure.message)", line: line)
    try run.expect(record.isDeadLetter && record.finished != nil, "the body is \(record)", line: line)
    try run.equal(try await run.fetchIDs(queues: ["bodies"]), [], "bodies fetched", line: line)
  }

  static func failedMember(_ run: ConformanceRun) async throws {
    let members = try await GroupCases.chord(run, 3)
    try await run.settle(members[0], .success(.true))
    try await run.settle(members[1], .failure(.boom))
    try await GroupCases.expectNoBody(run)
    try await run.settle(members[2], .success(.true))
    try await expectFailedBody(run, member: "m1", contains: "boom")
  }

  static func firstFailedIsNamed(_ run: ConformanceRun) async throws {
    let members = try await GroupCases.chord(run, 3)
    try await run.settle(members[2], .failure(TaskFailure(type: "KeyError", message: "two")))
    try await run.settle(members[0], .success(.true))
    try await run.settle(members[1], .failure(TaskFailure(type: "KeyError", message: "one")))
    try await expectFailedBody(run, member: "m1", contains: "one")
  }

  static func rejectedMember(_ run: ConformanceRun) async throws {
    for member in try await GroupCases.chord(run, 1) { try await run.settle(member, .rejected(.notRegistered("work"))) }
    try await expectFailedBody(run, member: "m0", contains: "work")
  }

  private static func waitingChord(_ run: ConformanceRun, expires: Timestamp? = nil) async throws {
    let group = GroupDeclaration(id: "g", size: 1, body: .make("body", queue: "bodies"))
    try await run.accept(.make("m0", expires: expires, group: "g"), group: group)
  }

  static func cancelledMember(_ run: ConformanceRun) async throws {
    try await waitingChord(run)
    try run.equal(try await run.cancel("m0"), .revoked, "cancelled")
    try await expectFailedBody(run, member: "m0", contains: "revoked")
  }

  static func terminatedMember(_ run: ConformanceRun) async throws {
    let members = try await GroupCases.chord(run, 1)
    _ = try await run.cancel("m0")
    try await run.settle(members[0], .revoked(reason: .terminated))
    try await expectFailedBody(run, member: "m0", contains: "terminated")
  }

  static func purgedMember(_ run: ConformanceRun) async throws {
    try await waitingChord(run)
    try run.equal(try await run.control(.purge(QueueKey("default"))), .done(affected: 1), "purged")
    try await expectFailedBody(run, member: "m0", contains: "purged")
  }

  static func expiredMember(_ run: ConformanceRun) async throws {
    try await waitingChord(run, expires: run.now + .seconds(5))
    run.time.advance(by: .seconds(5))
    try run.equal(try await run.fetchIDs(), [], "fetched")
    try await expectFailedBody(run, member: "m0", contains: "expired")
    let group = GroupDeclaration(id: "h", size: 1, body: .make("second", queue: "bodies"))
    try await run.accept(.make("n0", expires: run.now + .seconds(5), group: "h"), group: group)
    run.time.advance(by: .seconds(5))
    try run.equal(try await run.maintain().expired, 1, "expired by maintenance")
    try await run.expectRecord("second", .failure, .finished)
  }

  static func replacedMember(_ run: ConformanceRun) async throws {
    let group = GroupDeclaration(id: "g", size: 1, body: .make("body", queue: "bodies"))
    try await run.accept(.make("m0", group: "g"), unique: UniqueKey("u"), group: group)
    try await run.accept(.make("other"), unique: UniqueKey("u", onConflict: .replaceWaiting))
    try await expectFailedBody(run, member: "m0", contains: "replaced")
  }

  static func poisonousMember(_ run: ConformanceRun) async throws {
    try await waitingChord(run)
    for _ in 0..<2 {
      try await run.take("m0")
      try await run.restart()
    }
    try await expectFailedBody(run, member: "m0", contains: "died")
  }

  static func redrivenMember(_ run: ConformanceRun) async throws {
    let members = try await GroupCases.chord(run, 2)
    try await run.settle(members[0], .failure(.boom))
    try run.equal(try await run.control(.redrive(TaskKey("m0"))), .done(affected: 1), "redriven")
    try await run.settle(try await run.take("m0"), .success(.true))
    try await GroupCases.expectNoBody(run)
    try await run.settle(members[1], .success(.true))
    try await expectFailedBody(run, member: "m0", contains: "boom")
  }

  static func redriveDoesNotMend(_ run: ConformanceRun) async throws {
    let members = try await GroupCases.chord(run, 1)
    try await run.settle(members[0], .failure(.boom))
    let body = try await run.record("body")
    _ = try await run.control(.redrive(TaskKey("m0")))
    try await run.settle(try await run.take("m0"), .success(.true))
    try run.equal(try await run.record("body"), body, "the body")
  }

  static func nestedFailure(_ run: ConformanceRun) async throws {
    let outer = GroupDeclaration(id: "outer", size: 1, body: .make("body", queue: "bodies"))
    try await run.accept(.make("declarer", queue: "else"), group: outer)
    let inner = GroupDeclaration(id: "inner", size: 1, body: .make("inner", group: "outer"))
    try await run.accept(.make("m0", group: "inner"), group: inner)
    try await run.settle(try await run.take("m0"), .failure(.boom))
    try await run.expectRecord("inner", .failure, .finished)
    try await expectFailedBody(run, member: "inner", contains: "Dependency m0 raised")
  }

  static func failedBodyIsAChange(_ run: ConformanceRun) async throws {
    let members = try await GroupCases.chord(run, 1)
    let seq = try await run.record("m0").seq
    try await run.settle(members[0], .failure(.boom))
    let changes = try await run.store.changes(after: seq, tenant: .default, limit: 9)
    try run.equal(Set(changes.records.map(\.message.id.text)), ["m0", "body"], "changed")
  }
}
