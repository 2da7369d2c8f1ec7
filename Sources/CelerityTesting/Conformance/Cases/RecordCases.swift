import CelerityCore
import CelerityJSON

/// Looking up and listing records.
enum RecordCases {
  static let all = [
    ConformanceCase("Look-ups answer in the order of their keys", inOrder),
    ConformanceCase("An unknown id is unknown", unknown),
    ConformanceCase("A record shows every change at once", showsChanges),
    ConformanceCase("Hundreds of records are looked up at once", many),
  ]

  static func inOrder(_ run: ConformanceRun) async throws {
    for id in ["a", "b", "c"] { try await run.accept(id) }
    let lookups = try await run.store.records(["c", "none", "a", "c", "b"].map { TaskKey($0) })
    try run.equal(lookups.map { $0.record?.message.id.text }, ["c", nil, "a", "c", "b"], "ids")
  }

  static func unknown(_ run: ConformanceRun) async throws {
    try run.equal(try await run.lookUp(TaskKey("none")), .unknown)
  }

  static func showsChanges(_ run: ConformanceRun) async throws {
    var last: ChangeNumber = 0
    func expect(_ state: TaskState, line: UInt = #line) async throws {
      let record = try await run.record("a", line: line)
      try run.equal(record.state, state, "state", line: line)
      try run.expect(record.seq > last, "the change has no number of its own", line: line)
      last = record.seq
    }
    try await run.accept("a")
    try await expect(.pending)
    let delivery = try await run.take("a")
    try await expect(.started)
    _ = try await run.store.report([ProgressReport(delivery.key, token: delivery.lease.token, value: .true)])
    try await expect(.progress)
    try await run.settle(delivery, .retry(after: .zero, .boom))
    try await expect(.retry)
    let second = try await run.take("a")
    try await expect(.started)
    _ = try await run.cancel("a")
    try await expect(.started)
    try await run.settle(second, .failure(.boom))
    try await expect(.failure)
    _ = try await run.control(.redrive(TaskKey("a")))
    try await expect(.pending)
    _ = try await run.cancel("a")
    try await expect(.revoked)
  }

  static func many(_ run: ConformanceRun) async throws {
    let ids = (0..<700).map { "t\($0)" }
    _ = try await run.store.submit(ids.map { Submission(.make($0)) })
    let lookups = try await run.store.records(ids.reversed().map { TaskKey($0) })
    try run.equal(lookups.compactMap { $0.record?.message.id.text }, ids.reversed(), "ids")
  }
}

enum ListCases {
  static let all = [
    ConformanceCase("A page of large records ends early, holds one at least, and its cursor is exact", largePages),
    ConformanceCase("A list shows the newest first", newestFirst),
    ConformanceCase("Following cursors gives every task once", pages),
    ConformanceCase("Pages neither repeat nor skip while tasks come, change and go", stablePages),
    ConformanceCase("A list can be narrowed by state, task, queue and to dead letters", filters),
    ConformanceCase("A narrowed list has pages too", filteredPages),
    ConformanceCase("The last page has no cursor", lastPage),
    ConformanceCase("An empty store lists nothing", empty),
    ConformanceCase("A list can be narrowed to several tasks and to priorities", tasksAndPriorities),
    ConformanceCase("A list can begin after any number of records", skips),
    ConformanceCase("A tally counts by state and priority whatever page is asked for", tally),
  ]

  private static func ids(_ page: RecordPage) -> [String] { page.records.map(\.message.id.text) }

  static func newestFirst(_ run: ConformanceRun) async throws {
    for id in ["a", "b", "c"] { try await run.accept(id) }
    _ = try await run.cancel("b")
    try run.equal(ids(try await run.store.list(RecordQuery())), ["c", "b", "a"], "ids")
  }

  private static func follow(_ run: ConformanceRun, _ query: RecordQuery) async throws -> [String] {
    var query = query
    var found: [String] = []
    for _ in 0..<100 {
      let page = try await run.store.list(query)
      try run.expect(page.records.count <= query.limit, "a page of \(page.records.count)")
      found += ids(page)
      guard let next = page.next else { return found }
      query.cursor = next
    }
    throw ConformanceFailure("the pages do not end")
  }

