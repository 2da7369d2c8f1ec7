import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Testing

@Suite(.timeLimit(.minutes(1))) struct WorkflowTests {
  private let bench = Bench()

  /// Adds numbers, or the numbers of a list.
  private struct Sum: TaskDefinition {
    struct Input: TaskInput {
      var first: RawJSON
      var second: Int
      static var arguments: [Argument] { [Argument(CodingKeys.second, default: 0)] }
    }

    static let name = "sum"
    static let options = TaskOptions(ignoresResult: true)

    func run(_ input: Input, _ context: TaskContext) async throws -> Int64 {
      let numbers = (input.first.elements() ?? [input.first]).compactMap(\.int64Value)
      if numbers.contains(13) { throw TaskFailure(type: "ValueError", message: "unlucky") }
      return numbers.reduce(Int64(input.second), +)
    }
  }

  private func json(_ text: String) throws -> RawJSON { try RawJSON(validating: text) }

  private func sum(_ args: String = "[]") throws -> Signature { Signature(task: "sum", args: try json(args)) }

  /// Submits a workflow, lets a worker do all of it, and gives its last record.
  private func outcome(_ signature: Signature) async throws -> TaskRecord {
    let publication = try Canvas.publish(
      signature, context: CanvasContext(), ids: DerivedIDs("test"), now: bench.time.now)
    _ = try await bench.memory.submit(publication.submissions)
    return try await bench.run(try bench.worker([Sum()]) { $0.concurrency = 2 }) {
      for before in publication.children { for id in before.taskIDs { try await bench.ended(id) } }
      return try await endOf(publication.result)
    }
  }

  private func endOf(_ result: ResultNode) async throws -> TaskRecord {
    if let parent = result.parent { _ = try await endOf(parent) }
    var last: TaskRecord?
    for id in result.taskIDs { last = try await bench.ended(id) }
    return try #require(last)
  }

  private func holding(_ type: String, _ members: [Signature]) -> Signature {
    Signature(task: "celery.\(type)", kwargs: .object([("tasks", .array(members.map(\.json)))]), subtaskType: type)
  }

  @Test func `A chain hands results on, also those that nobody else wants`() async throws {
    let record = try await outcome(holding("chain", [try sum("[1]"), try sum("[2]"), try sum("[3]")]))
    #expect(record.state == .success)
    #expect(record.message.args.description == "[3,3]")
  }

  @Test func `A chord in a chain sums up`() async throws {
    let record = try await outcome(
      holding(
        "chain", [try sum("[1]"), holding("group", [try sum("[1]"), try sum("[2]")]), try sum("[10]"), try sum("[5]")]))
    #expect(record.message.args.description == "[15,5]")
  }

  @Test func `A failure ends what follows`() async throws {
    let record = try await outcome(holding("chain", [try sum("[13]"), try sum("[2]"), try sum("[3]")]))
    #expect(record.state == .failure && record.failure?.message == "unlucky" && record.attempts == 0)
  }

  private func run(_ task: String, args: String = "[]", kwargs: String = "{}") async throws -> TaskRecord {
    let message = TaskMessage(id: TaskID(stored: "t"), task: task, args: try json(args), kwargs: try json(kwargs))
    _ = try await bench.memory.submit([Submission(message)])
    return try await bench.run(try bench.worker([Sum()])) { try await bench.ended("t") }
  }

  @Test(arguments: [
    ("celery.ping", "[]", "{}", #""pong""#), ("celery.backend_cleanup", "[]", "{}", "null"),
    ("celery.accumulate", "[1,[2]]", "{}", "[1,[2]]"), ("celery.accumulate", "[1,[2]]", #"{"index":1}"#, "[2]"),
    ("celery.map", "[]", #"{"task":{"task":"sum"},"it":[1,[2,3],4]}"#, "[1,5,4]"),
    ("celery.starmap", "[]", #"{"task":{"task":"sum"},"it":[[1,2],[3,4]]}"#, "[3,7]"),
  ])
  func `Every worker owns Celery's tasks`(task: String, args: String, kwargs: String, result: String) async throws {
    let record = try await run(task, args: args, kwargs: kwargs)
    #expect(record.state == .success && record.result?.description == result, "\(record)")
  }

  @Test(arguments: [
    ("celery.map", #"{"task":{"task":"sum"},"it":[1,13]}"#, "ValueError"),
    ("celery.map", #"{"task":{"task":"nothing"},"it":[1]}"#, "NotRegistered"),
    ("celery.starmap", #"{"task":{"task":"sum"},"it":[1]}"#, "TypeError"),
    ("celery.map", #"{"it":[1]}"#, "TypeError"), ("celery.group", "{}", "TypeError"),
    ("celery.accumulate", #"{"index":3}"#, "IndexError"),
    ("celery.chord", #"{"header":[{"task":""}],"body":{"task":"sum"}}"#, "InvalidTaskError"),
  ])
  func `What does not fit them fails`(task: String, kwargs: String, type: String) async throws {
    let record = try await run(task, kwargs: kwargs)
    #expect(record.state == .failure && record.failure?.type == type, "\(record)")
  }

  @Test func `Workflows that come as tasks send what they hold`() async throws {
    let record = try await run(
      "celery.group", kwargs: #"{"tasks":[{"task":"sum","args":[1],"options":{"task_id":"m"}}],"partial_args":[5]}"#)
    #expect(record.result?.description.contains(#"[["m",null],null]"#) == true)
    let member = try #require(try await bench.record("m"))
    #expect(member.message.args.description == "[5,1]" && member.message.extras.parentID == "t")
  }

  @Test func `A chord is unlocked when all members have ended`() async throws {
    for (id, outcome) in [("a", "[1]"), ("b", "[2]")] {
      let message = TaskMessage(id: TaskID(stored: id), task: "sum", args: try json(outcome))
      var kept = message
      kept.extras.ignoreResult = false
      _ = try await bench.memory.submit([Submission(kept)])
    }
    let unlock = TaskMessage(
      id: TaskID(stored: "t"), task: "celery.chord_unlock",
      args: try json(#"["g",{"task":"sum","options":{"task_id":"body"}}]"#),
      kwargs: try json(#"{"result":[[["a",null],null],[["b",null],null]],"interval":1}"#))
    try await bench.run(try bench.worker([Sum()])) {
      for id in ["a", "b"] { try await bench.ended(id) }
      _ = try await bench.memory.submit([Submission(unlock)])
      try await bench.ended("body")
    }
    #expect(try await bench.record("body")?.message.args.description == "[[1,2]]")
  }

  /// Lets a sum take its place.
  private struct Deputy: TaskDefinition {
    static let name = "deputy"
    func run(_ input: NoInput, _ context: TaskContext) async throws -> Int {
      try context.replace(with: Signature(task: "sum", args: .array([.integer(4)])))
    }
  }

  @Test func `A task that is replaced ends with what took its place`() async throws {
    var message = TaskMessage(id: TaskID(stored: "t"), task: "deputy")
    message.extras.chain = [
      Signature(task: "sum", args: .array([.integer(1)]), options: .object([("task_id", .string("last"))]))
    ]
    _ = try await bench.memory.submit([Submission(message)])
    try await bench.run(try bench.worker([Sum(), Deputy()])) { try await bench.ended("last") }
    let record = try #require(try await bench.record("t"))
    #expect(record.message.task == "sum" && record.result?.description == "4")
    #expect(record.message.extras.replacedTaskNesting == 1)
    #expect(try await bench.record("last")?.message.args.description == "[4,1]")
  }
}

extension WorkflowTests {
  /// Lets a workflow take its place: a chain that ends in a group, one of whose members is replaced in its turn.
  private struct Foreman: TaskDefinition {
    static let name = "foreman"
    func run(_ input: NoInput, _ context: TaskContext) async throws -> [Int] {
      let work = Chain {
        Call(Signature(task: "sum", args: .array([.integer(1)])))
        Group {
          Call(Signature(task: "sum", args: .array([.integer(10)])))
          Call(Signature(task: "deputy", isImmutable: true))
        }
      }
      try context.replace(with: work)
    }
  }

  @Test func `A task that a workflow replaces ends with what comes last in it`() async throws {
    var message = TaskMessage(id: TaskID(stored: "t"), task: "foreman")
    message.extras.callbacks = [
      Signature(task: "celery.accumulate", options: .object([("task_id", .string("after"))]))
    ]
    _ = try await bench.memory.submit([Submission(message)])
    try await bench.run(try bench.worker([Sum(), Deputy(), Foreman()])) { try await bench.ended("after") }
    let record = try #require(try await bench.record("t"))
    #expect(record.state == .success && record.result?.description == "[11,4]")
    #expect(try await bench.record("after")?.result?.description == "[[11,4]]")
  }
}

/// Workers ask a store that can be read for the members of a chord.
extension ObservedStore: RecordReader {
  func records(_ keys: [TaskKey]) async throws(EngineError) -> [RecordLookup] { try await memory.records(keys) }
  func list(_ query: RecordQuery) async throws(EngineError) -> RecordPage { try await memory.list(query) }
  func count(_ query: RecordQuery) async throws(EngineError) -> RecordCount { try await memory.count(query) }
  func tally(_ query: RecordQuery) async throws(EngineError) -> [RecordTally] { try await memory.tally(query) }
}
