import CelerityCore
import CelerityJSON

enum SubmitCases {
  static let all = [
    ConformanceCase("An accepted task is found PENDING and ready", acceptedIsReady),
    ConformanceCase("An accepted task's change number is its record's, and numbers grow", numbersGrow),
    ConformanceCase(
      "Answers come in the order of the submissions, and one conflict leaves the others alone", answersInOrder),
    ConformanceCase("Verbs answer empty arrays with empty arrays", emptyArrays),
    ConformanceCase("A repeated id with the same work adds nothing", repeatedIDIsExisting),
    ConformanceCase("A repeated id with other work is a conflict and changes nothing", repeatedIDWithOtherWork),
    ConformanceCase("An id repeated inside one array is accepted once", repeatedInArray),
    ConformanceCase("The id of an ended task is still taken", endedIDIsTaken),
    ConformanceCase("Concurrent submissions of one id accept it once", concurrentIDs),
    ConformanceCase("A task with an eta to come is delayed and not fetched", futureETA),
    ConformanceCase("A task whose eta has passed, or is now, is ready at once", pastETA),
    ConformanceCase("Every field of a message comes back as it was", fieldsComeBack),
    ConformanceCase("Ids may hold 255 bytes of any Unicode text", unicodeIDs),
    ConformanceCase("Ids with different bytes are different tasks although they look alike", equivalentIDs),
    ConformanceCase("Arguments of one megabyte come back byte for byte", largeArguments),
    ConformanceCase("Priority absent stays absent and priority 5 stays 5", absentPriority),
    ConformanceCase("A thousand messages in one array are all accepted", largeArray),
  ]

  static func acceptedIsReady(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    let record = try await run.record("a")
    try await run.expectRecord("a", .pending, .ready)
    try run.equal(record.created, run.now, "created")
    try run.equal(
      [record.attempts, record.crashes, record.generation, record.message.retries], [0, 0, 0, 0], "counts")
    try run.expect(
      record.lease == nil && record.result == nil && record.failure == nil, "a fresh record holds \(record)")
  }

  static func numbersGrow(_ run: ConformanceRun) async throws {
    var last: ChangeNumber = 0
    for id in ["a", "b", "c"] {
      let seq = try await run.accept(id)
      try run.expect(seq > last, "\(id) has number \(seq) after \(last)")
      try run.equal(try await run.record(id).seq, seq, "number of the record")
      last = seq
    }
  }

  static func answersInOrder(_ run: ConformanceRun) async throws {
    try await run.accept("taken")
    let messages: [TaskMessage] = [.make("a"), .make("taken", task: "else"), .make("taken"), .make("b")]
    let results = try await run.store.submit(messages.map { Submission($0) })
    try run.equal(results.map { $0.id?.text }, ["a", nil, "taken", "b"], "ids")
    guard case .conflict = results[1], case .existing = results[2] else {
      throw ConformanceFailure("answers are \(results)")
    }
    try run.equal(try await run.fetchIDs(), ["taken", "a", "b"], "fetched")
  }

  static func emptyArrays(_ run: ConformanceRun) async throws {
    let store = run.store
    try run.equal(try await store.submit([]), [], "submit")
    try run.equal(try await store.settle([]), [], "settle")
    try run.equal(try await store.extend([]), [], "extend")
    try run.equal(try await store.cancel([]), [], "cancel")
    try run.equal(try await store.control([]), [], "control")
    try run.equal(try await store.records([]), [], "records")
    try run.equal(try await store.report([]), [], "report")
    try run.equal(try await store.acquire([]), [], "acquire")
    try await store.append([])
    try await store.release([])
    try run.equal(try await store.write([]), .written([]), "write")
  }

  static func repeatedIDIsExisting(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", args: .text("[1]")))
    let before = try await run.record("a")
    let result = try await run.submit(Submission(.make("a", args: .text("[1]"))))
    try run.equal(result, .existing(TaskID(stored: "a"), cause: .sameID))
    try run.equal(try await run.record("a"), before, "record")
    try run.equal(try await run.status().ready, 1, "ready")
  }

  static func repeatedIDWithOtherWork(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", args: .text("[1]")))
    let before = try await run.record("a")
    let others: [TaskMessage] = [
      .make("a", args: .text("[2]")), .make("a", task: "else", args: .text("[1]")),
    ]
    for other in others {
      guard case .conflict(let error) = try await run.submit(Submission(other)) else {
        throw ConformanceFailure("\(other) was taken")
      }
      try run.equal(error.code, .conflict, "code")
    }
    try run.equal(try await run.record("a"), before, "record")
  }

  static func repeatedInArray(_ run: ConformanceRun) async throws {
    let results = try await run.store.submit([Submission(.make("a")), Submission(.make("a"))])
    guard results.count == 2, case .accepted = results[0], case .existing = results[1] else {
      throw ConformanceFailure("answers are \(results)")
    }
    try run.equal(try await run.fetchIDs(), ["a"], "fetched")
  }

  static func endedIDIsTaken(_ run: ConformanceRun) async throws {
    let ended = try await run.end("a", .success(.text("7")))
    try run.equal(try await run.submit(Submission(.make("a"))), .existing(TaskID(stored: "a"), cause: .sameID))
    try run.equal(try await run.record("a"), ended, "record")
    try run.equal(try await run.fetchIDs(), [], "fetched")
  }

