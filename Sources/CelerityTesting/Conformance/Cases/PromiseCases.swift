import CelerityCore
import CelerityJSON

/// What becomes of a task in whose place a workflow goes on.
enum PromiseCases {
  static let all = [
    ConformanceCase("A task replaced by a chain is promised until the last step is sent under its id", chain),
    ConformanceCase("What waited for a replaced task follows the last step of its chain", followers),
    ConformanceCase("A failure before the last step ends the replaced task, and errbacks are called once", failedStep),
    ConformanceCase("A failure of the last step ends the replaced task, and errbacks are called once", failedLast),
    ConformanceCase("A group in a task's place gives it the list of its results", group),
    ConformanceCase("A failed member of a group in a task's place ends the replaced task", failedMember),
    ConformanceCase("The body of a chord goes on under the id of the task it replaces", chord),
    ConformanceCase("A chord without a header in a task's place waits at once", emptyChord),
    ConformanceCase("A member replaced by a chain counts once in its chord, with the last result", member),
    ConformanceCase("A member replaced by a group whose member fails, fails its chord", failedMemberOfMember),
    ConformanceCase("A step of a workflow in a task's place may be replaced in its turn", nested),
    ConformanceCase("What goes on under the id may be replaced by a workflow again", again),
    ConformanceCase("A promised task that is cancelled is revoked, and what was promised is not sent", cancelled),
    ConformanceCase("A promised task that is cancelled counts in its chord and ends its chain", cancelledMember),
    ConformanceCase("Nothing of a workflow is sent for a task that is to end", cancelRequested),
    ConformanceCase("A workflow that takes a task's place twice is sent once", settledTwice),
    ConformanceCase("A workflow whose ids are taken breaks the promise at once", takenID),
    ConformanceCase("A repeated request for what was replaced keeps no promise", repeatedRequest),
    ConformanceCase("A promised task holds its unique key", uniqueKey),
    ConformanceCase("A promised task stands in no queue: it is not purged, moved, redriven or discarded", noQueue),
    ConformanceCase("A purge that ends the workflow ends the promised task", purge),
    ConformanceCase("Neither expiry nor retention end a promised task", time),
    ConformanceCase("A promised task stands in lists as PENDING", lists),
    ConformanceCase("A promised task whose workflow failed is redriven alone", redriven),
    ConformanceCase("Promises are kept over a restart", needsRestart: true, restart),
  ]

  // MARK: Words

  private static func signature(_ task: String, id: String? = nil, queue: String? = nil) -> Signature {
    FollowingCases.signature(task, id: id, options: queue.map { [("queue", .string($0))] } ?? [])
  }

  private static func chain(_ steps: Signature...) -> Signature {
    Signature(
      task: "celery.chain", kwargs: .object([("tasks", .array(steps.map(\.json)))]), subtaskType: "chain")
  }

  private static let twoSteps = chain(signature("first", id: "x"), signature("second"))
  private static let pair = FollowingCases.group(id: "pair", [signature("one", id: "x"), signature("two", id: "y")])

  /// Ends an attempt by letting a workflow take its place.
  @discardableResult
  private static func replace(
    _ run: ConformanceRun, _ delivery: Delivery, by signature: Signature, line: UInt = #line
  ) async throws -> Settlement {
    let ids = DerivedIDs("\(delivery.key)/\(delivery.lease.token)")
    let replacement = try Canvas.replacement(of: delivery.message, by: signature, ids: ids, now: run.now)
    let settlement = Settlement(delivery, .released(after: .zero, reason: .replaced), replacement: replacement)
    let results = try await run.store.settle([settlement])
    guard case .committed = results[0] else { throw ConformanceFailure("replaced with \(results)", line: line) }
    return settlement
  }

  /// A task that was replaced by two steps, `x` and then itself.
  @discardableResult
  private static func promised(
    _ run: ConformanceRun, by signature: Signature = twoSteps, line: UInt = #line,
    _ change: (inout TaskMessage.Extras) -> Void = { _ in }
  ) async throws -> Settlement {
    let settlement = try await replace(run, try await FollowingCases.start(run, change), by: signature, line: line)
    try await run.expectRecord("a", .pending, .promised, line: line)
    return settlement
  }

  private static let error: @Sendable (inout TaskMessage.Extras) -> Void = { $0.errbacks = [signature("err")] }

  /// What waits, with what is called by it.
  private static func calls(_ run: ConformanceRun) async throws -> [String] { try await FollowingCases.calls(run) }

  // MARK: Chains

