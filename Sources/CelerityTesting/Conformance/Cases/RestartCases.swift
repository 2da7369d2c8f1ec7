import CelerityCore
import CelerityJSON

/// What a store keeps over the death of the process that had it.
enum RestartCases {
  static let all = [
    ConformanceCase(
      "A restart takes back every lease as a death of the process", needsRestart: true, leasesAreTakenBack),
    ConformanceCase("A task under which the process died twice is poison", needsRestart: true, poison),
    ConformanceCase("A poisonous task that is redriven has its crash budget back", needsRestart: true, poisonRedriven),
    ConformanceCase("A release burns no crash budget", needsRestart: true, releaseBurnsNothing),
    ConformanceCase("A settlement from before the restart is stale", needsRestart: true, oldTokenIsStale),
    ConformanceCase("Numbers and tokens grow over a restart", needsRestart: true, numbersGrow),
    ConformanceCase("A running task that should stop is terminated by a restart", needsRestart: true, cancelHolds),
    ConformanceCase("Every accepted task is there after a restart, in its phase", needsRestart: true, tasksSurvive),
    ConformanceCase("Idempotency and unique keys hold over a restart", needsRestart: true, keysSurvive),
    ConformanceCase("Groups are counted over a restart", needsRestart: true, groupsSurvive),
    ConformanceCase("Steps, documents and blobs are there after a restart", needsRestart: true, detailsSurvive),
    ConformanceCase("A paused queue is paused after a restart", needsRestart: true, pauseSurvives),
    ConformanceCase(
      "Who was present, leading or holding permits is gone after a restart", needsRestart: true, holdersGo),
    ConformanceCase("A restart with the wall clock an hour back loses no time", needsRestart: true, wallClockBack),
  ]

  static func leasesAreTakenBack(_ run: ConformanceRun) async throws {
    _ = try await run.start("a")
    try await run.restart()
    try await run.expectRecord("a", .pending, .ready)
    let record = try await run.record("a")
    try run.equal(record.crashes, 1, "crashes")
    try run.equal(record.history.map(\.cause), ["process_died"], "history")
    try run.equal(try await run.store.counters().leasesLost[.processDied], 1, "counted")
    let second = try await run.take("a")
    try run.equal([second.attempt, second.crashes], [2, 1], "counts of the second attempt")
    try await run.settle(second, .success(.null))
  }

  static func poison(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    try await run.accept(.make("innocent", queue: "side"))
    for _ in 0..<2 {
      try await run.take("a")
      try await run.restart()
    }
    try await run.expectRecord("a", .failure, .finished)
    let record = try await run.record("a")
    try run.equal(record.reason, "poison", "reason")
    try run.equal(record.failure?.type, "WorkerLostError", "type")
    try run.expect(record.isDeadLetter, "it is no dead letter")
    try run.equal(try await run.fetchIDs(queues: ["default", "side"]), ["innocent"], "fetched")
  }

  static func poisonRedriven(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    for _ in 0..<2 {
      try await run.take("a")
      try await run.restart()
    }
    _ = try await run.control(.redrive(TaskKey("a")))
    try await run.take("a")
    try await run.restart()
    try await run.expectRecord("a", .pending, .ready)
    try run.equal(try await run.record("a").crashes, 1, "crashes")
  }

  static func releaseBurnsNothing(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    for _ in 0..<5 { try await run.settle(try await run.take("a"), .released(after: .zero, reason: .shutdown)) }
    try await run.take("a")
    try await run.restart()
    try await run.expectRecord("a", .pending, .ready)
  }

  static func oldTokenIsStale(_ run: ConformanceRun) async throws {
    let first = try await run.start("a")
    try await run.restart()
    try run.equal(try await run.store.settle([Settlement(first, .success(.null))]), [.stale], "settlement")
    let second = try await run.take("a")
    try run.equal(try await run.store.settle([Settlement(first, .success(.null))]), [.stale], "settlement again")
    try await run.settle(second, .success(.null))
  }

  static func numbersGrow(_ run: ConformanceRun) async throws {
    let first = try await run.start("a")
    let ended = try await run.settle(first, .success(.null))
    try await run.end("b")
    _ = try await run.control(.discard(TaskKey("b")))
    try await run.restart()
    let seq = try await run.accept("c")
    try run.expect(seq > ended.seq, "number \(seq) after \(ended.seq)")
    let second = try await run.take("c")
    try run.expect(second.lease.token > seq, "token \(second.lease.token) after \(seq)")
  }

  static func cancelHolds(_ run: ConformanceRun) async throws {
    _ = try await run.start("a")
    _ = try await run.cancel("a")
    try await run.restart()
    try await run.expectRecord("a", .revoked, .finished)
    try run.equal(try await run.record("a").reason, "terminated", "reason")
  }