  static func largePages(_ run: ConformanceRun) async throws {
    let all = (0..<9).map { "t\($0)" }
    for id in all {
      try await run.accept(.make(id, args: .text("[\"\(String(repeating: "x", count: id == "t4" ? 5000 : 1000))\"]")))
    }
    var query = RecordQuery(limit: 100)
    for (bytes, pages) in [(1, 9), (1006, 9), (1007, 5), (2500, 4), (100_000, 1)] {
      query.byteLimit = bytes
      query.cursor = nil
      var (found, count) = ([String](), 0)
      repeat {
        let page = try await run.store.list(query)
        (found, count, query.cursor) = (found + ids(page), count + 1, page.next)
        try run.equal(page.scanned, page.records.count, "looked at")
      } while query.cursor != nil
      try run.equal(found, all.reversed(), "records in pages of \(bytes) bytes")
      try run.equal(count, pages, "pages of \(bytes) bytes")
    }
    query = RecordQuery(limit: 100, skip: 2)
    query.byteLimit = 1500
    try run.equal(ids(try await run.store.list(query)), ["t6", "t5"], "behind two that are skipped")
    query = try RecordQuery(filter: TaskFilter("id:t*"), limit: 100)
    query.byteLimit = 1500
    let page = try await run.store.list(query)
    try run.equal(ids(page), ["t8", "t7"], "with a filter")
    query.cursor = page.next
    try run.equal(ids(try await run.store.list(query)), ["t6", "t5"], "the next with a filter")
  }

  static func pages(_ run: ConformanceRun) async throws {
    let all = (0..<23).map { "t\($0)" }
    for id in all { try await run.accept(id) }
    for limit in [1, 5, 22, 23, 24] {
      try run.equal(try await follow(run, RecordQuery(limit: limit)), all.reversed(), "pages of \(limit)")
    }
  }

  static func stablePages(_ run: ConformanceRun) async throws {
    for number in 0..<12 { try await run.end("t\(number)", number % 2 == 0 ? .success(.null) : .failure(.boom)) }
    let first = try await run.store.list(RecordQuery(limit: 4))
    try run.equal(ids(first), ["t11", "t10", "t9", "t8"], "the first page")
    try await run.accept("new")
    _ = try await run.control(.discard(TaskKey("t8")))
    _ = try await run.control(.discard(TaskKey("t6")))
    _ = try await run.control(.redrive(TaskKey("t5")))
    let second = try await run.store.list(RecordQuery(limit: 4, cursor: first.next))
    try run.equal(ids(second), ["t7", "t5", "t4", "t3"], "the second page")
    let third = try await run.store.list(RecordQuery(limit: 4, cursor: second.next))
    try run.equal(ids(third), ["t2", "t1", "t0"], "the third page")
    try run.equal(third.next, nil, "the last cursor")
  }

  private static func fill(_ run: ConformanceRun) async throws {
    try await run.end("done")
    try await run.end("failed", .failure(.boom))
    try await run.accept(.make("expired", expires: run.now))
    try await run.accept("cancelled")
    _ = try await run.cancel("cancelled")
    try run.equal(try await run.fetchIDs(), [], "fetched")
    try await run.accept(.make("other", task: "else", queue: "slow"))
    try await run.accept(.make("waiting", queue: "slow"))
    try await run.accept(.make("foreign", tenant: .other))
  }

  static func filters(_ run: ConformanceRun) async throws {
    try await fill(run)
    func expect(_ query: RecordQuery, _ wanted: [String], line: UInt = #line) async throws {
      try run.equal(ids(try await run.store.list(query)), wanted, "ids", line: line)
    }
    try await expect(RecordQuery(), ["waiting", "other", "cancelled", "expired", "failed", "done"])
    try await expect(RecordQuery(states: [.success, .failure]), ["failed", "done"])
    try await expect(RecordQuery(states: [.revoked]), ["cancelled", "expired"])
    try await expect(RecordQuery(task: "else"), ["other"])
    try await expect(RecordQuery(queue: "slow"), ["waiting", "other"])
    try await expect(RecordQuery(task: "work", queue: "slow"), ["waiting"])
    try await expect(RecordQuery(isDeadLetter: true), ["expired", "failed"])
    try await expect(RecordQuery(isDeadLetter: false), ["waiting", "other", "cancelled", "done"])
    try await expect(RecordQuery(states: [.failure], isDeadLetter: true), ["failed"])
    try await expect(RecordQuery(states: [.progress]), [])
    try await expect(RecordQuery(tenant: .other), ["foreign"])
  }

  static func filteredPages(_ run: ConformanceRun) async throws {
    for number in 0..<10 { try await run.accept(.make("t\(number)", queue: number % 3 == 0 ? "slow" : "fast")) }
    try run.equal(
      try await follow(run, RecordQuery(queue: "slow", limit: 1)), ["t9", "t6", "t3", "t0"], "ids")
    try run.equal(
      try await follow(run, RecordQuery(queue: "fast", limit: 4)), ["t8", "t7", "t5", "t4", "t2", "t1"], "ids")
  }

