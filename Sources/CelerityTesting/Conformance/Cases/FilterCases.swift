import CelerityCore
import CelerityJSON

/// Searching and counting records.
enum FilterCases {
  static let all = [
    ConformanceCase("A filter lets through what it matches, newest first", matches),
    ConformanceCase("A filter stands beside the other conditions", conditions),
    ConformanceCase("A page ends after so many records looked at and the next begins right behind them", scanLimit),
    ConformanceCase("Pages of any size and any look give every match once", everyPage),
    ConformanceCase("A page that met its limit tells how many it looked at", limitMet),
    ConformanceCase(
      "What the filter demands of state, task, queue and id is not looked for record by record", narrowed),
    ConformanceCase("Conditions that contradict each other find nothing", contradiction),
    ConformanceCase("A filter sees all of a record", wholeRecord),
    ConformanceCase("Counting tells all records that conditions fit", counts),
    ConformanceCase("Counting with a filter looks at so many records and says whether that were all", countsFiltered),
    ConformanceCase("Counting begins behind the cursor", countsFromCursor),
  ]

  private static func ids(_ page: RecordPage) -> [String] { page.records.map(\.message.id.text) }

  private static func fill(_ run: ConformanceRun, _ count: Int = 12) async throws {
    for number in 0..<count {
      try await run.accept(
        .make(
          "t\(number)", task: number % 2 == 0 ? "even" : "odd", queue: number % 3 == 0 ? "slow" : "fast",
          args: .text("[\(number)]"), priority: number % 10))
    }
  }

  static func matches(_ run: ConformanceRun) async throws {
    try await fill(run)
    let page = try await run.store.list(RecordQuery(filter: TaskFilter("args.0:>7 OR args.0:2")))
    try run.equal(ids(page), ["t11", "t10", "t9", "t8", "t2"], "ids")
    try run.equal([page.scanned, page.next == nil ? 0 : 1], [12, 0], "looked at, and whether there is more")
  }

  static func conditions(_ run: ConformanceRun) async throws {
    try await fill(run)
    try await run.accept(.make("foreign", args: .text("[9]"), tenant: .other))
    let query = try RecordQuery(task: "odd", queue: "fast", filter: TaskFilter("-args.0:5"))
    let page = try await run.store.list(query)
    try run.equal(ids(page), ["t11", "t7", "t1"], "ids")
    try run.equal(page.scanned, 4, "looked at")
  }

  static func scanLimit(_ run: ConformanceRun) async throws {
    try await fill(run)
    var query = try RecordQuery(filter: TaskFilter("args.0:3"), scanLimit: 5)
    let first = try await run.store.list(query)
    try run.equal(ids(first), [], "on the first page")
    try run.equal(first.scanned, 5, "looked at")
    query.cursor = try run.unwrap(first.next, "the second page")
    let second = try await run.store.list(query)
    try run.equal(ids(second), ["t3"], "on the second page")
    query.cursor = try run.unwrap(second.next, "the third page")
    let third = try await run.store.list(query)
    try run.equal([ids(third).count, third.scanned, third.next == nil ? 0 : 1], [0, 2, 0], "the third page")
  }

  static func everyPage(_ run: ConformanceRun) async throws {
    try await fill(run, 23)
    for (limit, scanLimit) in [(1, 1), (1, 3), (2, 100), (5, 4), (100, 7), (3, 23), (0, 0)] {
      var query = try RecordQuery(filter: TaskFilter("task:o* -args.0:7"), scanLimit: scanLimit, limit: limit)
      var found: [String] = []
      var scanned = 0
      repeat {
        let page = try await run.store.list(query)
        try run.expect(page.scanned <= max(1, scanLimit) && page.records.count <= max(1, limit), "the page is too long")
        try run.expect(page.next == nil || page.scanned > 0, "a page looked at nothing and has a next one")
        found += ids(page)
        scanned += page.scanned
        query.cursor = page.next
      } while query.cursor != nil
      let wanted = (0..<23).reversed().filter { $0 % 2 == 1 && $0 != 7 }.map { "t\($0)" }
      try run.equal(found, wanted, "ids by \(limit) and \(scanLimit)")
      try run.equal(scanned, 23, "looked at by \(limit) and \(scanLimit)")
    }
  }

  static func limitMet(_ run: ConformanceRun) async throws {
    try await fill(run)
    let page = try await run.store.list(RecordQuery(filter: TaskFilter("args.0:<8"), limit: 2))
    try run.equal(ids(page), ["t7", "t6"], "ids")
    try run.equal(page.scanned, 6, "looked at")
    let plain = try await run.store.list(RecordQuery(limit: 2))
    try run.equal(plain.scanned, 2, "looked at without a filter")
  }