  static func chain(_ run: ConformanceRun) async throws {
    try await promised(run)
    let record = try await run.record("a")
    try run.equal("\(record.message.task) \(record.lease == nil) \(record.attempts)", "second true 1", "record")
    try run.equal(record.history.last?.cause, "replaced", "history")
    let status = try await run.status()
    try run.equal([status.ready, status.delayed, status.leased], [1, 0, 0], "in the queue")
    let first = try await run.take("x")
    try run.equal(first.message.task, "first", "first step")
    try run.equal(first.message.extras.parentID, "a", "parent of the first step")
    try await run.settle(first, .success(.text("7")))
    try await run.expectRecord("a", .pending, .ready)
    let last = try await run.take("a")
    try run.equal("\(last.message.task)\(last.message.args) \(last.attempt)", "second[7] 2", "last step")
    try run.equal(last.message.extras.parentID, "x", "parent of the last step")
    let ended = try await run.settle(last, .success(.text("8")))
    try run.equal(ended.result, .text("8"), "result")
    try run.equal(try await run.fetchIDs(), [], "left over")
  }

  static func followers(_ run: ConformanceRun) async throws {
    try await promised(run) {
      $0.callbacks = [signature("link", id: "l")]
      $0.chain = [signature("next", id: "n"), signature("end", id: "e")]
    }
    try await run.settle(try await run.take("x"), .success(.text("7")))
    try await run.settle(try await run.take("a"), .success(.text("8")))
    try run.equal(Set(try await calls(run)), ["link[8]", "next[8]"], "followers")
    try run.equal(try await run.lookUp(TaskKey("e")), .unknown, "the end")
  }

