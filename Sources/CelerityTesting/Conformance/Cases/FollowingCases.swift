import CelerityCore
import CelerityJSON

/// What follows the end of a task: callbacks, chains, errbacks, whoever ends it.
enum FollowingCases {
  static let all = [
    ConformanceCase("A callback is sent with the result, when the task has succeeded", callback),
    ConformanceCase("An immutable callback is sent without the result", immutableCallback),
    ConformanceCase("Several callbacks are one new group", severalCallbacks),
    ConformanceCase("A chain goes on with the result, and carries its rest along", chainGoesOn),
    ConformanceCase("Nothing follows while a task will run again", nothingYet),
    ConformanceCase("A follower waits in its signature's queue, or where its predecessor waited", queues),
    ConformanceCase("A chord in a chain is counted, and its body goes on with the chain", chordInChain),
    ConformanceCase("A group at the end of a chain gets the result in every member", groupAtTheEnd),
    ConformanceCase("A failure ends the rest of the chain with the same failure", failureEndsChain),
    ConformanceCase("A rejected task ends the rest of its chain", rejection),
    ConformanceCase("A cancelled task ends the rest of its chain", cancellation),
    ConformanceCase("A purged task ends the rest of its chain", purge),
    ConformanceCase("A task that expired ends the rest of its chain, whoever found out", expiry),
    ConformanceCase("A poisonous task ends the rest of its chain", needsRestart: true, poison),
    ConformanceCase("A task that never ran ends the rest of its chain", bornFailed),
    ConformanceCase("The end of a failed chain counts in its chord", failedChainInChord),
    ConformanceCase("Errbacks are one group, called with the id of what failed", errbacks),
    ConformanceCase("A revoked task calls no errbacks", revokedCallsNone),
    ConformanceCase("A failed body calls its errbacks and ends its chain", failedBody),
    ConformanceCase("A body that is a group is sent as its members", groupBody),
    ConformanceCase("The members of a body that is a group fail with the header", failedGroupBody),
    ConformanceCase("A body that is a chord is counted in its turn", chordBody),
    ConformanceCase("A follower that exists already is not sent again", existing),
    ConformanceCase("A settlement that comes too late sends nothing", stale),
    ConformanceCase("What follows stays with its tenant", tenants),
    ConformanceCase("Other work goes on under the id of a task that was replaced", replaced),
    ConformanceCase(
      "A task that was replaced counts once in its chord, with the end of what replaced it", replacedMember),
    ConformanceCase("Nothing takes the place of a task that is to end", replacedAndCancelled),
  ]

  // MARK: Words

  static func signature(
    _ task: String, id: String? = nil, _ args: String = "[]", options: [(String, RawJSON)] = [], immutable: Bool = false
  ) -> Signature {
    let id = id.map { [("task_id", RawJSON.string($0))] } ?? []
    return Signature(task: task, args: .text(args), options: .object(id + options), isImmutable: immutable)
  }

  static func group(id: String, _ members: [Signature]) -> Signature {
    Signature(
      task: "celery.group", kwargs: .object([("tasks", .array(members.map(\.json)))]),
      options: .object([("task_id", .string(id))]), subtaskType: "group")
  }

  static func chord(_ header: Signature, _ body: Signature) -> Signature {
    Signature(
      task: "celery.chord", kwargs: .object([("header", header.json), ("body", body.json), ("kwargs", .emptyObject)]),
      subtaskType: "chord")
  }

  static func message(_ id: String = "a", _ change: (inout TaskMessage.Extras) -> Void) -> TaskMessage {
    var message = TaskMessage.make(id)
    change(&message.extras)
    return message
  }

  static func start(_ run: ConformanceRun, _ change: (inout TaskMessage.Extras) -> Void) async throws -> Delivery {
    try await run.accept(message("a", change))
    return try await run.take("a")
  }

