import CelerityCore
import CelerityJSON

enum FetchCases {
  static let all = [
    ConformanceCase("A fetched task is STARTED under a lease of its worker", fetchedIsStarted),
    ConformanceCase("A delivery says what, which attempt and since when", deliveryIsComplete),
    ConformanceCase("Urgent tasks go first", priorityOrder),
    ConformanceCase("Tasks of one priority go in the order of acceptance", firstComeFirstServed),
    ConformanceCase("A task that has waited long is not passed over for ever", ageing),
    ConformanceCase("A fetch gives no more than its limit", limit),
    ConformanceCase("A fetch serves only the queues it names", namedQueues),
    ConformanceCase("A queue that a fetch names twice gives each task once", queueNamedTwice),
    ConformanceCase("A fetch serves all tenants", allTenants),
    ConformanceCase("Tokens grow with every lease", tokensGrow),
    ConformanceCase("A leased task is not fetched again", leasedIsGone),
    ConformanceCase("Concurrent fetchers never share a task, and none is left", concurrentFetchers),
    ConformanceCase("An expired task is revoked on the way and not delivered", expiredOnTheWay),
    ConformanceCase("Expired tasks do not use up the limit", expiredBesideLimit),
    ConformanceCase("An attempt begins without the progress of the one before", progressIsCleared),
  ]

  static func fetchedIsStarted(_ run: ConformanceRun) async throws {
    let seq = try await run.accept("a")
    run.time.advance(by: .seconds(3))
    let delivery = try await run.take("a", worker: "celery@host")
    let record = try await run.record("a")
    try await run.expectRecord("a", .started, .leased)
    try run.equal(record.worker, "celery@host", "worker")
    try run.equal(record.started, run.now, "started")
    try run.equal(record.attempts, 1, "attempts")
    try run.equal(record.lease, delivery.lease, "lease")
    try run.expect(record.seq > seq, "the claim has no number of its own")
  }

  static func deliveryIsComplete(_ run: ConformanceRun) async throws {
    let created = run.now
    let message = TaskMessage.make("a", args: .text("[1,2]"), priority: 3)
    try await run.accept(message)
    run.time.advance(by: .seconds(1))
    let first = try await run.take("a")
    try run.equal(first.message, message, "message")
    try run.equal(first.created, created, "created")
    try run.equal([first.attempt, first.generation, first.crashes], [1, 0, 0], "counts")
    try await run.settle(first, .retry(after: .zero, .boom))
    let second = try await run.take("a")
    try run.equal([second.attempt, second.message.retries], [2, 1], "counts of the second attempt")
  }

  static func priorityOrder(_ run: ConformanceRun) async throws {
    let priorities: [Int?] = [0, 9, 4, nil, 5, 6, 1]
    for (number, priority) in priorities.enumerated() {
      try await run.accept(.make("\(number):\(priority.map(String.init) ?? "-")", priority: priority))
    }
    let wanted =
      switch run.order {
      case .ranks: ["1:9", "5:6", "3:-", "4:5", "2:4", "6:1", "0:0"]
      // Steps of three priorities, and an absent one is in the first.
      case .steps: ["1:9", "3:-", "2:4", "4:5", "5:6", "6:1", "0:0"]
      }
    try run.equal(try await run.fetchIDs(4) + (try await run.fetchIDs(4)), wanted, "order")
  }

  static func firstComeFirstServed(_ run: ConformanceRun) async throws {
    let ids = (0..<20).map { "t\(($0 * 7) % 20)" }
    for id in ids { try await run.accept(id) }
    var fetched: [String] = []
    for _ in ids { fetched += try await run.fetchIDs(1) }
    try run.equal(fetched, ids, "order")
  }

  static func ageing(_ run: ConformanceRun) async throws {
    try await run.accept(.make("old", priority: 0))
    run.time.advance(by: .seconds(24 * 3600))
    try await run.accept(.make("urgent", priority: 9))
    switch run.order {
    case .ranks: try run.equal(try await run.fetchIDs(), ["old", "urgent"], "order")
    case .steps(let every):
      // Nothing starves: among so many claims one begins with the lowest step.
      for number in 0..<every { try await run.accept(.make("more\(number)", priority: 9)) }
      try run.expect(try await run.fetchIDs(every).contains("old"), "the old one starves")
    }
  }

  static func limit(_ run: ConformanceRun) async throws {
    for number in 0..<5 { try await run.accept("t\(number)") }
    try run.equal(try await run.fetchIDs(0), [], "with limit 0")
    try run.equal(try await run.fetchIDs(2), ["t0", "t1"], "with limit 2")
    try run.equal(try await run.fetchIDs(9), ["t2", "t3", "t4"], "with limit 9")
  }

