import CelerityCore
import CelerityJSON

/// That settling is one fenced transaction.
enum SettleCases {
  static let all = [
    ConformanceCase("A second settlement of one attempt is stale and changes nothing", doubleSettle),
    ConformanceCase("A settlement after the lease was taken back is stale, and the next attempt's holds", fenced),
    ConformanceCase("A settlement under a token that never was is stale", foreignToken),
    ConformanceCase("Stale settlements are counted", staleIsCounted),
    ConformanceCase("A settlement of an unknown task is answered with unknown", unknown),
    ConformanceCase("A stale settlement sends nothing, stores no step and frees nothing", staleDoesNothing),
    ConformanceCase("A settlement that comes late, but before anybody else's, holds", lateSettlement),
    ConformanceCase("Settlements are answered in order, and a stale one leaves the others alone", answersInOrder),
    ConformanceCase("The answer's change number is the record's", answerHasNumber),
    ConformanceCase("Follow-ups are there when the outcome is", followUps),
    ConformanceCase("Follow-ups whose ids exist are ignored", followUpsExist),
    ConformanceCase("Follow-ups keep their eta, priority and unique keys", followUpsAreSubmissions),
    ConformanceCase("Steps of a settlement are stored with it; the first value of a name stays", stepsAreStored),
    ConformanceCase("Concurrent settlements of one attempt commit once", concurrent),
    ConformanceCase("Hundreds of attempts settle in one array", largeArray),
  ]

  private static func settle(
    _ run: ConformanceRun, _ delivery: Delivery, _ outcome: Outcome, followUps: [Submission] = [],
    steps: [StepResult] = []
  ) async throws -> SettleResult {
    let results = try await run.store.settle([
      Settlement(delivery, outcome, followUps: followUps, steps: steps)
    ])
    try run.equal(results.count, 1, "answers")
    return results[0]
  }

  static func doubleSettle(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    let record = try await run.settle(delivery, .success(.text("1")))
    try run.equal(try await settle(run, delivery, .success(.text("2"))), .stale, "the same outcome")
    try run.equal(try await settle(run, delivery, .failure(.boom)), .stale, "another outcome")
    try run.equal(try await run.record("a"), record, "record")
  }

  static func fenced(_ run: ConformanceRun) async throws {
    let first = try await run.start("a")
    try await run.loseLeases()
    try run.equal(try await settle(run, first, .success(.text("1"))), .stale, "while the task waits")
    let second = try await run.take("a", worker: "w2")
    try run.equal(try await settle(run, first, .success(.text("1"))), .stale, "while another runs")
    try await run.expectRecord("a", .started, .leased)
    try run.equal(try await run.settle(second, .success(.text("2"))).result, .text("2"), "result")
    try run.equal(try await settle(run, first, .success(.text("1"))), .stale, "when another has ended it")
    try run.equal(try await run.record("a").result, .text("2"), "result in the end")
  }

  static func foreignToken(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    for token in [0, -1, delivery.lease.token + 1, delivery.lease.token - 1, .max] {
      let results = try await run.store.settle([Settlement(key: delivery.key, token: token, .success(.null))])
      try run.equal(results, [.stale], "answer to token \(token)")
    }
    try await run.settle(delivery, .success(.null))
  }

  static func staleIsCounted(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try await run.settle(delivery, .success(.null))
    try run.equal(try await run.store.counters().staleSettlements, 0, "before")
    _ = try await settle(run, delivery, .success(.null))
    _ = try await settle(run, delivery, .success(.null))
    try run.equal(try await run.store.counters().staleSettlements, 2, "after")
  }

  static func unknown(_ run: ConformanceRun) async throws {
    let results = try await run.store.settle([Settlement(key: TaskKey("none"), token: 1, .success(.null))])
    try run.equal(results, [.unknown], "answers")
    let delivery = try await run.start("a")
    let elsewhere = Settlement(key: TaskKey("a", .other), token: delivery.lease.token, .success(.null))
    try run.equal(try await run.store.settle([elsewhere]), [.unknown], "for another tenant")
  }

  static func staleDoesNothing(_ run: ConformanceRun) async throws {
    let first = try await run.start("a")
    try await run.loseLeases()
    let second = try await run.take("a")
    let holder = PermitHolder(second.key, token: second.lease.token)
    let permits = [Permit("p", .concurrency(1))]
    _ = try await run.store.acquire([PermitRequest(holder, permits: permits)])
    let result = try await settle(
      run, first, .success(.null), followUps: [Submission(.make("next"))],
      steps: [StepResult(name: "s", value: .true)])
    try run.equal(result, .stale, "answer")
    try run.equal(try await run.lookUp(TaskKey("next")), .unknown, "follow-up")
    try run.equal(try await run.store.steps(of: first.key, generation: 0), [], "steps")
    let other = try await run.start("b")
    let denied = try await run.store.acquire([
      PermitRequest(PermitHolder(other.key, token: other.lease.token), permits: permits)
    ])
    try run.expect(denied != [.granted], "the permit was given back")
  }

