import CelerityCore
import CelerityJSON

/// What queues tell and how operators act on them.
enum QueueCases {
  static let all = [
    ConformanceCase("A queue counts its ready, delayed and leased tasks", counts),
    ConformanceCase("Counts follow every way a task can go", countsFollow),
    ConformanceCase("The oldest ready task is the one that was accepted first, whatever comes before it", oldestReady),
    ConformanceCase("Queues are told by tenant, or all of them", byTenant),
    ConformanceCase("Nothing is fetched from a paused queue while submissions go on", paused),
    ConformanceCase("A paused queue keeps its running attempts", pausedWhileRunning),
    ConformanceCase("Pausing one tenant's queue leaves another's of the same name alone", pauseIsByTenant),
    ConformanceCase("Pausing and resuming again do no harm", pausedTwice),
    ConformanceCase("Purging revokes what has not started and nothing else", purge),
    ConformanceCase("Purging an empty queue affects nothing", purgeNothing),
    ConformanceCase("Commands are answered in order", answersInOrder),
  ]

  static func counts(_ run: ConformanceRun) async throws {
    _ = try await run.start("running")
    for id in ["a", "b"] { try await run.accept(id) }
    for id in ["x", "y", "z"] { try await run.accept(.make(id, eta: run.now + .seconds(60))) }
    try await run.accept(.make("e", queue: "else"))
    let status = try await run.status()
    try run.equal([status.ready, status.delayed, status.leased, status.depth], [2, 3, 1, 5], "counts")
    try run.equal(try await run.status("else").ready, 1, "ready in the other queue")
    try run.equal(try await run.status("none"), QueueStatus(QueueKey("none")), "a queue nobody used")
  }

  static func countsFollow(_ run: ConformanceRun) async throws {
    func expect(_ ready: Int, _ delayed: Int, _ leased: Int, line: UInt = #line) async throws {
      let status = try await run.status()
      try run.equal([status.ready, status.delayed, status.leased], [ready, delayed, leased], "counts", line: line)
    }
    let delivery = try await run.start("a")
    try await expect(0, 0, 1)
    try await run.settle(delivery, .retry(after: .seconds(5), .boom))
    try await expect(0, 1, 0)
    run.time.advance(by: .seconds(5))
    try await run.maintain()
    try await expect(1, 0, 0)
    try await run.take("a")
    try await run.loseLeases()
    try await expect(1, 0, 0)
    try await run.settle(try await run.take("a"), .failure(.boom))
    try await expect(0, 0, 0)
    _ = try await run.control(.redrive(TaskKey("a")))
    try await expect(1, 0, 0)
    _ = try await run.cancel("a")
    try await expect(0, 0, 0)
  }

  static func oldestReady(_ run: ConformanceRun) async throws {
    try run.equal(try await run.status().oldestReady, nil, "in an empty queue")
    let first = run.now
    try await run.accept(.make("a", priority: 5))
    run.time.advance(by: .seconds(1))
    try await run.accept(.make("b", priority: 5))
    try run.equal(try await run.status().oldestReady, first, "of two")
    let second = run.now
    try await run.take("a")
    try run.equal(try await run.status().oldestReady, second, "when the first is gone")
    run.time.advance(by: .seconds(1))
    try await run.accept(.make("urgent", priority: 9))
    try run.equal(try await run.status().oldestReady, second, "behind an urgent one")
    try await run.take("urgent")
  }

  static func byTenant(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    try await run.accept(.make("b", tenant: .other))
    try await run.accept(.make("c", tenant: .other))
    let mine = try await run.store.queues(of: .default).filter { $0.depth > 0 }
    try run.equal(mine.map { "\($0.key) \($0.ready)" }, ["default/default 1"], "of the default tenant")
    let all = try await run.store.queues(of: nil).filter { $0.depth > 0 }
    try run.equal(
      Set(all.map { "\($0.key) \($0.ready)" }), ["default/default 1", "other/default 2"], "of all tenants")
  }

  static func paused(_ run: ConformanceRun) async throws {
    let queue = QueueKey("default")
    try await run.accept("a")
    try run.equal(try await run.control(.pause(queue)), .done(affected: 0), "answer")
    try await run.accept("b")
    try run.equal(try await run.status().isPaused, true, "paused")
    try run.equal(try await run.status().ready, 2, "ready")
    try run.equal(try await run.fetchIDs(), [], "fetched while paused")
    try run.equal(try await run.control(.resume(queue)), .done(affected: 0), "answer")
    try run.equal(try await run.status().isPaused, false, "paused")
    try run.equal(try await run.fetchIDs(), ["a", "b"], "fetched")
  }

  static func pausedWhileRunning(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    _ = try await run.control(.pause(QueueKey("default")))
    let answer = try await run.store.extend([
      LeaseExtension(delivery.key, token: delivery.lease.token, by: .seconds(30))
    ])
    try run.expect(answer != [.lost], "the lease was lost")
    try await run.settle(delivery, .retry(after: .zero, .boom))
    try run.equal(try await run.fetchIDs(), [], "fetched while paused")
  }

  static func pauseIsByTenant(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    try await run.accept(.make("b", tenant: .other))
    _ = try await run.control(.pause(QueueKey("default", tenant: .other)))
    try run.equal(try await run.fetchIDs(), ["a"], "fetched")
  }

  static func pausedTwice(_ run: ConformanceRun) async throws {
    let queue = QueueKey("default")
    try run.equal(try await run.control(.resume(queue)), .done(affected: 0), "resumed, never paused")
    for _ in 0..<2 { try run.equal(try await run.control(.pause(queue)), .done(affected: 0), "paused") }
    try await run.accept("a")
    _ = try await run.control(.resume(queue))
    try run.equal(try await run.fetchIDs(), ["a"], "fetched after one resume")
  }

  static func purge(_ run: ConformanceRun) async throws {
    let running = try await run.start("running")
    let ended = try await run.end("ended")
    try await run.accept("ready")
    try await run.accept(.make("delayed", eta: run.now + .seconds(60)))
    try await run.accept(.make("elsewhere", queue: "else"))
    try await run.accept(.make("ready", tenant: .other))
    try run.equal(try await run.control(.purge(QueueKey("default"))), .done(affected: 2), "answer")
    for id in ["ready", "delayed"] {
      try await run.expectRecord(id, .revoked, .finished)
      try run.equal(try await run.record(id).reason, "purged", "reason")
    }
    try run.equal(try await run.record("ended"), ended, "the ended task")
    try run.equal(try await run.fetchIDs(queues: ["default", "else"]), ["elsewhere", "ready"], "fetched")
    try await run.settle(running, .success(.null))
  }

  static func purgeNothing(_ run: ConformanceRun) async throws {
    try run.equal(try await run.control(.purge(QueueKey("none"))), .done(affected: 0), "answer")
  }

  static func answersInOrder(_ run: ConformanceRun) async throws {
    try await run.end("a", .failure(.boom))
    try await run.accept("b")
    let results = try await run.store.control([
      .redrive(TaskKey("none")), .pause(QueueKey("q")), .discard(TaskKey("b")), .redrive(TaskKey("a")),
      .purge(QueueKey("default")),
    ])
    try run.equal(
      results,
      [.unknown, .done(affected: 0), .refused(.pending), .done(affected: 1), .done(affected: 2)], "answers")
  }
}
