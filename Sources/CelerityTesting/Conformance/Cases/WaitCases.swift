import CelerityCore
import CelerityJSON

/// Verbs that wait, `fetch` and `maintain`: they sleep on the store's time source and wake when there is something to do.
enum WaitCases {
  static let all = [
    ConformanceCase("A waiting fetch wakes when a task is submitted", wakesOnSubmit),
    ConformanceCase("A waiting fetch wakes when a delayed task is promoted", wakesOnPromotion),
    ConformanceCase("A waiting fetch wakes when its queue is resumed", wakesOnResume),
    ConformanceCase("A waiting fetch wakes when a task is retried at once", wakesOnRetry),
    ConformanceCase("A waiting fetch wakes when a lease is taken back", wakesOnReclaim),
    ConformanceCase("A waiting fetch wakes when a dead letter is redriven", wakesOnRedrive),
    ConformanceCase("A waiting fetch wakes when a follow-up is sent", wakesOnFollowUp),
    ConformanceCase("A waiting fetch goes on waiting when another queue gets a task", otherQueueDoesNotMatter),
    ConformanceCase("A waiting fetch ends with nothing when its time is over", endsWithNothing),
    ConformanceCase("A fetch that finds tasks does not wait", doesNotWait),
    ConformanceCase("Of two waiting fetches one gets the task", oneOfTwo),
    ConformanceCase("A waiting fetch that is cancelled takes no task with it", cancelledFetch),
    ConformanceCase("Waiting maintenance returns when a delayed task is due", maintenanceWaits),
    ConformanceCase("Waiting maintenance returns when a lease runs out", maintenanceWaitsForLease),
    ConformanceCase("A delayed task submitted meanwhile shortens the wait of maintenance", maintenanceIsShortened),
    ConformanceCase("Waiting maintenance ends with nothing when its time is over", maintenanceEnds),
  ]

  /// What a fetch gives that sleeps while something happens.
  private static func fetched(
    _ run: ConformanceRun, _ act: () async throws -> Void
  ) async throws -> [String] {
    try await run.whileWaiting({ try await run.fetch(5, wait: .seconds(100)).map(\.message.id.text) }, act)
  }

  static func wakesOnSubmit(_ run: ConformanceRun) async throws {
    try run.equal(try await fetched(run) { try await run.accept("a") }, ["a"], "fetched")
  }

  static func wakesOnPromotion(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", eta: run.now + .seconds(10)))
    let ids = try await fetched(run) {
      run.time.advance(by: .seconds(10))
      try await run.maintain()
    }
    try run.equal(ids, ["a"], "fetched")
  }

  static func wakesOnResume(_ run: ConformanceRun) async throws {
    _ = try await run.control(.pause(QueueKey("default")))
    try await run.accept("a")
    let ids = try await fetched(run) { _ = try await run.control(.resume(QueueKey("default"))) }
    try run.equal(ids, ["a"], "fetched")
  }

  static func wakesOnRetry(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    let ids = try await fetched(run) {
      // Not the helper that reads the record afterwards: the waiting fetch may have it already.
      _ = try await run.store.settle([Settlement(delivery, .retry(after: .zero, .boom))])
    }
    try run.equal(ids, ["a"], "fetched")
  }

  static func wakesOnReclaim(_ run: ConformanceRun) async throws {
    _ = try await run.start("a")
    try run.equal(try await fetched(run) { try await run.loseLeases() }, ["a"], "fetched")
  }

  static func wakesOnRedrive(_ run: ConformanceRun) async throws {
    try await run.end("a", .failure(.boom))
    let ids = try await fetched(run) { _ = try await run.control(.redrive(TaskKey("a"))) }
    try run.equal(ids, ["a"], "fetched")
  }

  static func wakesOnFollowUp(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    let ids = try await fetched(run) {
      try await run.settle(delivery, .success(.null), followUps: [Submission(.make("b"))])
    }
    try run.equal(ids, ["b"], "fetched")
  }

  static func otherQueueDoesNotMatter(_ run: ConformanceRun) async throws {
    let ids = try await fetched(run) {
      try await run.accept(.make("a", queue: "else"))
      try await run.accept("b")
    }
    try run.equal(ids, ["b"], "fetched")
  }

  static func endsWithNothing(_ run: ConformanceRun) async throws {
    try run.equal(try await fetched(run) { run.time.advance(by: .seconds(100)) }, [], "fetched")
  }

  static func doesNotWait(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    try run.equal(try await run.fetch(5, wait: .seconds(100)).map(\.message.id.text), ["a"], "fetched")
    try run.equal(try await run.fetch(5), [], "without a wait")
  }

  static func oneOfTwo(_ run: ConformanceRun) async throws {
    let first = Task { try await run.fetch(5, worker: "w1", wait: .seconds(100)).count }
    let second = Task { try await run.fetch(5, worker: "w2", wait: .seconds(100)).count }
    await run.time.waitForSleepers(2)
    try await run.accept("a")
    // The loser sleeps until its time is over; the winner no longer does.
    while try await run.record("a").phase != .leased { await Task.yield() }
    run.time.advance(by: .seconds(100))
    try run.equal([try await first.value, try await second.value].sorted(), [0, 1], "fetched")
  }

  static func cancelledFetch(_ run: ConformanceRun) async throws {
    let fetch = Task { try await run.fetch(5, wait: .seconds(100)) }
    await run.time.waitForSleepers(1)
    fetch.cancel()
    let fetched = try? await fetch.value
    try run.equal(fetched ?? [], [], "fetched by the cancelled one")
    try await run.accept("a")
    try await run.take("a", worker: "w2")
  }

  static func maintenanceWaits(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", eta: run.now + .seconds(10)))
    let report = try await run.whileWaiting({ try await run.maintain(wait: .seconds(100)) }) {
      run.time.advance(by: .seconds(10))
    }
    try run.equal(report.promoted, 1, "promoted")
    try await run.take("a")
  }

  static func maintenanceWaitsForLease(_ run: ConformanceRun) async throws {
    _ = try await run.start("a")
    let report = try await run.whileWaiting({ try await run.maintain(wait: .seconds(100)) }) {
      run.time.advance(by: .seconds(30))
    }
    try run.equal(report.reclaimed, 1, "reclaimed")
  }

  static func maintenanceIsShortened(_ run: ConformanceRun) async throws {
    let report = try await run.whileWaiting({ try await run.maintain(wait: .seconds(100)) }) {
      try await run.accept(.make("a", eta: run.now + .seconds(10)))
      run.time.advance(by: .seconds(10))
    }
    try run.equal(report.promoted, 1, "promoted")
  }

  static func maintenanceEnds(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    let report = try await run.whileWaiting({ try await run.maintain(wait: .seconds(100)) }) {
      run.time.advance(by: .seconds(100))
    }
    try run.equal([report.promoted, report.reclaimed, report.expired, report.purged], [0, 0, 0, 0], "done")
  }
}
