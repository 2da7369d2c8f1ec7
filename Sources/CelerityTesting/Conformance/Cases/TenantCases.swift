import CelerityCore
import CelerityJSON

/// Tenants never see each other: every way to read, and every verb that names a task.
enum TenantCases {
  static let all = [
    ConformanceCase("No way to read shows another tenant's task", reading),
    ConformanceCase("No verb touches another tenant's task of the same id", verbs),
    ConformanceCase("Forgetting a tenant's task leaves no trace for others", tombstones),
    ConformanceCase("Purging and pausing a tenant's queue leaves others' alone", queues),
  ]

  /// The same id for both tenants, the other's running.
  private static func setUp(_ run: ConformanceRun) async throws -> Delivery {
    try await run.accept(.make("a", args: .text("[\"secret\"]"), tenant: .other))
    let delivery = try run.unwrap(try await run.fetch().first, "a delivery")
    try run.equal(delivery.key, TaskKey("a", .other), "key")
    try await run.store.append([
      TaskLogLine(delivery.key, attempt: 1, time: run.now, level: "info", text: "secret")
    ])
    _ = try await run.store.save(
      StepResult(name: "s", value: .string("secret")), for: delivery.key, token: delivery.lease.token)
    return delivery
  }

  static func reading(_ run: ConformanceRun) async throws {
    _ = try await setUp(run)
    let store = run.store
    try run.equal(try await store.records([TaskKey("a")]), [.unknown], "records")
    try run.equal(try await store.list(RecordQuery(limit: 9)).records, [], "list")
    try run.equal(try await store.changes(after: 0, tenant: .default, limit: 9).records, [], "changes")
    try run.equal(try await store.logs(of: TaskKey("a"), after: 0, limit: 9), [], "logs")
    try run.equal(try await store.steps(of: TaskKey("a"), generation: 0), [], "steps")
    let queues = try await store.queues(of: .default).filter { $0.depth + $0.leased > 0 }
    try run.equal(queues, [], "queues")
    try await run.accept("a")
    try run.equal(try await store.list(RecordQuery()).records.map(\.key), [TaskKey("a")], "own list")
    try run.equal(
      try await store.list(RecordQuery(tenant: .other)).records.map(\.key), [TaskKey("a", .other)], "other's list")
  }

  static func verbs(_ run: ConformanceRun) async throws {
    let delivery = try await setUp(run)
    let before = try await run.record(delivery.key)
    let token = delivery.lease.token
    let store = run.store
    try run.equal(try await store.cancel([CancelRequest(TaskKey("a"))]), [.unknown], "cancel")
    try run.equal(
      try await store.settle([Settlement(key: TaskKey("a"), token: token, .success(.null))]), [.unknown], "settle")
    try run.equal(
      try await store.extend([LeaseExtension(TaskKey("a"), token: token, by: .seconds(900))]), [.lost], "extend")
    try run.equal(
      try await store.report([ProgressReport(TaskKey("a"), token: token, value: .true)]), [false], "report")
    try run.equal(
      try await store.save(StepResult(name: "t", value: .true), for: TaskKey("a"), token: token), false, "save")
    try run.equal(
      try await store.control([.redrive(TaskKey("a")), .discard(TaskKey("a"))]), [.unknown, .unknown], "control")
    try await store.append([TaskLogLine(TaskKey("a"), attempt: 1, time: run.now, level: "info", text: "x")])
    try run.equal(try await store.logs(of: delivery.key, after: 0, limit: 9).map(\.text), ["secret"], "logs")
    try run.equal(try await run.record(delivery.key), before, "record")
  }

  static func tombstones(_ run: ConformanceRun) async throws {
    let delivery = try await setUp(run)
    _ = try await run.store.settle([Settlement(delivery, .success(.null))])
    run.time.advance(by: .seconds(10))
    try await run.maintain(Retention(success: .seconds(1)))
    try run.equal(try await run.lookUp(delivery.key), .expired, "for its tenant")
    try run.equal(try await run.lookUp(TaskKey("a")), .unknown, "for another")
  }

  static func queues(_ run: ConformanceRun) async throws {
    try await run.accept("mine")
    try await run.accept(.make("theirs", tenant: .other))
    try run.equal(
      try await run.control(.purge(QueueKey("default", tenant: .other))), .done(affected: 1), "purged")
    _ = try await run.control(.pause(QueueKey("default", tenant: .other)))
    try run.equal(try await run.status().isPaused, false, "paused")
    try run.equal(try await run.fetchIDs(), ["mine"], "fetched")
  }
}
