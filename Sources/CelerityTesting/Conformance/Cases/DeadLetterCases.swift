import CelerityCore
import CelerityJSON

/// Running dead letters again, and forgetting them.
enum DeadLetterCases {
  static let all = [
    ConformanceCase("A redriven task is ready again under its id, in the next generation", redriven),
    ConformanceCase("A redriven task commits a result of its own", redrivenSucceeds),
    ConformanceCase("A settlement of an attempt before the redrive is stale", oldAttemptIsStale),
    ConformanceCase("A redriven task may be retried as often as before", retriesBeginAnew),
    ConformanceCase("An expired task that is redriven has no expiry any more", expiryIsDropped),
    ConformanceCase("A cancelled task can be redriven", cancelledIsRedriven),
    ConformanceCase("Success can't be redriven, nor what has not ended", redriveIsRefused),
    ConformanceCase("An unknown task, or another tenant's, can't be redriven", redriveUnknown),
    ConformanceCase("Generations count up", generations),
    ConformanceCase("A discarded task is forgotten", discarded),
    ConformanceCase("A task that has not ended can't be discarded", discardIsRefused),
  ]

  private static func redrive(_ run: ConformanceRun, _ id: String, line: UInt = #line) async throws {
    try run.equal(try await run.control(.redrive(TaskKey(id))), .done(affected: 1), "redrive of \(id)", line: line)
  }

  static func redriven(_ run: ConformanceRun) async throws {
    let dead = try await run.end("a", .failure(.boom))
    try await redrive(run, "a")
    try await run.expectRecord("a", .pending, .ready)
    let record = try await run.record("a")
    try run.equal([record.generation, record.attempts, record.message.retries], [1, 1, 0], "counts")
    try run.expect(record.failure == nil && record.finished == nil && record.reason == nil, "left over: \(record)")
    try run.expect(record.seq > dead.seq, "a redrive is a change")
    try run.equal(record.created, dead.created, "created")
    let delivery = try await run.take("a")
    try run.equal([delivery.attempt, delivery.generation], [2, 1], "counts of the delivery")
  }

  static func redrivenSucceeds(_ run: ConformanceRun) async throws {
    try await run.end("a", .failure(.boom))
    try await redrive(run, "a")
    let record = try await run.settle(try await run.take("a"), .success(.text("1")))
    try run.equal(record.result, .text("1"), "result")
    try run.equal(record.generation, 1, "generation")
  }

  static func oldAttemptIsStale(_ run: ConformanceRun) async throws {
    let first = try await run.start("a")
    try await run.settle(first, .failure(.boom))
    try await redrive(run, "a")
    try run.equal(try await run.store.settle([Settlement(first, .success(.null))]), [.stale], "before the next attempt")
    _ = try await run.take("a")
    try run.equal(try await run.store.settle([Settlement(first, .success(.null))]), [.stale], "during the next attempt")
  }

  static func retriesBeginAnew(_ run: ConformanceRun) async throws {
    try await run.settle(try await run.start("a"), .retry(after: .zero, .boom))
    try await run.settle(try await run.take("a"), .failure(.boom))
    try await redrive(run, "a")
    try run.equal(try await run.take("a").message.retries, 0, "retries")
  }

  static func expiryIsDropped(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", expires: run.now + .seconds(1)))
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.maintain().expired, 1, "expired")
    try await redrive(run, "a")
    try run.equal(try await run.maintain().expired, 0, "expired again")
    try await run.take("a")
  }

  static func cancelledIsRedriven(_ run: ConformanceRun) async throws {
    _ = try await run.start("a")
    _ = try await run.cancel("a")
    try await run.loseLeases()
    try await redrive(run, "a")
    let delivery = try await run.take("a")
    try run.expect(try await run.record("a").isCancelRequested == false, "the old wish holds")
    try await run.settle(delivery, .success(.null))
  }

  static func redriveIsRefused(_ run: ConformanceRun) async throws {
    let done = try await run.end("done")
    try await run.accept("waiting")
    try run.equal(try await run.control(.redrive(TaskKey("done"))), .refused(.success))
    try run.equal(try await run.record("done"), done, "record")
    try run.equal(try await run.control(.redrive(TaskKey("waiting"))), .refused(.pending))
    try await run.take("waiting")
    try run.equal(try await run.control(.redrive(TaskKey("waiting"))), .refused(.started))
  }

  static func redriveUnknown(_ run: ConformanceRun) async throws {
    try run.equal(try await run.control(.redrive(TaskKey("a"))), .unknown)
    try await run.end("a", .failure(.boom))
    try run.equal(try await run.control(.redrive(TaskKey("a", .other))), .unknown, "of another tenant")
  }

  static func generations(_ run: ConformanceRun) async throws {
    try await run.end("a", .failure(.boom))
    for generation in 1...3 {
      try await redrive(run, "a")
      let delivery = try await run.take("a")
      try run.equal(delivery.generation, generation, "generation")
      try await run.settle(delivery, .failure(.boom))
    }
  }

  static func discarded(_ run: ConformanceRun) async throws {
    try await run.end("a", .failure(.boom))
    try run.equal(try await run.control(.discard(TaskKey("a"))), .done(affected: 1))
    try run.equal(try await run.lookUp(TaskKey("a")).record, nil, "record")
    try run.equal(try await run.store.list(RecordQuery()).records, [], "list")
    try run.equal(try await run.control(.discard(TaskKey("a"))), .unknown, "again")
    try run.equal(try await run.control(.redrive(TaskKey("a"))), .unknown, "redrive")
    try run.equal(try await run.cancel("a"), .unknown, "cancel")
  }

  static func discardIsRefused(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    try run.equal(try await run.control(.discard(TaskKey("a"))), .refused(.pending))
    let delivery = try await run.take("a")
    try run.equal(try await run.control(.discard(TaskKey("a"))), .refused(.started))
    try run.equal(try await run.control(.discard(TaskKey("a", .other))), .unknown, "of another tenant")
    try await run.settle(delivery, .success(.null))
  }
}