  static func failedStep(_ run: ConformanceRun) async throws {
    try await promised(run) {
      error(&$0)
      $0.chain = [signature("next", id: "n")]
    }
    try await run.settle(try await run.take("x"), .failure(.boom))
    let record = try await run.record("a")
    try run.equal("\(record.state) \(record.failure?.type ?? "")", "failure ValueError", "record")
    try run.equal(try await run.record("n").state, .failure, "what was to follow")
    try run.equal(try await calls(run), [#"err["x"]"#], "errbacks")
  }

  static func failedLast(_ run: ConformanceRun) async throws {
    try await promised(run, error)
    try await run.settle(try await run.take("x"), .success(.text("7")))
    try await run.settle(try await run.take("a"), .failure(.boom))
    try run.equal(try await calls(run), [#"err["a"]"#], "errbacks")
  }

  // MARK: Groups and chords

  static func group(_ run: ConformanceRun) async throws {
    try await promised(run, by: pair) { $0.callbacks = [signature("link")] }
    let members = try await run.fetch(9)
    try run.equal(members.map(\.message.id.text), ["x", "y"], "members")
    for (place, member) in members.enumerated() {
      try await run.expectRecord("a", .pending, .promised)
      try await run.settle(member, .success(.integer(Int64(place))))
    }
    let body = try await run.take("a")
    try run.equal("\(body.message.task)\(body.message.args)", "celery.accumulate[[0,1]]", "body")
    try run.equal(body.message.kwargs, .text(#"{"index":0}"#), "which of its arguments it gives back")
    try await run.settle(body, .success(.text("[0,1]")))
    try run.equal(try await calls(run), ["link[[0,1]]"], "followers")
  }

  static func failedMember(_ run: ConformanceRun) async throws {
    try await promised(run, by: pair, error)
    let members = try await run.fetch(9)
    try await run.settle(members[0], .failure(.boom))
    try await run.expectRecord("a", .pending, .promised)
    try await run.settle(members[1], .success(.true))
    let record = try await run.record("a")
    try run.equal("\(record.state) \(record.failure?.type ?? "")", "failure ChordError", "record")
    try run.equal(try await calls(run), [#"err["a"]"#], "errbacks")
  }

  static func chord(_ run: ConformanceRun) async throws {
    try await promised(run, by: chain(signature("zero", id: "z"), FollowingCases.chord(pair, signature("body"))))
    try await run.settle(try await run.take("z"), .success(.text("3")))
    let members = try await run.fetch(9)
    try run.equal(members.map { "\($0.message.task)\($0.message.args)" }, ["one[3]", "two[3]"], "members")
    try await run.expectRecord("a", .pending, .promised)
    for member in members { try await run.settle(member, .success(.text("4"))) }
    let body = try await run.take("a")
    try run.equal("\(body.message.task)\(body.message.args)", "body[[4,4]]", "body")
    try await run.settle(body, .success(.true))
  }

  static func emptyChord(_ run: ConformanceRun) async throws {
    let empty = FollowingCases.chord(FollowingCases.group(id: "none", []), signature("body"))
    try await replace(run, try await run.start("a"), by: empty)
    let body = try await run.take("a")
    try run.equal("\(body.message.task)\(body.message.args)", "body[[]]", "body")
  }

  static func member(_ run: ConformanceRun) async throws {
    try await replace(run, try await GroupCases.chord(run, 1)[0], by: twoSteps)
    try await run.settle(try await run.take("x"), .success(.text("7")))
    try await GroupCases.expectNoBody(run)
    try await run.settle(try await run.take("m0"), .success(.text("8")))
    try run.equal(try await GroupCases.bodyArguments(run), ["body[[8]]"], "bodies")
  }

  static func failedMemberOfMember(_ run: ConformanceRun) async throws {
    try await replace(run, try await GroupCases.chord(run, 1)[0], by: pair)
    let members = try await run.fetch(9)
    try await run.settle(members[1], .success(.true))
    try await run.settle(members[0], .failure(.boom))
    for id in ["m0", "body"] {
      let record = try await run.record(id)
      try run.equal("\(record.state) \(record.failure?.type ?? "")", "failure ChordError", id)
    }
  }

  // MARK: More than once

  static func nested(_ run: ConformanceRun) async throws {
    try await promised(run)
    let inner = chain(signature("inner", id: "i"), signature("outer"))
    try await replace(run, try await run.take("x"), by: inner)
    for id in ["a", "x"] { try await run.expectRecord(id, .pending, .promised) }
    try await run.settle(try await run.take("i"), .success(.text("7")))
    let outer = try await run.take("x")
    try run.equal("\(outer.message.task)\(outer.message.args)", "outer[7]", "in the first step's place")
    try await run.settle(outer, .success(.text("8")))
    try run.equal(try await calls(run), ["second[8]"], "last step")
  }

  static func again(_ run: ConformanceRun) async throws {
    try await promised(run)
    try await run.settle(try await run.take("x"), .success(.text("7")))
    try await replace(run, try await run.take("a"), by: chain(signature("third", id: "t"), signature("fourth")))
    try await run.expectRecord("a", .pending, .promised)
    try await run.settle(try await run.take("t"), .success(.text("8")))
    let last = try await run.take("a")
    try run.equal("\(last.message.task)\(last.message.args)", "fourth[8]", "last step")
    try run.equal(last.message.extras.replacedTaskNesting, 2, "nesting")
    try await run.settle(last, .success(.true))
  }

  static func settledTwice(_ run: ConformanceRun) async throws {
    let settlement = try await promised(run)
    _ = try await run.store.settle([settlement])
    try await run.expectRecord("a", .pending, .promised)
    try run.equal(try await run.fetchIDs(), ["x"], "fetched")
    _ = try await run.store.settle([settlement])
    try run.equal(try await run.fetchIDs(), [], "fetched again")
  }

  static func takenID(_ run: ConformanceRun) async throws {
    try await run.end("x")
    let delivery = try await FollowingCases.start(run, error)
    try await replace(run, delivery, by: twoSteps)
    let record = try await run.record("a")
    try run.equal("\(record.state) \(record.failure?.type ?? "")", "failure InvalidTaskError", "record")
    try run.equal(try await calls(run), [#"err["a"]"#], "errbacks")
  }

  static func repeatedRequest(_ run: ConformanceRun) async throws {
    try await promised(run)
    guard case .conflict = try await run.submit(Submission(.make("a"))) else {
      throw ConformanceFailure("a request for what was replaced was taken over")
    }
    let same = try await run.submit(Submission(.make("a", task: "second")))
    try run.equal(same, .existing(TaskKey("a").id, cause: .sameID), "a request for what is promised")
    try await run.expectRecord("a", .pending, .promised)
  }

  // MARK: Ends

  static func cancelled(_ run: ConformanceRun) async throws {
    try await promised(run, error)
    try run.equal(try await run.cancel("a"), .revoked, "answer")
    try await run.expectRecord("a", .revoked, .finished)
    try await run.settle(try await run.take("x"), .success(.text("7")))
    try await run.expectRecord("a", .revoked, .finished)
    try run.equal(try await run.fetchIDs(), [], "fetched")
    try run.equal(try await run.cancel("a"), .alreadyFinished(.revoked), "answer of a second time")
  }

  static func cancelledMember(_ run: ConformanceRun) async throws {
    let body = GroupDeclaration(id: "g", size: 1, body: .make("body", queue: "bodies"))
    var message = TaskMessage.make("a", group: "g")
    message.extras.chain = [signature("next", id: "n")]
    try await run.accept(message, group: body)
    try await replace(run, try await run.take("a"), by: twoSteps)
    try run.equal(try await run.cancel("a"), .revoked, "answer")
    let failures = try await [run.record("n"), run.record("body")].map(\.failure?.type)
    try run.equal(failures, ["TaskRevokedError", "ChordError"], "what follows")
  }

  static func cancelRequested(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try run.equal(try await run.cancel("a"), .requested, "answer")
    try await replace(run, delivery, by: twoSteps)
    try await run.expectRecord("a", .revoked, .finished)
    try run.equal(try await run.lookUp(TaskKey("x")), .unknown, "the first step")
    try run.equal(try await run.fetchIDs(), [], "fetched")
  }

  static func uniqueKey(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a"), unique: UniqueKey("u"))
    try await replace(run, try await run.take("a"), by: twoSteps)
    for conflict in [UniqueKey.Conflict.keepExisting, .replaceWaiting] {
      let answer = try await run.submit(Submission(.make("b"), unique: UniqueKey("u", onConflict: conflict)))
      try run.equal(answer, .existing(TaskKey("a").id, cause: .uniqueKey), "answer")
    }
    try await run.settle(try await run.take("x"), .failure(.boom))
    try await run.accept(.make("b"), unique: UniqueKey("u"))
  }

  static func noQueue(_ run: ConformanceRun) async throws {
    let elsewhere = chain(signature("first", id: "x", queue: "else"), signature("second"))
    try await promised(run, by: elsewhere)
    let queue = QueueKey("default")
    try run.equal(try await run.control(.purge(queue)), .done(affected: 0), "purge")
    try run.equal(try await run.control(.move(queue, to: "third")), .done(affected: 0), "move")
    try run.equal(try await run.control(.redrive(TaskKey("a"))), .refused(.pending), "redrive")
    try run.equal(try await run.control(.discard(TaskKey("a"))), .refused(.pending), "discard")
    try await run.expectRecord("a", .pending, .promised)
    try await run.settle(try run.unwrap(try await run.fetch(queues: ["else"]).first, "first step"), .success(.true))
    try run.equal(try await run.fetchIDs(queues: ["else"]), ["a"], "the last step, where the one before it waited")
  }

  static func purge(_ run: ConformanceRun) async throws {
    try await promised(run)
    try run.equal(try await run.control(.purge(QueueKey("default"))), .done(affected: 1), "purge")
    let record = try await run.record("a")
    try run.equal("\(record.state) \(record.failure?.type ?? "")", "failure TaskRevokedError", "record")
  }

  static func time(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", expires: run.now + .seconds(60)))
    try await replace(run, try await run.take("a"), by: twoSteps)
    let first = try await run.take("x", lease: .seconds(100_000))
    run.time.advance(by: .seconds(7200))
    let brief = Retention(success: .seconds(1), failure: .seconds(1), tombstone: .seconds(1))
    try await run.maintain(brief)
    try await run.expectRecord("a", .pending, .promised)
    try await run.settle(first, .success(.text("7")))
    run.time.advance(by: .seconds(2))
    try await run.maintain(brief)
    try await run.settle(try await run.take("a"), .success(.true))
  }

  static func lists(_ run: ConformanceRun) async throws {
    try await run.end("other")
    try await promised(run)
    for query in [RecordQuery(states: [.pending]), RecordQuery(states: [.pending, .retry], queue: "default")] {
      let page = try await run.store.list(query)
      try run.equal(Set(page.records.map(\.message.id.text)), ["a", "x"], "waiting")
      try run.equal(try await run.store.count(query).total, 2, "number of waiting")
    }
    try run.equal(try await run.store.list(RecordQuery()).records.count, 3, "all")
    let tally = try await run.store.tally(RecordQuery())
    try run.equal(tally.filter { $0.state == .pending }.reduce(0) { $0 + $1.count }, 2, "tally")
    try run.equal(try await run.store.list(RecordQuery(isDeadLetter: true)).records.count, 0, "dead letters")
  }

  static func redriven(_ run: ConformanceRun) async throws {
    try await promised(run)
    try await run.settle(try await run.take("x"), .failure(.boom))
    try run.equal(try await run.control(.redrive(TaskKey("a"))), .done(affected: 1), "redrive")
    try await run.expectRecord("a", .pending, .ready)
    try await run.settle(try await run.take("a"), .success(.true))
  }

  static func restart(_ run: ConformanceRun) async throws {
    try await promised(run) { $0.callbacks = [signature("link")] }
    try await run.restart()
    try await run.expectRecord("a", .pending, .promised)
    let status = try await run.status()
    try run.equal([status.ready, status.delayed, status.leased], [1, 0, 0], "in the queue")
    try await run.settle(try await run.take("x"), .success(.text("7")))
    try await run.settle(try await run.take("a"), .success(.text("8")))
    try run.equal(try await calls(run), ["link[8]"], "followers")
  }
}
