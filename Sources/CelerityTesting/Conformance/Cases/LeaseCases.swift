import CelerityCore
import CelerityJSON

enum LeaseCases {
  static let all = [
    ConformanceCase("A lease that is extended is not taken back", extended),
    ConformanceCase("A lease that runs out is taken back: the task is PENDING and ready again", runsOut),
    ConformanceCase("A lease is not taken back before its deadline", notBefore),
    ConformanceCase("A lost lease is counted and noted with its cause", lossIsNoted),
    ConformanceCase("An extension gives the deadline it asked for", newDeadline),
    ConformanceCase("Only the current token extends a lease", onlyCurrentToken),
    ConformanceCase(
      "An extension after the lease was taken back, or the task settled, is answered with lost", lostIsTold),
    ConformanceCase("An extension of an unknown task is answered with lost", unknownIsLost),
    ConformanceCase("An extension after the deadline either holds or is lost, and says the truth", lateExtension),
    ConformanceCase("An extension tells a running task that it should stop", cancelIsTold),
    ConformanceCase("Answers to extensions come in their order", answersInOrder),
    ConformanceCase("A heartbeat is no change: nothing appears in the feed", heartbeatIsNoChange),
    ConformanceCase("A jump of the wall clock by an hour takes no lease and keeps none", wallClock),
    ConformanceCase("A lost lease of a task in RETRY leaves it in RETRY", lostWhileRetrying),
    ConformanceCase("A task whose lease was lost many times is not poison", lossIsNoCrash),
  ]

  private static func extend(
    _ run: ConformanceRun, _ delivery: Delivery, by lease: Duration = .seconds(30)
  ) async throws -> LeaseStatus {
    let answers = try await run.store.extend([
      LeaseExtension(delivery.key, token: delivery.lease.token, by: lease)
    ])
    try run.equal(answers.count, 1, "answers")
    return answers[0]
  }

  static func extended(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    for _ in 0..<5 {
      run.time.advance(by: .seconds(20))
      guard case .held = try await extend(run, delivery) else { throw ConformanceFailure("the lease is lost") }
      try run.equal(try await run.maintain().reclaimed, 0, "reclaimed")
    }
    try await run.settle(delivery, .success(.null))
  }

  static func runsOut(_ run: ConformanceRun) async throws {
    _ = try await run.start("a")
    run.time.advance(by: .seconds(30))
    try run.equal(try await run.maintain().reclaimed, 1, "reclaimed")
    try await run.expectRecord("a", .pending, .ready)
    try run.equal(try await run.record("a").lease, nil, "lease")
    let second = try await run.take("a", worker: "w2")
    try run.equal(second.attempt, 2, "attempt")
    try run.equal(second.message.retries, 0, "retries")
  }

  static func notBefore(_ run: ConformanceRun) async throws {
    _ = try await run.start("a")
    run.time.advance(by: .seconds(30) - .microseconds(1))
    try run.equal(try await run.maintain().reclaimed, 0, "reclaimed")
    try await run.expectRecord("a", .started, .leased)
  }

  static func lossIsNoted(_ run: ConformanceRun) async throws {
    _ = try await run.start("a")
    let started = run.now
    try await run.loseLeases()
    try run.equal(try await run.store.counters().leasesLost, [.leaseExpired: 1], "counted")
    let history = try await run.record("a").history
    try run.equal(
      history,
      [
        AttemptEnd(
          attempt: 1, worker: "w1", started: started.microseconds, ended: run.now.microseconds, cause: "lease_expired")
      ], "history")
  }

  static func newDeadline(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    run.time.advance(by: .seconds(7))
    guard case .held(let lease, isCancelRequested: false) = try await extend(run, delivery, by: .seconds(60)) else {
      throw ConformanceFailure("the lease is lost")
    }
    try run.equal(lease.token, delivery.lease.token, "token")
    try run.equal(lease.deadline - delivery.lease.deadline, .seconds(7 + 60 - 30), "longer by")
    try run.equal(try await run.record("a").lease, lease, "lease of the record")
  }