  static func narrowed(_ run: ConformanceRun) async throws {
    try await fill(run)
    _ = try await run.cancel("t3")
    func expect(_ text: String, _ wanted: [String], line: UInt = #line) async throws {
      let page = try await run.store.list(RecordQuery(filter: TaskFilter(text)))
      try run.equal(ids(page), wanted, "ids", line: line)
      try run.equal(page.scanned, wanted.count, "looked at", line: line)
    }
    try await expect("state:revoked", ["t3"])
    try await expect("id:t4", ["t4"])
    try await expect("id:none", [])
    try await expect("task:odd queue:slow", ["t9", "t3"])
    try await expect("task:odd queue:slow -state:revoked state:pending,revoked id:t9", ["t9"])
  }

  static func contradiction(_ run: ConformanceRun) async throws {
    try await fill(run)
    for query in [
      try RecordQuery(filter: TaskFilter("state:success state:failure")),
      try RecordQuery(states: [.pending], filter: TaskFilter("state:failure")),
      try RecordQuery(task: "odd", filter: TaskFilter("task:even")),
      try RecordQuery(queue: "slow", filter: TaskFilter("queue:fast")),
    ] {
      try run.equal(try await run.store.list(query), RecordPage(records: [], next: nil), "page")
      try run.equal(try await run.store.count(query), RecordCount(total: 0, isExact: true), "count")
    }
  }

  static func wholeRecord(_ run: ConformanceRun) async throws {
    var message = TaskMessage.make("a", args: .text(#"["g\u00fc\u00df"]"#), priority: 8)
    message.extras.tags = ["nightly"]
    try await run.accept(message)
    try await run.settle(try await run.take("a", worker: "w7"), .retry(after: .zero, .boom))
    try await run.settle(try await run.take("a", worker: "w8"), .failure(.boom))
    let text = "tag:nightly args.0:güß Güß worker:w8 error:value* attempts:2 priority:>7 finished:<1h state:failure"
    let filter = try TaskFilter(text, time: run.time)
    try run.equal(ids(try await run.store.list(RecordQuery(filter: filter))), ["a"], "ids")
    let results = try await run.end("b", .success(.text(#"{"x": [1, 2.5]}"#)))
    try run.expect(try TaskFilter("result.x.1:2.50").matches(results), "the record's own result")
    try run.equal(ids(try await run.store.list(RecordQuery(filter: TaskFilter("result.x:2.50")))), ["b"], "ids")
  }

  static func counts(_ run: ConformanceRun) async throws {
    try await fill(run)
    try await run.accept(.make("foreign", tenant: .other))
    _ = try await run.cancel("t0")
    for delivery in try await run.fetch(3, queues: ["fast"]) { try await run.settle(delivery, .failure(.boom)) }
    _ = try await run.fetch(2, queues: ["fast"])
    func expect(_ query: RecordQuery, _ total: Int, line: UInt = #line) async throws {
      let count = try await run.store.count(query)
      try run.equal(count, RecordCount(total: total, isExact: true), "count", line: line)
    }
    try await expect(RecordQuery(limit: 3), 12)
    try await expect(RecordQuery(tenant: .other), 1)
    try await expect(RecordQuery(states: [.pending]), 6)
    try await expect(RecordQuery(states: [.started, .progress]), 2)
    try await expect(RecordQuery(states: [.failure, .revoked]), 4)
    try await expect(RecordQuery(isDeadLetter: true), 3)
    try await expect(RecordQuery(isDeadLetter: false), 9)
    try await expect(RecordQuery(task: "odd"), 6)
    try await expect(RecordQuery(queue: "slow"), 4)
    try await expect(RecordQuery(states: [.pending], task: "odd", queue: "slow"), 2)
  }

  static func countsFiltered(_ run: ConformanceRun) async throws {
    try await fill(run)
    let filter = try TaskFilter("args.0:>=6")
    func expect(_ scanLimit: Int, _ wanted: RecordCount, line: UInt = #line) async throws {
      let count = try await run.store.count(RecordQuery(filter: filter, scanLimit: scanLimit))
      try run.equal(count, wanted, "count", line: line)
    }
    try await expect(12, RecordCount(total: 6, isExact: true))
    try await expect(11, RecordCount(total: 6, isExact: false))
    try await expect(4, RecordCount(total: 4, isExact: false))
    try run.equal(
      try await run.store.count(RecordQuery(filter: TaskFilter("task:odd"), scanLimit: 6)),
      RecordCount(total: 6, isExact: true), "count by an index")
  }

  static func countsFromCursor(_ run: ConformanceRun) async throws {
    try await fill(run)
    let page = try await run.store.list(RecordQuery(limit: 5))
    try run.equal(try await run.store.count(RecordQuery(cursor: page.next)).total, 7, "without a filter")
    let query = try RecordQuery(filter: TaskFilter("args.0:>2"), cursor: page.next)
    try run.equal(try await run.store.count(query), RecordCount(total: 4, isExact: true), "with a filter")
  }
}
