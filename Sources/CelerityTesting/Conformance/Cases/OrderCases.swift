import CelerityCore

/// What operators tell workers.
enum OrderCases {
  static let all = [
    ConformanceCase("Orders reach the worker they are for, in the order in which they were given", inOrder),
    ConformanceCase("An order to a worker that is not announced is not given", unknown),
    ConformanceCase("An order is for the incarnation that was announced, not for the next one", incarnations),
    ConformanceCase("Asking after a number forgets what was obeyed; asking again repeats the rest", acknowledged),
    ConformanceCase("A worker that does not ask keeps the newest hundred", kept),
    ConformanceCase("A withdrawn worker and one whose time is over get nothing more", gone),
    ConformanceCase("A waiting worker wakes when it is given an order", wakes),
    ConformanceCase("A waiting worker goes on waiting when another is given an order", othersDoNotMatter),
    ConformanceCase("Waiting for orders ends with nothing when its time is over or it is cancelled", ends),
    ConformanceCase("Scaling to no slot makes no sense", senseless),
    ConformanceCase("Orders given at once all arrive", concurrent),
  ]

  private static func announce(
    _ run: ConformanceRun, _ names: String..., incarnation: String = "i1", for duration: Duration = .seconds(3600)
  ) async throws {
    for name in names {
      var worker = PresenceCases.worker(name)
      worker.incarnation = incarnation
      try await run.store.announce(worker, for: duration)
    }
  }

  private static func next(
    _ run: ConformanceRun, _ worker: String, incarnation: String = "i1", after number: Int64 = 0,
    wait: Duration = .zero
  ) async throws -> [NumberedOrder] {
    try await run.store.nextOrders(worker: worker, incarnation: incarnation, after: number, wait: wait)
  }

  static func inOrder(_ run: ConformanceRun) async throws {
    try await announce(run, "a", "b", "é")
    let orders: [WorkerOrder] = [.quiet, .resume, .scale(3), .stop]
    for order in orders { try run.expect(try await run.store.order(order, worker: "a"), "\(order) was not given") }
    _ = try await run.store.order(.scale(7), worker: "é")
    let found = try await next(run, "a")
    try run.equal(found.map(\.order), orders, "orders")
    let numbers = found.map(\.number)
    try run.expect(numbers == Array(Set(numbers)).sorted() && numbers[0] > 0, "numbers are \(numbers)")
    try run.equal(try await next(run, "b"), [], "the other worker's")
    try run.equal(try await next(run, "e\u{301}"), [], "those of a name that only looks the same")
    try run.equal(try await next(run, "é").map(\.order), [.scale(7)], "the third worker's")
  }

  static func unknown(_ run: ConformanceRun) async throws {
    try run.equal(try await run.store.order(.stop, worker: "a"), false, "given")
    try await announce(run, "a")
    try run.equal(try await run.store.order(.stop, worker: "b"), false, "given to another")
    try run.equal(try await next(run, "a"), [], "orders")
  }

  static func incarnations(_ run: ConformanceRun) async throws {
    try await announce(run, "a", incarnation: "first")
    _ = try await run.store.order(.stop, worker: "a")
    try run.equal(try await next(run, "a", incarnation: "second"), [], "before it is announced")
    try await announce(run, "a", incarnation: "second")
    try run.equal(try await next(run, "a", incarnation: "second"), [], "the second one's")
    _ = try await run.store.order(.quiet, worker: "a")
    try run.equal(try await next(run, "a", incarnation: "second").map(\.order), [.quiet], "the second one's own")
    try run.equal(try await next(run, "a", incarnation: "first"), [], "the first one's, later")
  }

  static func acknowledged(_ run: ConformanceRun) async throws {
    try await announce(run, "a")
    for slots in 1...3 { _ = try await run.store.order(.scale(slots), worker: "a") }
    let all = try await next(run, "a")
    try run.equal(try await next(run, "a"), all, "asked again")
    try run.equal(try await next(run, "a", after: all[1].number), [all[2]], "after the second")
    try run.equal(try await next(run, "a"), [all[2]], "from the beginning")
    try run.equal(try await next(run, "a", after: all[2].number), [], "after the last")
    _ = try await run.store.order(.stop, worker: "a")
    let last = try await next(run, "a", after: all[2].number)
    try run.expect(last.count == 1 && last[0].number > all[2].number, "then \(last)")
  }

  static func kept(_ run: ConformanceRun) async throws {
    try await announce(run, "a")
    for slots in 1...130 { _ = try await run.store.order(.scale(slots), worker: "a") }
    try run.equal(try await next(run, "a").map(\.order), (31...130).map { .scale($0) }, "orders")
  }

  static func gone(_ run: ConformanceRun) async throws {
    try await announce(run, "a")
    _ = try await run.store.order(.stop, worker: "a")
    try await run.store.withdraw("a")
    try run.equal(try await next(run, "a"), [], "of a withdrawn worker")
    try run.equal(try await run.store.order(.stop, worker: "a"), false, "given after it withdrew")
    try await announce(run, "b", for: .seconds(10))
    run.time.advance(by: .seconds(10))
    try run.equal(try await run.store.order(.stop, worker: "b"), false, "given after its time")
  }

  static func wakes(_ run: ConformanceRun) async throws {
    try await announce(run, "a")
    let orders = try await run.whileWaiting({ try await next(run, "a", wait: .seconds(100)) }) {
      _ = try await run.store.order(.quiet, worker: "a")
    }
    try run.equal(orders.map(\.order), [.quiet], "orders")
    try run.equal(try await next(run, "a", wait: .seconds(100)), orders, "without a wait, as there is one")
  }

  static func othersDoNotMatter(_ run: ConformanceRun) async throws {
    try await announce(run, "a", "b")
    let orders = try await run.whileWaiting({ try await next(run, "a", wait: .seconds(100)) }) {
      _ = try await run.store.order(.quiet, worker: "b")
      _ = try await run.store.order(.stop, worker: "a")
    }
    try run.equal(orders.map(\.order), [.stop], "orders")
  }

  static func ends(_ run: ConformanceRun) async throws {
    try await announce(run, "a")
    let orders = try await run.whileWaiting({ try await next(run, "a", wait: .seconds(100)) }) {
      run.time.advance(by: .seconds(100))
    }
    try run.equal(orders, [], "orders")
    let wait = Task { try await next(run, "a", wait: .seconds(100)) }
    await run.time.waitForSleepers(1)
    wait.cancel()
    try run.equal(try? await wait.value, [], "orders of one that was cancelled")
  }

  static func senseless(_ run: ConformanceRun) async throws {
    try await announce(run, "a")
    for slots in [0, -1] {
      do {
        _ = try await run.store.order(.scale(slots), worker: "a")
        throw ConformanceFailure("scaling to \(slots) was taken")
      } catch let error as EngineError {
        try run.equal(error.code, .invalid, "code")
      }
    }
    try run.equal(try await next(run, "a"), [], "orders")
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    try await announce(run, "a")
    let given = try await run.together(32) { try await run.store.order(.scale($0 + 1), worker: "a") }
    try run.expect(given.allSatisfy { $0 }, "some were not given")
    let orders = try await next(run, "a")
    try run.equal(Set(orders.map(\.order)), Set((1...32).map { .scale($0) }), "orders")
    try run.equal(Set(orders.map(\.number)).count, 32, "numbers")
  }
}
