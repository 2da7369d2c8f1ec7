import CelerityCore
import CelerityJSON

enum CancelCases {
  static let all = [
    ConformanceCase("A waiting task is revoked at once with its reason, and never runs", waiting),
    ConformanceCase("A delayed task is revoked at once and never promoted", delayed),
    ConformanceCase("A task waiting for its retry is revoked at once", retrying),
    ConformanceCase("A running task is asked to stop and goes on until it is settled", running),
    ConformanceCase("An ended task is answered with its state and stays as it is", ended),
    ConformanceCase("An unknown task, or another tenant's, is unknown", unknown),
    ConformanceCase("A repeated cancellation does no harm", repeated),
    ConformanceCase("A task that should stop and loses its lease is terminated, not run again", lostAfterCancel),
    ConformanceCase("Cancellations are answered in order", answersInOrder),
    ConformanceCase("Cancelling races with fetching: each task is either revoked or told to stop", race),
    ConformanceCase("Cancelling races with settling: a task ends once", raceWithSettling),
  ]

  static func waiting(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.cancel("a", reason: RevocationReason(rawValue: "because")), .revoked)
    try await run.expectRecord("a", .revoked, .finished)
    let record = try await run.record("a")
    try run.equal(record.reason, "because", "reason")
    try run.equal(record.finished, run.now, "finished")
    try run.expect(!record.isDeadLetter, "a person's wish made a dead letter")
    try run.equal(try await run.fetchIDs(), [], "fetched")
  }

  static func delayed(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", eta: run.now + .seconds(5)))
    try run.equal(try await run.cancel("a"), .revoked)
    run.time.advance(by: .seconds(5))
    try run.equal(try await run.maintain().promoted, 0, "promoted")
    try await run.expectRecord("a", .revoked, .finished)
  }

  static func retrying(_ run: ConformanceRun) async throws {
    try await run.settle(try await run.start("a"), .retry(after: .seconds(5), .boom))
    try run.equal(try await run.cancel("a"), .revoked)
    try await run.expectRecord("a", .revoked, .finished)
  }

  static func running(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try run.equal(try await run.cancel("a"), .requested)
    try await run.expectRecord("a", .started, .leased)
    try run.expect(try await run.record("a").isCancelRequested, "the record does not show the wish")
    let record = try await run.settle(delivery, .revoked(reason: .terminated))
    try run.equal(record.reason, "terminated", "reason")
  }

  static func ended(_ run: ConformanceRun) async throws {
    for (id, outcome) in [("a", Outcome.success(.null)), ("b", .failure(.boom)), ("c", .revoked(reason: .terminated))] {
      let record = try await run.end(id, outcome)
      try run.equal(try await run.cancel(id), .alreadyFinished(record.state), id)
      try run.equal(try await run.record(id), record, id)
    }
  }

  static func unknown(_ run: ConformanceRun) async throws {
    try run.equal(try await run.cancel("a"), .unknown)
    try await run.accept(.make("a", tenant: .other))
    try run.equal(try await run.cancel("a"), .unknown, "of another tenant")
    try run.equal(try await run.record(TaskKey("a", .other)).state, .pending, "state")
  }

  static func repeated(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    _ = try await run.cancel("a")
    let record = try await run.record("a")
    try run.equal(try await run.cancel("a"), .alreadyFinished(.revoked))
    try run.equal(try await run.record("a"), record, "record")
    let delivery = try await run.start("b")
    for _ in 0..<2 { try run.equal(try await run.cancel("b"), .requested) }
    try await run.settle(delivery, .success(.null))
  }

  static func lostAfterCancel(_ run: ConformanceRun) async throws {
    _ = try await run.start("a")
    _ = try await run.cancel("a")
    try await run.loseLeases()
    try await run.expectRecord("a", .revoked, .finished)
    try run.equal(try await run.record("a").reason, "terminated", "reason")
    try run.equal(try await run.fetchIDs(), [], "fetched")
  }

  static func answersInOrder(_ run: ConformanceRun) async throws {
    _ = try await run.start("running")
    try await run.accept("waiting")
    let ids = ["none", "running", "waiting", "waiting"]
    let results = try await run.store.cancel(ids.map { CancelRequest(TaskKey($0)) })
    try run.equal(results, [.unknown, .requested, .revoked, .alreadyFinished(.revoked)], "answers")
  }

  static func race(_ run: ConformanceRun) async throws {
    let ids = (0..<100).map { "t\($0)" }
    _ = try await run.store.submit(ids.map { Submission(.make($0)) })
    async let fetched = run.together(4) { _ in
      var fetched: [String] = []
      while case let some = try await run.fetchIDs(3), !some.isEmpty { fetched += some }
      return fetched
    }
    var revoked: Set<String> = []
    for id in ids.reversed() where try await run.cancel(id) == .revoked { revoked.insert(id) }
    let started = Set(try await fetched.flatMap { $0 })
    try run.equal(revoked.union(started), Set(ids), "revoked or fetched")
    try run.equal(revoked.intersection(started), [], "revoked and fetched")
    for id in started {
      try run.expect(try await run.record(id).isCancelRequested, "\(id) runs and was not told")
    }
  }

  static func raceWithSettling(_ run: ConformanceRun) async throws {
    _ = try await run.store.submit((0..<50).map { Submission(.make("t\($0)")) })
    let deliveries = try await run.fetch(50)
    async let settled: [Void] = run.together(2) { half in
      for place in stride(from: half, to: 50, by: 2) { try await run.settle(deliveries[place], .success(.true)) }
    }
    for delivery in deliveries.reversed() { _ = try await run.cancel(delivery.message.id.text) }
    _ = try await settled
    for delivery in deliveries {
      try run.equal(try await run.record(delivery.key).state, .success, "state of \(delivery.key)")
    }
  }
}