  static func lastPage(_ run: ConformanceRun) async throws {
    for number in 0..<4 { try await run.accept("t\(number)") }
    let first = try await run.store.list(RecordQuery(limit: 2))
    try run.expect(first.next != nil, "there is no second page")
    try run.equal(try await run.store.list(RecordQuery(limit: 2, cursor: first.next)).next, nil, "the last cursor")
    try run.equal(try await run.store.list(RecordQuery(limit: 4)).next, nil, "the only cursor")
  }

  static func empty(_ run: ConformanceRun) async throws {
    try run.equal(try await run.store.list(RecordQuery()), RecordPage(records: [], next: nil), "page")
  }

  static func tasksAndPriorities(_ run: ConformanceRun) async throws {
    for (id, task, priority) in [("a", "one", 2), ("b", "two", 8), ("c", "three", 8)] {
      try await run.accept(.make(id, task: task, priority: priority))
    }
    try await run.accept(.make("d", task: "one"))
    func expect(_ change: (inout RecordQuery) -> Void, _ wanted: [String], line: UInt = #line) async throws {
      var query = RecordQuery()
      change(&query)
      try run.equal(ids(try await run.store.list(query)), wanted, "ids", line: line)
      try run.equal(try await run.store.count(query).total, wanted.count, "count", line: line)
    }
    try await expect({ $0.tasks = ["one", "two"] }, ["d", "b", "a"])
    try await expect({ $0.tasks = ["none", "three"] }, ["c"])
    try await expect({ $0.priorities = .high ... .high }, ["c", "b"])
    try await expect({ $0.priorities = .low ... .normal }, ["d", "a"])
    try await expect({ ($0.tasks, $0.priorities) = (["one", "two"], .normal ... .high) }, ["d", "b"])
  }

  static func skips(_ run: ConformanceRun) async throws {
    for number in 0..<9 { try await run.accept(.make("t\(number)", queue: number % 3 == 0 ? "slow" : "fast")) }
    func expect(_ query: RecordQuery, _ wanted: [String], hasMore: Bool, line: UInt = #line) async throws {
      let page = try await run.store.list(query)
      try run.equal(ids(page), wanted, "ids", line: line)
      try run.equal(page.next != nil, hasMore, "whether there is more", line: line)
    }
    try await expect(RecordQuery(limit: 2, skip: 3), ["t5", "t4"], hasMore: true)
    try await expect(RecordQuery(limit: 2, skip: 7), ["t1", "t0"], hasMore: false)
    try await expect(RecordQuery(limit: 2, skip: 8), ["t0"], hasMore: false)
    try await expect(RecordQuery(limit: 2, skip: 9), [], hasMore: false)
    try await expect(RecordQuery(limit: 2, skip: .max), [], hasMore: false)
    try await expect(RecordQuery(queue: "fast", limit: 2, skip: 1), ["t7", "t5"], hasMore: true)
    let first = try await run.store.list(RecordQuery(limit: 2, skip: 3))
    try await expect(RecordQuery(limit: 2, cursor: first.next), ["t3", "t2"], hasMore: true)
  }

  static func tally(_ run: ConformanceRun) async throws {
    try await fill(run)
    try await run.accept(.make("low", priority: 2))
    try await run.accept(.make("later", priority: 2, eta: run.now + .seconds(60)))
    func expect(_ query: RecordQuery, _ wanted: [RecordTally], line: UInt = #line) async throws {
      try run.equal(Set(try await run.store.tally(query)), Set(wanted), "tally", line: line)
    }
    let waiting = [RecordTally(.pending, nil, count: 2), RecordTally(.pending, .low, count: 2)]
    let ended = [
      RecordTally(.success, nil, count: 1), RecordTally(.failure, nil, count: 1), RecordTally(.revoked, nil, count: 2),
    ]
    try await expect(RecordQuery(), waiting + ended)
    try await expect(RecordQuery(limit: 1, skip: 2, cursor: RecordCursor(position: 1)), waiting + ended)
    try await expect(RecordQuery(states: [.pending, .retry]), waiting)
    try await expect(RecordQuery(states: [.pending], queue: "slow"), [RecordTally(.pending, nil, count: 2)])
    try await expect(RecordQuery(task: "none"), [])
    try await expect(RecordQuery(tenant: .other), [RecordTally(.pending, nil, count: 1)])
  }
}