  static func lateSettlement(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    run.time.advance(by: .seconds(3600))
    try await run.settle(delivery, .success(.text("1")))
    try run.equal(try await run.maintain().reclaimed, 0, "reclaimed")
  }

  static func answersInOrder(_ run: ConformanceRun) async throws {
    let a = try await run.start("a")
    let b = try await run.start("b")
    let results = try await run.store.settle([
      Settlement(b, .success(.null)), Settlement(key: a.key, token: -1, .success(.null)),
      Settlement(key: TaskKey("none"), token: 1, .success(.null)), Settlement(a, .failure(.boom)),
      Settlement(b, .failure(.boom)),
    ])
    guard results.count == 5, case .committed(.success, _) = results[0], results[1] == .stale, results[2] == .unknown,
      case .committed(.failure, _) = results[3], results[4] == .stale
    else { throw ConformanceFailure("answers are \(results)") }
  }

  static func answerHasNumber(_ run: ConformanceRun) async throws {
    for (id, outcome) in [("a", Outcome.success(.null)), ("b", .retry(after: .zero, .boom))] {
      let delivery = try await run.start(id)
      guard case .committed(_, let seq) = try await settle(run, delivery, outcome) else {
        throw ConformanceFailure("\(id) was not committed")
      }
      try run.equal(try await run.record(id).seq, seq, "number of \(id)")
      try run.expect(seq > delivery.lease.token, "the settlement has no number of its own")
    }
  }

  static func followUps(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try await run.settle(delivery, .success(.null), followUps: [Submission(.make("b")), Submission(.make("c"))])
    try run.equal(try await run.fetchIDs(), ["b", "c"], "fetched")
  }

  static func followUpsExist(_ run: ConformanceRun) async throws {
    let ended = try await run.end("b", .success(.text("1")))
    let delivery = try await run.start("a")
    try await run.settle(
      delivery, .success(.null),
      followUps: [Submission(.make("b")), Submission(.make("b", task: "else")), Submission(.make("c"))])
    try run.equal(try await run.record("b"), ended, "the existing task")
    try run.equal(try await run.fetchIDs(), ["c"], "fetched")
  }

  static func followUpsAreSubmissions(_ run: ConformanceRun) async throws {
    try await run.accept(.make("holder", queue: "else"), unique: UniqueKey("u"))
    let delivery = try await run.start("a")
    let followUps = [
      Submission(.make("late", eta: run.now + .seconds(5))), Submission(.make("low", priority: 0)),
      Submission(.make("high", priority: 9)), Submission(.make("held"), unique: UniqueKey("u")),
    ]
    try await run.settle(delivery, .retry(after: .seconds(60), .boom), followUps: followUps)
    try run.equal(try await run.fetchIDs(), ["high", "low"], "fetched")
    try await run.expectRecord("late", .pending, .delayed)
    try run.equal(try await run.lookUp(TaskKey("held")), .unknown, "the one whose key was held")
  }

  static func stepsAreStored(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    let saved = try await run.store.save(
      StepResult(name: "one", value: .text("1")), for: delivery.key, token: delivery.lease.token)
    try run.equal(saved, true, "saved")
    try await run.settle(
      delivery, .retry(after: .zero, .boom),
      steps: [StepResult(name: "one", value: .text("9")), StepResult(name: "two", value: .text("2"))])
    try run.equal(
      try await run.store.steps(of: delivery.key, generation: 0),
      [StepResult(name: "one", value: .text("1")), StepResult(name: "two", value: .text("2"))], "steps")
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    let results = try await run.together(8) { caller in
      try await settle(run, delivery, .success(.integer(Int64(caller))))
    }
    try run.equal(results.count { if case .committed = $0 { true } else { false } }, 1, "committed")
    try run.equal(results.count { $0 == .stale }, 7, "stale")
  }

  static func largeArray(_ run: ConformanceRun) async throws {
    _ = try await run.store.submit((0..<500).map { Submission(.make("t\($0)")) })
    let deliveries = try await run.fetch(500)
    let results = try await run.store.settle(deliveries.map { Settlement($0, .success(.string($0.message.id.text))) })
    try run.equal(results.count { if case .committed(.success, _) = $0 { true } else { false } }, 500, "committed")
    let lookups = try await run.store.records(deliveries.map(\.key))
    try run.equal(lookups.map { $0.record?.result?.stringValue }, (0..<500).map { "t\($0)" }, "results")
  }
}
