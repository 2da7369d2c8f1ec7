import CelerityCore
import CelerityJSON

/// The change feed: compacted, in order, never silent about what it no longer has.
enum ChangeCases {
  static let all = [
    ConformanceCase("Changes come in the order of their numbers, each record once in its present form", compacted),
    ConformanceCase("Reading on from the last number gives exactly what changed since", readingOn),
    ConformanceCase("Changes come in pages", pages),
    ConformanceCase("A tenant sees its own changes only", byTenant),
    ConformanceCase("Forgetting a record is a gap for who has not seen its last change, and for nobody else", gap),
    ConformanceCase("A discarded record is a gap too", gapOnDiscard),
    ConformanceCase("A feed with nothing new answers with the reader's own place", nothingNew),
    ConformanceCase("Who begins at the last change gets exactly what comes after it", fromTheEnd),
    ConformanceCase("Numbers are unique, also under concurrent verbs", unique),
    ConformanceCase("Every task that a verb changed is in the feed", everyVerb),
    ConformanceCase("A page of large records ends early, and the next one goes on behind it", largePage),
  ]

  private static func changes(
    _ run: ConformanceRun, after seq: ChangeNumber = 0, tenant: Tenant? = nil, limit: Int = 1000
  ) async throws -> ChangePage {
    try await run.store.changes(after: seq, tenant: tenant, limit: limit)
  }

  private static func ids(_ page: ChangePage) -> [String] { page.records.map(\.message.id.text) }

  static func largePage(_ run: ConformanceRun) async throws {
    let ids = (0..<12).map { "t\($0)" }
    for id in ids {
      try await run.accept(.make(id, args: .text("[\"\(String(repeating: "x", count: 1_100_000))\"]")))
    }
    var (found, next, pages) = ([String](), ChangeNumber(0), 0)
    while true {
      let page = try await run.store.changes(after: next, tenant: nil, limit: 100)
      found += page.records.map(\.message.id.text)
      try run.expect(page.records.count <= 8, "\(page.records.count) megabytes in a page")
      (next, pages) = (page.next, pages + 1)
      if !page.hasMore { break }
    }
    try run.equal(found, ids, "changes")
    try run.equal(pages, 2, "pages")
    let last = try await run.store.changes(after: next, tenant: nil, limit: 100)
    try run.equal(last, ChangePage(records: [], next: next, gap: false), "behind the end")
  }

  static func compacted(_ run: ConformanceRun) async throws {
    for id in ["a", "b", "c"] { try await run.accept(id) }
    try await run.settle(try await run.take("a"), .success(.null))
    let page = try await changes(run)
    try run.equal(ids(page), ["b", "c", "a"], "ids")
    try run.equal(page.records.map(\.state), [.pending, .pending, .success], "states")
    try run.equal(page.records.map(\.seq), page.records.map(\.seq).sorted(), "numbers")
    try run.equal(page.next, page.records.last?.seq, "next")
    try run.expect(!page.gap, "there is a gap")
  }

  static func readingOn(_ run: ConformanceRun) async throws {
    for id in ["a", "b"] { try await run.accept(id) }
    let first = try await changes(run)
    try run.equal(ids(try await changes(run, after: first.next)), [], "at once")
    try await run.accept("c")
    _ = try await run.cancel("a")
    let second = try await changes(run, after: first.next)
    try run.equal(ids(second), ["c", "a"], "then")
    try run.equal(ids(try await changes(run, after: second.next)), [], "at last")
  }

  static func pages(_ run: ConformanceRun) async throws {
    let all = (0..<10).map { "t\($0)" }
    for id in all { try await run.accept(id) }
    var found: [String] = []
    var seq: ChangeNumber = 0
    for _ in 0..<6 {
      let page = try await changes(run, after: seq, limit: 3)
      found += ids(page)
      seq = page.next
    }
    try run.equal(found, all, "ids")
  }

  static func byTenant(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    try await run.accept(.make("b", tenant: .other))
    try await run.accept("c")
    try run.equal(ids(try await changes(run, tenant: .default)), ["a", "c"], "of the default tenant")
    try run.equal(ids(try await changes(run, tenant: .other)), ["b"], "of the other")
    try run.equal(ids(try await changes(run)), ["a", "b", "c"], "of all")
  }

