import CelerityCore
import CelerityJSON

/// Queues that take no more.
enum DepthCases {
  static let all = [
    ConformanceCase("A submission to a queue as deep as its limit adds nothing and says how deep it is", full),
    ConformanceCase("Ready and delayed tasks count, running and ended ones and other queues do not", counted),
    ConformanceCase("In one array each submission sees what those before it added", inArray),
    ConformanceCase("A repeated request and held unique key are answered as ever, however full the queue is", repeated),
    ConformanceCase("A full queue uses up neither the idempotency key, the unique key nor the group", nothingUsed),
    ConformanceCase("A waiting task that would be replaced is not counted", replaced),
    ConformanceCase("Follow-ups are not refused", followUps),
    ConformanceCase("Many at once never go beyond the limit", concurrent),
  ]

  private static func limited(
    _ id: String, _ limit: Int, queue: String = "default", tenant: Tenant = .default, eta: Timestamp? = nil
  ) -> Submission {
    Submission(.make(id, queue: queue, tenant: tenant, eta: eta), depthLimit: limit)
  }

  static func full(_ run: ConformanceRun) async throws {
    for id in ["a", "b"] {
      guard case .accepted = try await run.submit(limited(id, 2)) else { throw ConformanceFailure("\(id) was refused") }
    }
    try run.equal(try await run.submit(limited("c", 2)), .queueFull(depth: 2, limit: 2), "at the limit")
    try run.equal(try await run.submit(limited("c", 1)), .queueFull(depth: 2, limit: 1), "above it")
    try run.equal(try await run.submit(limited("d", 0, queue: "none")), .queueFull(depth: 0, limit: 0), "no room ever")
    try run.equal(try await run.lookUp(TaskKey("c")), .unknown, "look-up")
    try run.equal(try await run.status().depth, 2, "depth")
    try await run.take("a")
    guard case .accepted = try await run.submit(limited("c", 2)) else { throw ConformanceFailure("c was refused") }
  }

  static func counted(_ run: ConformanceRun) async throws {
    _ = try await run.start("running")
    try await run.end("ended")
    try await run.accept(.make("elsewhere", queue: "else"))
    try await run.accept(.make("foreign", tenant: .other))
    try await run.accept(.make("delayed", eta: run.now + .seconds(60)))
    try await run.accept("ready")
    try run.equal(try await run.submit(limited("a", 2)), .queueFull(depth: 2, limit: 2), "ready and delayed")
    let later = run.now + .seconds(5)
    try run.equal(try await run.submit(limited("b", 2, eta: later)), .queueFull(depth: 2, limit: 2), "delayed itself")
    guard case .accepted = try await run.submit(limited("c", 3)) else { throw ConformanceFailure("c was refused") }
  }

  static func inArray(_ run: ConformanceRun) async throws {
    let results = try await run.store.submit(["a", "b", "c", "a"].map { limited($0, 2) })
    try run.equal(results.map { $0.id?.text }, ["a", "b", nil, "a"], "ids")
    try run.equal(results[2], .queueFull(depth: 2, limit: 2), "the third")
  }

  static func repeated(_ run: ConformanceRun) async throws {
    var submission = limited("a", 1)
    submission.idempotency = IdempotencyKey("k", fingerprint: [1])
    submission.unique = UniqueKey("u")
    _ = try await run.submit(submission)
    try run.equal(try await run.submit(submission), .existing(TaskID(stored: "a"), cause: .idempotencyKey))
    try run.equal(try await run.submit(limited("a", 1)), .existing(TaskID(stored: "a"), cause: .sameID))
    var twin = limited("b", 1)
    twin.unique = UniqueKey("u")
    try run.equal(try await run.submit(twin), .existing(TaskID(stored: "a"), cause: .uniqueKey))
  }

  static func nothingUsed(_ run: ConformanceRun) async throws {
    try await run.accept("first")
    var submission = Submission(
      .make("a", group: "g"), idempotency: IdempotencyKey("k", fingerprint: [1]), unique: UniqueKey("u"),
      group: GroupDeclaration(id: "g", size: 1, body: .make("wrong")), depthLimit: 1)
    try run.equal(try await run.submit(submission), .queueFull(depth: 1, limit: 1))
    submission = Submission(
      .make("b", group: "g"), idempotency: IdempotencyKey("k", fingerprint: [2]), unique: UniqueKey("u"),
      group: GroupDeclaration(id: "g", size: 1, body: .make("right")))
    guard case .accepted = try await run.submit(submission) else { throw ConformanceFailure("b was refused") }
    for id in ["first", "b"] { try await run.settle(try await run.take(id), .success(.null)) }
    try run.equal(try await run.fetchIDs(), ["right"], "the body")
  }

  static func replaced(_ run: ConformanceRun) async throws {
    func submission(_ id: String, queue: String = "default", limit: Int = 1) -> Submission {
      var submission = limited(id, limit, queue: queue)
      submission.unique = UniqueKey("u", onConflict: .replaceWaiting)
      return submission
    }
    _ = try await run.submit(submission("a"))
    guard case .accepted = try await run.submit(submission("b")) else { throw ConformanceFailure("b was refused") }
    try await run.expectRecord("a", .revoked, .finished)
    try run.equal(try await run.submit(submission("c", limit: 0)), .queueFull(depth: 0, limit: 0), "with no room")
    try await run.expectRecord("b", .pending, .ready)
    try await run.accept(.make("x", queue: "else"))
    try run.equal(try await run.submit(submission("d", queue: "else")), .queueFull(depth: 1, limit: 1), "elsewhere")
    try await run.expectRecord("b", .pending, .ready)
    try await run.take("b")
    try run.equal(
      try await run.submit(submission("e")), .existing(TaskID(stored: "b"), cause: .uniqueKey), "a running holder")
  }

  static func followUps(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try await run.accept("waiting")
    try await run.settle(delivery, .success(.null), followUps: [limited("b", 0)])
    try run.equal(try await run.fetchIDs(), ["waiting", "b"], "fetched")
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    let results = try await run.together(40) { try await run.submit(limited("t\($0)", 7)) }
    try run.equal(results.count { $0.id != nil }, 7, "accepted")
    try run.equal(results.count { $0 == .queueFull(depth: 7, limit: 7) }, 33, "refused")
    try run.equal(try await run.status().depth, 7, "depth")
  }
}