  /// What waits, as `task(args)` in the order in which it is fetched.
  static func calls(_ run: ConformanceRun, _ queue: String = "default") async throws -> [String] {
    try await run.fetch(9, queues: [queue]).map { "\($0.message.task)\($0.message.args)" }
  }

  static func expectFailed(
    _ run: ConformanceRun, _ ids: [String], type: String = "ValueError", line: UInt = #line
  ) async throws {
    for id in ids {
      let record = try await run.record(id, line: line)
      try run.equal("\(record.state) \(record.failure?.type ?? "")", "failure \(type)", id, line: line)
      try run.equal(record.attempts, 0, "attempts of \(id)", line: line)
    }
    try run.equal(try await run.fetchIDs(), [], "fetched", line: line)
  }

  private static let chain = [signature("next", id: "b", "[1]"), signature("last", id: "c")]

  // MARK: Success

  static func callback(_ run: ConformanceRun) async throws {
    let delivery = try await start(run) {
      $0.callbacks = [signature("next", id: "b", "[1]")]
      $0.rootID = "root"
      $0.requestID = "request"
    }
    try await run.settle(delivery, .success(.text("7")))
    let next = try await run.take("b").message
    try run.equal("\(next.task)\(next.args)", "next[7,1]", "follower")
    try run.equal(next.extras.parentID, "a", "parent")
    try run.equal(next.extras.rootID, "root", "root")
    try run.equal(next.extras.requestID, "request", "request")
  }

  static func immutableCallback(_ run: ConformanceRun) async throws {
    let delivery = try await start(run) { $0.callbacks = [signature("next", "[1]", immutable: true)] }
    try await run.settle(delivery, .success(.text("7")))
    try run.equal(try await calls(run), ["next[1]"], "followers")
  }

  static func severalCallbacks(_ run: ConformanceRun) async throws {
    let delivery = try await start(run) { $0.callbacks = [signature("x"), signature("y"), signature("z")] }
    try await run.settle(delivery, .success(.text("7")))
    let sent = try await run.fetch(9).map(\.message)
    try run.equal(sent.map { "\($0.task)\($0.args)" }, ["x[7]", "y[7]", "z[7]"], "followers")
    try run.equal(sent.map { $0.extras.group?.index }, [0, 1, 2], "places")
    try run.equal(Set(sent.map { $0.extras.group?.id }).count, 1, "groups")
    try run.equal(sent.map { $0.extras.rootID }, ["a", "a", "a"], "roots")
  }

  static func chainGoesOn(_ run: ConformanceRun) async throws {
    try await run.settle(try await start(run) { $0.chain = chain }, .success(.text("7")))
    let next = try await run.take("b")
    try run.equal("\(next.message.task)\(next.message.args)", "next[7,1]", "second")
    try run.equal(next.message.extras.chain?.count, 1, "rest")
    try run.equal(try await run.lookUp(TaskKey("c")), .unknown, "third")
    try await run.settle(next, .success(.text("8")))
    let last = try await run.take("c").message
    try run.equal("\(last.task)\(last.args)", "last[8]", "third")
    try run.equal(last.extras.parentID, "b", "parent")
    try run.equal(last.extras.rootID, "a", "root")
    try run.equal(last.extras.chain, nil, "rest")
  }

  static func nothingYet(_ run: ConformanceRun) async throws {
    var delivery = try await start(run) {
      $0.chain = chain
      $0.errbacks = [signature("oops")]
    }
    try await run.settle(delivery, .retry(after: .zero, .boom))
    delivery = try await run.take("a")
    try await run.settle(delivery, .released(after: .zero, reason: .shutdown))
    delivery = try await run.take("a")
    try await run.loseLeases()
    delivery = try await run.take("a")
    try run.equal(try await run.lookUp(TaskKey("b")), .unknown, "follower")
    try await run.settle(delivery, .success(.null))
    try run.equal(try await run.fetchIDs(), ["b"], "fetched")
  }

