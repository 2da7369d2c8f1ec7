import CelerityCore
import CelerityJSON

/// Waiting work that is put elsewhere, and names of queues.
enum MoveCases {
  static let all = [
    ConformanceCase("Moving a queue takes everything that has not started, in its order", order),
    ConformanceCase("Moving leaves running, ended and other tenants' tasks where they are", othersStay),
    ConformanceCase("A moved task is the same but for its queue, and the feed shows it", record),
    ConformanceCase("A moved delayed task becomes ready in its new queue", delayed),
    ConformanceCase("Moved tasks stand in the order of the store among those that were there", ranks),
    ConformanceCase("A waiting fetch wakes when tasks are moved to its queue", wakes),
    ConformanceCase("Moving to a paused queue and out of one is possible", paused),
    ConformanceCase("Moving nothing, or a queue onto itself, affects nothing", nothing),
    ConformanceCase("A name that can't be a queue's is refused and nothing is done", illegal),
    ConformanceCase("A repeated id is the same task after it was moved", repeated),
    ConformanceCase("A moved task keeps its unique key, its steps and its place in its group", belongings),
    ConformanceCase("Moving a thousand tasks and more moves them all", many),
    ConformanceCase("Two queues moved into each other at the same time come to an end", opposite),
    ConformanceCase("Queues whose names only look the same are different queues", lookalikes),
  ]

  private static func move(_ run: ConformanceRun, _ from: String = "default", to: String) async throws -> ControlResult
  {
    try await run.control(.move(QueueKey(from), to: to))
  }

  static func order(_ run: ConformanceRun) async throws {
    for (id, priority) in [("a", 5), ("b", 9), ("c", 5), ("d", 0)] {
      try await run.accept(.make(id, priority: priority))
      run.time.advance(by: .seconds(1))
    }
    try run.equal(try await move(run, to: "else"), .done(affected: 4), "answer")
    try run.equal(try await run.status().depth, 0, "left")
    try run.equal(try await run.status("else").ready, 4, "there")
    try run.equal(try await run.fetchIDs(queues: ["default"]), [], "fetched from the old queue")
    try run.equal(try await run.fetchIDs(queues: ["else"]), ["b", "a", "c", "d"], "fetched")
  }

  static func othersStay(_ run: ConformanceRun) async throws {
    let running = try await run.start("running")
    let ended = try await run.end("ended")
    try await run.accept(.make("foreign", tenant: .other))
    try await run.accept(.make("elsewhere", queue: "third"))
    try await run.accept("waiting")
    try run.equal(try await move(run, to: "else"), .done(affected: 1), "answer")
    try run.equal(try await run.record("ended"), ended, "the ended task")
    try run.equal(try await run.status("else").ready, 1, "moved")
    try run.equal(try await run.status("third").ready, 1, "elsewhere")
    try run.equal(try await run.status("default", .other).ready, 1, "the other tenant's")
    try run.equal(try await run.status().leased, 1, "running")
    let record = try await run.settle(running, .retry(after: .zero, .boom))
    try run.equal(record.message.queue, "default", "where the running one is tried again")
  }