  static func tasksSurvive(_ run: ConformanceRun) async throws {
    try await run.accept(.make("delayed", eta: run.now + .seconds(60)))
    try await run.end("done", .success(.text("[2.0]")))
    try await run.end("failed", .failure(.boom))
    try await run.settle(try await run.start("retrying"), .retry(after: .seconds(60), .boom))
    try await run.accept(.make("ready", args: .text("[1.0]"), priority: 9))
    let ids = ["delayed", "ready", "done", "failed", "retrying"]
    let before = try await run.store.records(ids.map { TaskKey($0) })
    try await run.restart()
    try run.equal(try await run.store.records(ids.map { TaskKey($0) }), before, "records")
    try run.equal(try await run.fetchIDs(), ["ready"], "fetched")
    run.time.advance(by: .seconds(60))
    try run.equal(try await run.maintain().promoted, 2, "promoted")
  }

  static func keysSurvive(_ run: ConformanceRun) async throws {
    let key = IdempotencyKey("k", fingerprint: [1, 0, 255])
    _ = try await run.submit(Submission(.make("a"), idempotency: key, unique: UniqueKey("u")))
    try await run.restart()
    try run.equal(
      try await run.submit(Submission(.make("b"), idempotency: key)),
      .existing(TaskID(stored: "a"), cause: .idempotencyKey))
    try run.equal(
      try await run.submit(Submission(.make("c"), unique: UniqueKey("u"))),
      .existing(TaskID(stored: "a"), cause: .uniqueKey))
    try await run.settle(try await run.take("a"), .success(.null))
    try await run.accept(.make("d"), unique: UniqueKey("u"))
  }

  static func groupsSurvive(_ run: ConformanceRun) async throws {
    let members = try await GroupCases.chord(run, 2)
    try await run.settle(members[0], .success(.text("0")))
    try await run.restart()
    try await run.settle(try await run.take("m1"), .success(.text("1")))
    try run.equal(try await GroupCases.bodyArguments(run), ["body[[0,1]]"], "bodies")
  }

  static func detailsSurvive(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    let step = StepResult(name: "s", value: .text("[1.0]"))
    _ = try await run.store.save(step, for: delivery.key, token: delivery.lease.token)
    let key = DocumentKey("items", "1")
    _ = try await run.store.write([DocumentWrite(key, .text("{}"))])
    try await run.store.put(Blob(contentType: "text/plain", bytes: [1, 2, 3]), at: key)
    let documents = try await run.store.documents([key])
    try await run.restart()
    try run.equal(try await run.store.steps(of: delivery.key, generation: 0), [step], "steps")
    try run.equal(try await run.store.documents([key]), documents, "documents")
    try run.equal(try await run.store.blob(key), Blob(contentType: "text/plain", bytes: [1, 2, 3]), "blob")
  }

  static func pauseSurvives(_ run: ConformanceRun) async throws {
    _ = try await run.control(.pause(QueueKey("default")))
    try await run.accept("a")
    try await run.restart()
    try run.equal(try await run.fetchIDs(), [], "fetched while paused")
    _ = try await run.control(.resume(QueueKey("default")))
    try run.equal(try await run.fetchIDs(), ["a"], "fetched")
  }

  static func holdersGo(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    let permit = [Permit("p", .concurrency(1))]
    let first = PermitHolder(delivery.key, token: delivery.lease.token)
    _ = try await run.store.acquire([PermitRequest(first, permits: permit)])
    try await run.store.announce(PresenceCases.worker("w"), for: .seconds(600))
    let term = try await run.store.lead("l", holder: "one", for: .seconds(600))
    try await run.restart()
    try run.equal(try await run.store.workers(), [], "workers")
    let next = try await run.store.lead("l", holder: "two", for: .seconds(600))
    try run.expect(
      (try run.unwrap(next, "the next leader")).fence > (try run.unwrap(term, "the first leader")).fence,
      "the fence did not grow")
    let second = try await run.take("a")
    let holder = PermitHolder(second.key, token: second.lease.token)
    try run.equal(try await run.store.acquire([PermitRequest(holder, permits: permit)]), [.granted], "permit")
  }

  static func wallClockBack(_ run: ConformanceRun) async throws {
    let key = IdempotencyKey("k", fingerprint: [1], retention: .seconds(100))
    try await run.end("b")
    _ = try await run.submit(Submission(.make("a"), idempotency: key))
    run.time.advance(by: .seconds(10))
    run.time.jump(by: .seconds(-3600))
    try await run.restart()
    let delivery = try run.unwrap(try await run.fetch().first, "a delivery")
    run.time.advance(by: .seconds(30))
    try run.equal(try await run.maintain().reclaimed, 1, "reclaimed")
    try run.expect(delivery.lease.deadline > StoreTime(microseconds: 0), "the deadline is \(delivery.lease.deadline)")
    run.time.advance(by: .seconds(200))
    try run.equal(try await run.submit(Submission(.make("c"), idempotency: key)).id?.text, "c", "after the retention")
  }
}