  static func queues(_ run: ConformanceRun) async throws {
    var first = message { $0.callbacks = [signature("x"), signature("y", options: [("queue", .string("else"))])] }
    first.queue = "mine"
    try await run.accept(first)
    let delivery = try run.unwrap(try await run.fetch(queues: ["mine"]).first, "the first")
    try await run.settle(delivery, .success(.text("7")))
    try run.equal(try await calls(run, "mine"), ["x[7]"], "in the same queue")
    try run.equal(try await calls(run, "else"), ["y[7]"], "in its own")
  }

  static func chordInChain(_ run: ConformanceRun) async throws {
    let header = group(id: "g", [signature("m", id: "m0", "[1]"), signature("m", id: "m1", "[2]")])
    let delivery = try await start(run) {
      $0.chain = [chord(header, signature("sum", id: "body")), signature("last", id: "c")]
    }
    try await run.settle(delivery, .success(.text("7")))
    let members = try await run.fetch(9)
    try run.equal(members.map { "\($0.message.id)\($0.message.args)" }, ["m0[7,1]", "m1[7,2]"], "members")
    try run.equal(members.map { $0.message.extras.chord?.task }, ["sum", "sum"], "chords")
    for (place, member) in members.enumerated() { try await run.settle(member, .success(.integer(Int64(place)))) }
    let body = try await run.take("body")
    try run.equal("\(body.message.task)\(body.message.args)", "sum[[0,1]]", "body")
    try run.equal(body.message.extras.rootID, "a", "root")
    try run.equal(body.message.extras.parentID, "m1", "parent")
    try await run.settle(body, .success(.text("9")))
    try run.equal(try await calls(run), ["last[9]"], "what follows")
  }

  static func groupAtTheEnd(_ run: ConformanceRun) async throws {
    let members = group(id: "g", [signature("x", id: "m0"), signature("y", id: "m1")])
    try await run.settle(try await start(run) { $0.chain = [members] }, .success(.text("7")))
    let sent = try await run.fetch(9).map(\.message)
    try run.equal(sent.map { "\($0.id)\($0.args)" }, ["m0[7]", "m1[7]"], "members")
    try run.equal(sent.map { $0.extras.group }, [.init(id: "g", index: 0), .init(id: "g", index: 1)], "places")
  }

  // MARK: Failure

  static func failureEndsChain(_ run: ConformanceRun) async throws {
    let header = group(id: "g", [signature("m", id: "m0"), signature("m", id: "m1")])
    let end = group(id: "h", [signature("x", id: "e0"), signature("y", id: "e1")])
    let delivery = try await start(run) { $0.chain = chain + [chord(header, signature("sum", id: "body")), end] }
    try await run.settle(delivery, .failure(.boom))
    try await expectFailed(run, ["b", "c", "body", "e0", "e1"])
    try run.equal(try await run.record("c").failure, .boom, "failure")
    try run.equal(try await run.record("c").message.extras.parentID, "a", "parent")
    try run.equal(try await run.lookUp(TaskKey("m0")), .unknown, "header")
  }

  static func rejection(_ run: ConformanceRun) async throws {
    try await run.settle(try await start(run) { $0.chain = chain }, .rejected(.notRegistered("work")))
    try await expectFailed(run, ["b", "c"], type: "NotRegistered")
  }

  static func cancellation(_ run: ConformanceRun) async throws {
    try await run.accept(message { $0.chain = chain })
    try run.equal(try await run.cancel("a"), .revoked, "cancelled")
    try await expectFailed(run, ["b", "c"], type: "TaskRevokedError")
  }

  static func purge(_ run: ConformanceRun) async throws {
    try await run.accept(message { $0.chain = chain })
    try run.equal(try await run.control(.purge(QueueKey("default"))), .done(affected: 1), "purged")
    try await expectFailed(run, ["b", "c"], type: "TaskRevokedError")
  }