  static func gap(_ run: ConformanceRun) async throws {
    let ended = try await run.end("a")
    try await run.accept("b")
    run.time.advance(by: .seconds(10))
    try await run.maintain(Retention(success: .seconds(10)))
    try run.expect(try await changes(run, after: ended.seq - 1).gap, "no gap for who missed the last change")
    let page = try await changes(run, after: ended.seq)
    try run.expect(!page.gap, "a gap for who saw the last change")
    try run.equal(ids(page), ["b"], "ids")
  }

  static func gapOnDiscard(_ run: ConformanceRun) async throws {
    let ended = try await run.end("a")
    _ = try await run.control(.discard(TaskKey("a")))
    try run.expect(try await changes(run, after: ended.seq - 1).gap, "no gap for who missed the last change")
    try run.expect(!(try await changes(run, after: ended.seq).gap), "a gap for who saw the last change")
  }

  static func nothingNew(_ run: ConformanceRun) async throws {
    try run.equal(try await changes(run), ChangePage(records: [], next: 0, gap: false), "of an empty store")
    let seq = try await run.accept("a")
    try run.equal(try await changes(run, after: seq).next, seq, "next")
  }

  static func fromTheEnd(_ run: ConformanceRun) async throws {
    let ended = try await run.end("a")
    let last = try await run.store.lastChange()
    try run.expect(last >= ended.seq, "the last change is \(last), which is before \(ended.seq)")
    try run.equal(try await changes(run, after: last), ChangePage(records: [], next: last, gap: false), "at once")
    let seq = try await run.accept("b")
    try run.equal(ids(try await changes(run, after: last)), ["b"], "then")
    try run.expect(try await run.store.lastChange() >= seq, "the last change did not move on")
  }

  static func unique(_ run: ConformanceRun) async throws {
    _ = try await run.together(8) { caller in
      for number in 0..<10 { try await run.accept("t\(caller)-\(number)") }
      for delivery in try await run.fetch(10) { try await run.settle(delivery, .success(.null)) }
    }
    let page = try await changes(run)
    try run.equal(page.records.count, 80, "records")
    try run.equal(Set(page.records.map(\.seq)).count, 80, "numbers")
  }

  static func everyVerb(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    var seq = try await changes(run).next
    func expect(_ what: String, line: UInt = #line, _ verb: () async throws -> Void) async throws {
      try await verb()
      let page = try await changes(run, after: seq)
      try run.equal(ids(page), ["a"], what, line: line)
      seq = page.next
    }
    try await expect("a claim") { try await run.take("a") }
    let lease = try run.unwrap(try await run.record("a").lease, "the lease")
    try await expect("progress") {
      _ = try await run.store.report([ProgressReport(TaskKey("a"), token: lease.token, value: .true)])
    }
    try await expect("a lost lease") { try await run.loseLeases() }
    try await expect("a retry") {
      try await run.settle(try await run.take("a"), .retry(after: .seconds(5), .boom))
    }
    try await expect("a promotion") {
      run.time.advance(by: .seconds(5))
      try await run.maintain()
    }
    try await expect("a purge") { _ = try await run.control(.purge(QueueKey("default"))) }
    try await expect("a redrive") { _ = try await run.control(.redrive(TaskKey("a"))) }
    try await expect("a cancellation") { _ = try await run.cancel("a") }
  }
}

/// Hints: announcements that may be lost, but not without trace.
enum HintCases {
  static let all = [
    ConformanceCase("Each commit is announced with the tasks it changed", announced),
    ConformanceCase("Batches count without holes", batches),
    ConformanceCase("Every reader gets every hint", manyReaders),
    ConformanceCase("A reader that fell behind sees it by the batch and keeps the newest", slowReader),
    ConformanceCase("A hint comes after its commit", afterCommit),
    ConformanceCase("Lines of a log are announced, without a change of the record", logged),
  ]