  static func onlyCurrentToken(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    for token in [0, delivery.lease.token - 1, delivery.lease.token + 1, -1] {
      let answer = try await run.store.extend([LeaseExtension(delivery.key, token: token, by: .seconds(900))])
      try run.equal(answer, [.lost], "answer to token \(token)")
    }
    try await run.loseLeases()
  }

  static func lostIsTold(_ run: ConformanceRun) async throws {
    let first = try await run.start("a")
    try await run.loseLeases()
    try run.equal(try await extend(run, first), .lost, "while it waits")
    let second = try await run.take("a")
    try run.equal(try await extend(run, first), .lost, "while another runs")
    guard case .held = try await extend(run, second) else { throw ConformanceFailure("the second is lost") }
    try await run.settle(second, .success(.null))
    try run.equal(try await extend(run, second), .lost, "when it has ended")
  }

  static func unknownIsLost(_ run: ConformanceRun) async throws {
    let answers = try await run.store.extend([LeaseExtension(TaskKey("none"), token: 1, by: .seconds(1))])
    try run.equal(answers, [.lost], "answers")
  }

  static func lateExtension(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    run.time.advance(by: .seconds(31))
    switch try await extend(run, delivery) {
    case .held:
      try run.equal(try await run.maintain().reclaimed, 0, "reclaimed although it was said to hold")
      try await run.settle(delivery, .success(.null))
    case .lost:
      let results = try await run.store.settle([Settlement(delivery, .success(.null))])
      try run.equal(results, [.stale], "settled although it was said to be lost")
    }
  }

  static func cancelIsTold(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try run.equal(try await run.cancel("a"), .requested, "cancelled")
    guard case .held(_, isCancelRequested: true) = try await extend(run, delivery) else {
      throw ConformanceFailure("the attempt was not told")
    }
  }

  static func answersInOrder(_ run: ConformanceRun) async throws {
    let a = try await run.start("a")
    let b = try await run.start("b")
    let answers = try await run.store.extend([
      LeaseExtension(b.key, token: b.lease.token, by: .seconds(1)), LeaseExtension(a.key, token: -1, by: .seconds(1)),
      LeaseExtension(a.key, token: a.lease.token, by: .seconds(1)),
    ])
    let tokens = answers.map { if case .held(let lease, _) = $0 { lease.token } else { Int64(0) } }
    try run.equal(tokens, [b.lease.token, 0, a.lease.token], "tokens")
  }

  static func heartbeatIsNoChange(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    let seq = try await run.record("a").seq
    _ = try await extend(run, delivery)
    try run.equal(try await run.record("a").seq, seq, "number")
    try run.equal(try await run.store.changes(after: seq, tenant: nil, limit: 9).records, [], "changes")
  }

  static func wallClock(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    run.time.jump(by: .seconds(3600))
    try run.equal(try await run.maintain().reclaimed, 0, "reclaimed after a jump forward")
    guard case .held = try await extend(run, delivery) else { throw ConformanceFailure("a jump took the lease") }
    run.time.jump(by: .seconds(-7200))
    run.time.advance(by: .seconds(29))
    try run.equal(try await run.maintain().reclaimed, 0, "reclaimed after a jump back")
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.maintain().reclaimed, 1, "reclaimed at the deadline")
    try await run.expectRecord("a", .pending, .ready)
    try await run.take("a")
  }

  static func lostWhileRetrying(_ run: ConformanceRun) async throws {
    try await run.settle(try await run.start("a"), .retry(after: .zero, .boom))
    _ = try await run.take("a")
    try await run.loseLeases()
    try await run.expectRecord("a", .retry, .ready)
    try run.equal(try await run.record("a").message.retries, 1, "retries")
  }

  static func lossIsNoCrash(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    for _ in 0..<5 {
      try await run.take("a")
      try await run.loseLeases()
    }
    try await run.expectRecord("a", .pending, .ready)
    try run.equal(try await run.record("a").crashes, 0, "crashes")
    try run.equal(try await run.take("a").attempt, 6, "attempt")
  }
}