  static func expiry(_ run: ConformanceRun) async throws {
    var first = message { $0.chain = [signature("next", id: "b")] }
    first.expires = run.now + .seconds(5)
    try await run.accept(first)
    var second = message("d") { $0.chain = [signature("next", id: "e")] }
    second.expires = run.now + .seconds(5)
    second.queue = "slow"
    try await run.accept(second)
    run.time.advance(by: .seconds(5))
    try run.equal(try await run.fetchIDs(), [], "fetched")
    try await expectFailed(run, ["b"], type: "TaskRevokedError")
    try await run.maintain()
    try await expectFailed(run, ["e"], type: "TaskRevokedError")
  }

  static func poison(_ run: ConformanceRun) async throws {
    try await run.accept(message { $0.chain = chain })
    for _ in 0..<2 {
      try await run.take("a")
      try await run.restart()
    }
    try await expectFailed(run, ["b", "c"], type: "WorkerLostError")
  }

  static func bornFailed(_ run: ConformanceRun) async throws {
    _ = try await run.submit(Submission(message { $0.chain = chain }, failure: .boom))
    try await expectFailed(run, ["a", "b", "c"])
  }

  static func failedChainInChord(_ run: ConformanceRun) async throws {
    let declaration = GroupDeclaration(id: "g", size: 1, body: .make("body"))
    let last = signature("last", id: "c", options: [("group_id", .string("g")), ("group_index", .integer(0))])
    try await run.accept(message { $0.chain = [signature("next", id: "b"), last] }, group: declaration)
    try await run.settle(try await run.take("a"), .failure(.boom))
    try await expectFailed(run, ["b", "c"])
    try await expectFailed(run, ["body"], type: "ChordError")
  }