  static func concurrentIDs(_ run: ConformanceRun) async throws {
    let results = try await run.together(16) { _ in try await run.submit(Submission(.make("a"))) }
    try run.equal(results.count { if case .accepted = $0 { true } else { false } }, 1, "accepted")
    try run.equal(Set(results.map { $0.id?.text }), ["a"], "ids")
    try run.equal(try await run.fetchIDs(), ["a"], "fetched")
  }

  static func futureETA(_ run: ConformanceRun) async throws {
    let eta = run.now + .seconds(60)
    try await run.accept(.make("a", eta: eta))
    try await run.expectRecord("a", .pending, .delayed)
    try run.equal(try await run.record("a").due, eta, "due")
    try run.equal(try await run.fetchIDs(), [], "fetched")
  }

  static func pastETA(_ run: ConformanceRun) async throws {
    try await run.accept(.make("past", eta: run.now + .seconds(-60)))
    try await run.accept(.make("now", eta: run.now))
    try await run.expectRecord("past", .pending, .ready)
    try run.equal(try await run.record("past").due, nil, "due")
    try run.equal(try await run.fetchIDs(), ["past", "now"], "fetched")
  }

  static func fieldsComeBack(_ run: ConformanceRun) async throws {
    var message = TaskMessage(
      id: TaskID(stored: "a"), task: "finance.calculate_var", queue: "slow queue: ü",
      args: .text(#"[1.0,"\u00fc",{"b":1e2,"a":-0}]"#), kwargs: .text(#"{"z":null,"a":[ ]}"#), tenant: .other,
      priority: Priority(7), eta: run.now + .seconds(5), expires: run.now + .seconds(500), retries: 3)
    message.extras.maxRetries = 4
    message.extras.softTimeLimit = 1.5
    message.extras.timeLimit = 2.25
    message.extras.rootID = "root"
    message.extras.parentID = "parent"
    message.extras.group = TaskMessage.GroupMembership(id: "g", index: 2)
    message.extras.callbacks = [Signature(task: "next", args: .text("[1]"), isImmutable: true)]
    message.extras.errbacks = [Signature(task: "oops", options: .text(#"{"queue":"q"}"#))]
    message.extras.chain = [Signature(task: "then", kwargs: .text(#"{"k":1}"#), subtaskType: "chain")]
    message.extras.chord = Signature(task: "body")
    message.extras.ignoreResult = false
    message.extras.tags = ["x", "ü"]
    message.extras.shadow = "Shown"
    message.extras.headers = ["mine": .text("[true]")]
    message.extras.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    message.extras.stampedHeaders = ["s"]
    message.extras.stamps = ["s": .text("1")]
    try await run.accept(message)
    try run.equal(try await run.record(message.key).message, message, "message")
    run.time.advance(by: .seconds(6))
    try await run.maintain()
    try run.equal(try await run.fetch(queues: [message.queue]).map(\.message), [message], "delivered")
  }

  static func unicodeIDs(_ run: ConformanceRun) async throws {
    let ids = [
      String(repeating: "x", count: 255), String(repeating: "ü", count: 127) + "x",
      String(repeating: "👩‍🔬", count: 23), "a/b c\"'\\%_\u{7F}\n", "‮rtl‏", " ",
    ]
    for id in ids {
      let taskID = try run.unwrap(TaskID(id), "a legal id of \(id.utf8.count) bytes")
      try await run.accept(.make(taskID.text))
      try run.equal(Array(try await run.record(id).message.id.text.utf8), Array(id.utf8), "id")
    }
    try run.equal(try await run.fetchIDs(), ids, "fetched")
  }

  static func equivalentIDs(_ run: ConformanceRun) async throws {
    let ids = ["caf\u{E9}", "cafe\u{301}", "CAFE\u{301}", "cafe"]
    for id in ids { try await run.accept(id) }
    try run.equal(try await run.fetchIDs().map { Array($0.utf8) }, ids.map { Array($0.utf8) }, "fetched")
    for id in ids {
      try run.equal(Array(try await run.record(id).message.id.text.utf8), Array(id.utf8), "id")
    }
  }

  static func largeArguments(_ run: ConformanceRun) async throws {
    let args = RawJSON.array([.string(String(repeating: "0123456789abcdeü", count: 61_681))])
    try run.expect(args.bytes.count > 1_000_000, "the arguments are small")
    try await run.accept(.make("a", args: args))
    let record = try await run.record("a")
    try run.expect(record.message.args == args, "the record's arguments differ")
    let delivery = try await run.take("a")
    try run.expect(delivery.message.args == args, "the delivered arguments differ")
    let ended = try await run.settle(delivery, .success(args))
    try run.expect(ended.result == args, "the result differs")
  }

  static func absentPriority(_ run: ConformanceRun) async throws {
    try await run.accept("absent")
    try await run.accept(.make("five", priority: 5))
    try run.equal(try await run.record("absent").message.priority, nil, "absent")
    try run.equal(try await run.record("five").message.priority, Priority(5), "five")
  }

  static func largeArray(_ run: ConformanceRun) async throws {
    let ids = (0..<1000).map { "t\($0)" }
    let results = try await run.store.submit(ids.map { Submission(.make($0)) })
    try run.equal(results.compactMap { $0.id?.text }, ids, "ids")
    try run.equal(try await run.status().ready, 1000, "ready")
    try run.equal(try await run.fetchIDs(1000), ids, "fetched")
  }
}