  static func record(_ run: ConformanceRun) async throws {
    var message = TaskMessage.make("a", args: .text(#"["ü"]"#), priority: 7, expires: run.now + .seconds(900))
    message.extras.tags = ["x"]
    try await run.accept(message)
    try await run.settle(try await run.take("a"), .retry(after: .zero, .boom))
    var wanted = try await run.record("a")
    _ = try await move(run, to: "else")
    let found = try await run.record("a")
    try run.expect(found.seq > wanted.seq, "the change has no number of its own")
    let changes = try await run.store.changes(after: wanted.seq, tenant: nil, limit: 10).records
    try run.equal(changes, [found], "changes")
    wanted.message.queue = "else"
    wanted.seq = found.seq
    // Where lists are first in, first out it stands behind those that were there.
    if case .steps = run.order { wanted.rank = found.rank }
    try run.equal(found, wanted, "record")
    let delivery = try run.unwrap(try await run.fetch(queues: ["else"]).first, "a delivery")
    try run.equal(delivery.message, wanted.message, "message")
    try run.equal(try await run.settle(delivery, .success(.null)).history.count, 1, "history")
  }

  static func delayed(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", eta: run.now + .seconds(60)))
    try run.equal(try await move(run, to: "else"), .done(affected: 1), "answer")
    try run.equal([try await run.status().depth, try await run.status("else").delayed], [0, 1], "counts")
    run.time.advance(by: .seconds(60))
    try run.equal(try await run.maintain().promoted, 1, "promoted")
    try run.equal(try await run.fetchIDs(queues: ["else"]), ["a"], "fetched")
  }

  static func ranks(_ run: ConformanceRun) async throws {
    for (id, queue) in [("a", "default"), ("b", "else"), ("c", "default"), ("d", "else")] {
      try await run.accept(.make(id, queue: queue))
      run.time.advance(by: .seconds(1))
    }
    _ = try await move(run, to: "else")
    // Lists are first in, first out: what is moved stands behind what was there.
    let wanted = if case .ranks = run.order { ["a", "b", "c", "d"] } else { ["b", "d", "a", "c"] }
    try run.equal(try await run.fetchIDs(queues: ["else"]), wanted, "fetched")
  }

  static func wakes(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    let ids = try await run.whileWaiting({
      try await run.fetch(5, queues: ["else"], wait: .seconds(100)).map(\.message.id.text)
    }) {
      _ = try await move(run, to: "else")
    }
    try run.equal(ids, ["a"], "fetched")
  }

  static func paused(_ run: ConformanceRun) async throws {
    for queue in ["default", "else"] { _ = try await run.control(.pause(QueueKey(queue))) }
    try await run.accept("a")
    try run.equal(try await move(run, to: "else"), .done(affected: 1), "into a paused queue")
    try run.equal(try await run.fetchIDs(queues: ["default", "else"]), [], "fetched")
    try run.equal(try await move(run, "else", to: "third"), .done(affected: 1), "out of a paused queue")
    try run.equal(try await run.fetchIDs(queues: ["third"]), ["a"], "fetched")
  }

  static func nothing(_ run: ConformanceRun) async throws {
    try run.equal(try await move(run, "none", to: "else"), .done(affected: 0), "of a queue nobody used")
    try await run.accept("a")
    let before = try await run.record("a")
    try run.equal(try await move(run, to: "default"), .done(affected: 0), "onto itself")
    try run.equal(try await run.record("a"), before, "record")
  }

  static func illegal(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    for name in ["", "a/b", "a\u{1}", String(repeating: "x", count: 201)] {
      do {
        _ = try await run.store.control([.purge(QueueKey("default")), .move(QueueKey("default"), to: name)])
        throw ConformanceFailure("'\(name)' was taken")
      } catch let error as EngineError {
        try run.equal(error.code, .invalid, "code")
      }
    }
    try run.equal(try await run.fetchIDs(), ["a"], "fetched")
  }

  static func repeated(_ run: ConformanceRun) async throws {
    try await run.accept(.make("a", args: .text("[1]")))
    _ = try await move(run, to: "else")
    let result = try await run.submit(Submission(.make("a", args: .text("[1]"))))
    try run.equal(result, .existing(TaskID(stored: "a"), cause: .sameID))
    try run.equal(try await run.record("a").message.queue, "else", "queue")
    try run.equal(try await run.status().depth, 0, "in the old queue")
  }

  static func belongings(_ run: ConformanceRun) async throws {
    let body = TaskMessage.make("body", queue: "bodies")
    try await run.accept(
      .make("a", group: "g"), unique: UniqueKey("u"), group: GroupDeclaration(id: "g", size: 1, body: body))
    let delivery = try await run.take("a")
    _ = try await run.store.save(StepResult(name: "s", value: .true), for: delivery.key, token: delivery.lease.token)
    try await run.settle(delivery, .retry(after: .zero, .boom))
    _ = try await move(run, to: "else")
    let twin = try await run.submit(Submission(.make("b"), unique: UniqueKey("u")))
    try run.equal(twin, .existing(TaskID(stored: "a"), cause: .uniqueKey))
    try run.equal(try await run.store.steps(of: TaskKey("a"), generation: 0).map(\.name), ["s"], "steps")
    try await run.settle(try run.unwrap(try await run.fetch(queues: ["else"]).first, "a delivery"), .success(.true))
    try run.equal(try await run.fetchIDs(queues: ["bodies"]), ["body"], "fetched")
    try await run.accept(.make("c"), unique: UniqueKey("u"))
  }

  static func many(_ run: ConformanceRun) async throws {
    let ids = (0..<2300).map { "t\($0)" }
    _ = try await run.store.submit(
      ids.map { Submission(.make($0, eta: $0.hasSuffix("7") ? run.now + .seconds(9) : nil)) })
    try run.equal(try await move(run, to: "else"), .done(affected: 2300), "answer")
    try run.equal(try await run.status().depth, 0, "left")
    let status = try await run.status("else")
    try run.equal([status.ready, status.delayed], [2070, 230], "there")
    try run.equal(try await run.fetchIDs(3, queues: ["else"]), ["t0", "t1", "t2"], "fetched")
  }

  static func opposite(_ run: ConformanceRun) async throws {
    let queues = ["default", "else"]
    for queue in queues {
      let tasks = (0..<2200).map { number in
        Submission(
          .make("\(queue)\(number)", queue: queue, eta: number % 9 == 0 ? run.now + .seconds(number) : nil))
      }
      _ = try await run.store.submit(tasks)
    }
    let moved = try await run.together(6) { caller in
      try await move(run, queues[caller % 2], to: queues[1 - caller % 2])
    }
    try run.expect(moved.allSatisfy { if case .done = $0 { true } else { false } }, "answered \(moved)")
    let statuses = try await run.store.queues(of: .default)
    try run.equal(statuses.reduce(0) { $0 + $1.ready }, 3912, "ready")
    try run.equal(statuses.reduce(0) { $0 + $1.delayed }, 488, "delayed")
    try run.equal(Set(try await run.fetchIDs(5000, queues: queues)).count, 3912, "fetched")
  }

  static func lookalikes(_ run: ConformanceRun) async throws {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    try await run.accept(.make("a", queue: composed))
    try await run.accept(.make("b", queue: decomposed))
    func depths() async throws -> [Int] {
      let statuses = try await run.store.queues(of: .default)
      return [composed, decomposed].map { name in
        statuses.first { $0.key.name.utf8.elementsEqual(name.utf8) }?.depth ?? 0
      }
    }
    try run.equal(try await depths(), [1, 1], "depths")
    try run.equal(try await run.store.list(RecordQuery(queue: decomposed)).records.count, 1, "listed")
    _ = try await run.control(.pause(QueueKey(composed)))
    try run.equal(try await run.fetchIDs(queues: [composed, decomposed]), ["b"], "fetched while one is paused")
    _ = try await run.control(.resume(QueueKey(composed)))
    try run.equal(try await run.fetchIDs(queues: [decomposed]), [], "fetched from the empty one")
    try run.equal(try await run.control(.move(QueueKey(composed), to: decomposed)), .done(affected: 1), "moved")
    try run.equal(try await run.fetchIDs(queues: [composed, decomposed]), ["a"], "fetched")
  }
}