  static func errbacks(_ run: ConformanceRun) async throws {
    let delivery = try await start(run) { $0.errbacks = [signature("x"), signature("y", "[1]", immutable: true)] }
    try await run.settle(delivery, .failure(.boom))
    let sent = try await run.fetch(9).map(\.message)
    try run.equal(sent.map { "\($0.task)\($0.args)" }, [#"x["a"]"#, "y[1]"], "errbacks")
    try run.equal(Set(sent.map { $0.extras.group?.id ?? "" }).count, 1, "groups")
    try run.equal(sent.map { $0.extras.parentID }, ["a", "a"], "parents")
  }

  static func revokedCallsNone(_ run: ConformanceRun) async throws {
    try await run.accept(message { $0.errbacks = [signature("x")] })
    _ = try await run.cancel("a")
    try run.equal(try await calls(run), [], "errbacks")
  }

  static func failedBody(_ run: ConformanceRun) async throws {
    var body = message("body") {
      $0.chain = [signature("last", id: "c")]
      $0.errbacks = [signature("oops")]
    }
    body.queue = "default"
    for member in try await GroupCases.chord(run, 1, body: body) { try await run.settle(member, .failure(.boom)) }
    try run.equal(try await calls(run), [#"oops["body"]"#], "errbacks")
    try await expectFailed(run, ["body", "c"], type: "ChordError")
  }

  // MARK: Bodies that are more than a task

  private static func wrapped(_ signature: Signature, id: String) -> TaskMessage {
    var message = TaskMessage.make(id, task: signature.task)
    message.kwargs = signature.kwargs
    return message
  }

  private static let members = group(id: "h", [signature("x", id: "e0"), signature("y", id: "e1", "[1]")])

  static func groupBody(_ run: ConformanceRun) async throws {
    for member in try await GroupCases.chord(run, 2, body: wrapped(members, id: "h")) {
      try await run.settle(member, .success(.text("7")))
    }
    let sent = try await run.fetch(9).map(\.message)
    try run.equal(sent.map { "\($0.id)\($0.args)" }, ["e0[[7,7]]", "e1[[7,7],1]"], "members")
    try run.equal(sent.map { $0.extras.group }, [.init(id: "h", index: 0), .init(id: "h", index: 1)], "places")
    try run.equal(sent.map { $0.extras.parentID }, ["m1", "m1"], "parents")
  }

  static func failedGroupBody(_ run: ConformanceRun) async throws {
    for member in try await GroupCases.chord(run, 2, body: wrapped(members, id: "h")) {
      try await run.settle(member, .failure(.boom))
    }
    try await expectFailed(run, ["h", "e0", "e1"], type: "ChordError")
  }

  static func chordBody(_ run: ConformanceRun) async throws {
    let inner = chord(members, signature("sum", id: "s"))
    for member in try await GroupCases.chord(run, 1, body: wrapped(inner, id: "h")) {
      try await run.settle(member, .success(.text("7")))
    }
    for member in try await run.fetch(9) { try await run.settle(member, .success(.text("8"))) }
    try run.equal(try await calls(run), ["sum[[8,8]]"], "bodies")
  }

  // MARK: Once

  static func existing(_ run: ConformanceRun) async throws {
    try await run.accept(.make("b", task: "next", queue: "else", args: .text("[7,1]")))
    try await run.settle(try await start(run) { $0.chain = chain }, .success(.text("7")))
    try run.equal(try await run.fetchIDs(queues: ["default", "else"]), ["b"], "fetched")
  }

  static func stale(_ run: ConformanceRun) async throws {
    let delivery = try await start(run) { $0.chain = chain }
    try await run.loseLeases()
    try run.equal(try await run.store.settle([Settlement(delivery, .success(.null))]), [.stale], "settled")
    try run.equal(try await run.lookUp(TaskKey("b")), .unknown, "follower")
  }

  static func tenants(_ run: ConformanceRun) async throws {
    var first = message { $0.chain = chain }
    first.tenant = .other
    try await run.accept(first)
    try await run.settle(try await run.take("a"), .success(.text("7")))
    try run.equal(try await run.lookUp(TaskKey("b")), .unknown, "in the default tenant")
    try run.equal(try await run.record(TaskKey("b", .other)).state, .pending, "in its own")
  }

  // MARK: Replacement

  private static func replace(_ run: ConformanceRun, _ delivery: Delivery, by message: TaskMessage) async throws {
    let settlement = Settlement(delivery, .released(after: .zero, reason: .replaced), replacement: Replacement(message))
    let results = try await run.store.settle([settlement])
    guard case .committed = results[0] else { throw ConformanceFailure("replaced with \(results)") }
  }

  static func replaced(_ run: ConformanceRun) async throws {
    var other = TaskMessage.make("a", task: "other", queue: "else", args: .text("[1]"), priority: 7)
    other.extras.callbacks = [signature("next")]
    try await replace(run, try await run.start("a"), by: other)
    try run.equal(try await run.fetchIDs(), [], "in the queue of before")
    try run.equal(try await run.status("default").leased, 0, "leased before")
    let record = try await run.record("a")
    try run.equal(record.message, other, "message")
    try run.equal("\(record.state) \(record.phase)", "pending ready", "record")
    try run.equal(record.history.last?.cause, "replaced", "history")
    let delivery = try run.unwrap(try await run.fetch(queues: ["else"]).first, "the other")
    try run.equal(delivery.message, other, "delivered")
    try await run.settle(delivery, .success(.text("7")))
    try run.equal(try await calls(run, "else"), ["next[7]"], "followers")
  }

  static func replacedMember(_ run: ConformanceRun) async throws {
    let member = try await GroupCases.chord(run, 1)[0]
    try await replace(run, member, by: .make("m0", task: "other", group: "g"))
    try await GroupCases.expectNoBody(run)
    try await run.settle(try await run.take("m0"), .success(.text("7")))
    try run.equal(try await GroupCases.bodyArguments(run), ["body[[7]]"], "bodies")
  }

  static func replacedAndCancelled(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try run.equal(try await run.cancel("a"), .requested, "cancelled")
    try await replace(run, delivery, by: .make("a", task: "other"))
    let record = try await run.record("a")
    try run.equal("\(record.state) \(record.message.task)", "revoked work", "record")
  }
}