  static func announced(_ run: ConformanceRun) async throws {
    var hints = run.store.hints().makeAsyncIterator()
    let results = try await run.store.submit([Submission(.make("a")), Submission(.make("b", tenant: .other))])
    let hint = try run.unwrap(await hints.next(), "a hint")
    try run.equal(
      hint.changes,
      [
        ChangeHint.Change(key: TaskKey("a"), state: .pending),
        ChangeHint.Change(key: TaskKey("b", .other), state: .pending),
      ], "changes")
    guard case .accepted(_, let seq) = results[1] else { throw ConformanceFailure("answers are \(results)") }
    try run.equal(hint.seq, seq, "number")
    let delivery = try await run.take("a")
    try run.equal((await hints.next())?.changes.map(\.state), [.started], "after the claim")
    try await run.settle(delivery, .success(.null))
    try run.equal((await hints.next())?.changes.map(\.state), [.success], "after the settlement")
  }

  static func batches(_ run: ConformanceRun) async throws {
    var hints = run.store.hints().makeAsyncIterator()
    var last: Int64?
    for number in 0..<10 {
      try await run.accept("t\(number)")
      let hint = try run.unwrap(await hints.next(), "a hint")
      if let last { try run.equal(hint.batch, last + 1, "batch") }
      last = hint.batch
    }
  }

  static func manyReaders(_ run: ConformanceRun) async throws {
    let streams = (0..<3).map { _ in run.store.hints() }
    try await run.accept("a")
    var batches: Set<Int64> = []
    for stream in streams {
      var hints = stream.makeAsyncIterator()
      batches.insert(try run.unwrap(await hints.next(), "a hint").batch)
    }
    try run.equal(batches.count, 1, "batches")
  }

  static func slowReader(_ run: ConformanceRun) async throws {
    var hints = run.store.hints().makeAsyncIterator()
    try await run.accept("first")
    let first = try run.unwrap(await hints.next(), "a hint")
    // A hint may come later than the answer to its commit: a second reader tells when all have come.
    var late = run.store.hints().makeAsyncIterator()
    for number in 0..<1030 {
      try await run.accept("t\(number)")
      while try run.unwrap(await late.next(), "a hint").changes.first?.key != TaskKey("t\(number)") {}
    }
    let next = try run.unwrap(await hints.next(), "a hint")
    try run.expect(next.batch > first.batch + 1, "nothing was dropped: batch \(next.batch) after \(first.batch)")
    var last = next
    while last.changes.first?.key != TaskKey("t1029") { last = try run.unwrap(await hints.next(), "the newest hint") }
    try run.equal(last.batch - next.batch, 1023, "batches kept")
  }

  static func afterCommit(_ run: ConformanceRun) async throws {
    var hints = run.store.hints().makeAsyncIterator()
    async let accepted: Void = {
      for number in 0..<20 { try await run.accept("t\(number)") }
    }()
    for _ in 0..<20 {
      let hint = try run.unwrap(await hints.next(), "a hint")
      for change in hint.changes {
        try run.expect(
          try await run.lookUp(change.key).record != nil, "\(change.key) was announced before it was there")
      }
    }
    try await accepted
  }

  static func logged(_ run: ConformanceRun) async throws {
    var hints = run.store.hints().makeAsyncIterator()
    try await run.accept("a")
    try run.equal((await hints.next())?.changes.map(\.key), [TaskKey("a")], "announced at first")
    let before = try await run.record("a")
    let lines = ["a", "a", "unknown"].map {
      TaskLogLine(TaskKey(TaskID(stored: $0)), attempt: 1, time: run.now, level: "info", text: "x")
    }
    try await run.store.append(lines)
    let hint = try run.unwrap(await hints.next(), "a hint")
    try run.equal(hint.logged, [TaskKey("a")], "tasks with lines")
    try run.equal(hint.changes, [], "changes")
    try run.equal(try await run.record("a"), before, "record")
    try run.equal(try await run.store.logs(of: TaskKey("a"), after: 0, limit: 9).count, 2, "lines are there")
    try await run.accept("b")
    try run.equal((await hints.next())?.batch, hint.batch + 1, "the next batch")
  }
}