  static func namedQueues(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", queue: "one", priority: 1))
    try await run.accept(.make("b", queue: "two", priority: 9))
    try await run.accept(.make("c", queue: "three", priority: 9))
    try await run.accept(.make("d", queue: "one", priority: 9))
    try run.equal(try await run.fetchIDs(queues: []), [], "from no queue")
    try run.equal(try await run.fetchIDs(queues: ["none"]), [], "from a queue that does not exist")
    let fetched = try await run.fetchIDs(queues: ["one", "two"])
    switch run.order {
    case .ranks: try run.equal(fetched, ["b", "d", "a"], "from two")
    case .steps: try run.equal(fetched, ["d", "b", "a"], "from two, in turn")
    }
  }

  static func queueNamedTwice(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a"))
    try run.equal(try await run.fetchIDs(4, queues: ["default", "default"]), ["a"], "of one that waits")
    for id in ["b", "c", "d"] { try await run.accept(.make(id)) }
    try run.equal(try await run.fetchIDs(2, queues: ["default", "none", "default"]), ["b", "c"], "of three that wait")
    try run.equal(try await run.fetchIDs(4, queues: ["default", "default"]), ["d"], "of what is left")
  }

  static func allTenants(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", tenant: .other, priority: 1))
    try await run.accept(.make("a", priority: 9))
    let keys = try await run.fetch(9).map(\.key)
    try run.equal(keys, [TaskKey("a"), TaskKey("a", .other)], "keys")
  }

  static func tokensGrow(_ run: ConformanceRun) async throws {
    var last: Int64 = 0
    for number in 0..<5 {
      try await run.accept("t\(number)")
      let delivery = try await run.take("t\(number)")
      try run.expect(delivery.lease.token > last, "token \(delivery.lease.token) after \(last)")
      last = delivery.lease.token
      try await run.settle(delivery, number % 2 == 0 ? .success(.null) : .retry(after: .seconds(60), .boom))
    }
    run.time.advance(by: .seconds(60))
    try await run.maintain()
    let tokens = try await run.fetch(9).map(\.lease.token)
    try run.equal(tokens.count, 2, "deliveries")
    try run.expect(tokens[0] > last && tokens[1] > tokens[0], "tokens \(tokens) after \(last)")
  }

  static func leasedIsGone(_ run: ConformanceRun) async throws {
    _ = try await run.start("a")
    try run.equal(try await run.fetchIDs(), [], "fetched again")
  }

  static func concurrentFetchers(_ run: ConformanceRun) async throws {
    let ids = Set((0..<200).map { "t\($0)" })
    _ = try await run.store.submit(ids.sorted().map { Submission(.make($0)) })
    let batches = try await run.together(8) { caller in
      var fetched: [Delivery] = []
      while true {
        let some = try await run.fetch(7, worker: "w\(caller)")
        if some.isEmpty { return fetched }
        fetched += some
      }
    }
    let fetched = batches.flatMap { $0 }
    try run.equal(fetched.count, 200, "deliveries")
    try run.equal(Set(fetched.map(\.message.id.text)), ids, "ids")
    try run.equal(Set(fetched.map(\.lease.token)).count, 200, "tokens")
  }

  static func expiredOnTheWay(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", expires: run.now + .seconds(10)))
    try await run.accept(.make("b", expires: run.now + .seconds(10) + .microseconds(1)))
    run.time.advance(by: .seconds(10))
    try run.equal(try await run.fetchIDs(), ["b"], "fetched")
    try await run.expectRecord("a", .revoked, .finished)
    let record = try await run.record("a")
    try run.equal(record.reason, "expired", "reason")
    try run.equal(record.finished, run.now, "finished")
    try run.expect(record.isDeadLetter, "an expired task is no dead letter")
    try run.equal(record.attempts, 0, "attempts")
  }

  static func expiredBesideLimit(_ run: ConformanceRun) async throws {
    for number in 0..<5 { try await run.accept(.make("t\(number)", expires: run.now + .seconds(1))) }
    try await run.accept("alive")
    run.time.advance(by: .seconds(1))
    try run.equal(try await run.fetchIDs(1), ["alive"], "fetched")
  }

  static func progressIsCleared(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    _ = try await run.store.report([ProgressReport(delivery.key, token: delivery.lease.token, value: .text("1"))])
    try await run.settle(delivery, .retry(after: .zero, .boom))
    _ = try await run.take("a")
    try run.equal(try await run.record("a").progress, nil, "progress")
    try await run.expectRecord("a", .started, .leased)
  }
}
