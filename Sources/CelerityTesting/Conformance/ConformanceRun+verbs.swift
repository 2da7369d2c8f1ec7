import CelerityCore
import CelerityJSON

extension TaskKey {
  /// The key of an id written in a case.
  init(_ id: String, _ tenant: Tenant = .default) {
    self.init(TaskID(stored: id), tenant: tenant)
  }
}

extension Tenant {
  static let other = Tenant(stored: "other")
}

extension TaskFailure {
  static let boom = TaskFailure(type: "ValueError", module: "builtins", message: "boom")
}

extension RawJSON {
  /// JSON written in a case.
  static func text(_ text: String) -> RawJSON { RawJSON(unchecked: Array(text.utf8)) }
}

extension TaskMessage {
  /// A message as cases need it.
  static func make(
    _ id: String, task: String = "work", queue: String = "default", args: RawJSON = .emptyArray,
    tenant: Tenant = .default, priority: Int? = nil, eta: Timestamp? = nil, expires: Timestamp? = nil,
    group: String? = nil, index: Int = 0
  ) -> TaskMessage {
    var message = TaskMessage(
      id: TaskID(stored: id), task: task, queue: queue, args: args, tenant: tenant,
      priority: priority.flatMap { Priority($0) }, eta: eta, expires: expires)
    message.extras.group = group.map { TaskMessage.GroupMembership(id: $0, index: index) }
    return message
  }
}

extension ConformanceRun {
  var now: Timestamp { time.now }

  func submit(_ submission: Submission) async throws -> SubmitResult {
    let results = try await store.submit([submission])
    try equal(results.count, 1, "answers")
    return results[0]
  }

  /// Submits a message that must be accepted.
  @discardableResult
  func accept(
    _ message: TaskMessage, unique: UniqueKey? = nil, group: GroupDeclaration? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) async throws -> ChangeNumber {
    let result = try await submit(Submission(message, unique: unique, group: group))
    guard case .accepted(message.id, let seq) = result else {
      throw ConformanceFailure("\(message.id) was answered with \(result)", file: file, line: line)
    }
    return seq
  }

  /// Submits a plain task that must be accepted.
  @discardableResult
  func accept(_ id: String, file: StaticString = #fileID, line: UInt = #line) async throws -> ChangeNumber {
    try await accept(.make(id), file: file, line: line)
  }

  func fetch(
    _ limit: Int = 1, queues: [String] = ["default"], worker: String = "w1", lease: Duration = .seconds(30),
    wait: Duration = .zero
  ) async throws -> [Delivery] {
    try await store.fetch(
      FetchRequest(queues: queues, limit: limit, worker: worker, lease: lease, wait: wait))
  }

  /// Ids of up to so many tasks, as they are fetched.
  func fetchIDs(_ limit: Int = 100, queues: [String] = ["default"]) async throws -> [String] {
    try await fetch(limit, queues: queues).map(\.message.id.text)
  }

  /// Fetches the one task that must come next.
  @discardableResult
  func take(
    _ id: String, worker: String = "w1", lease: Duration = .seconds(30), file: StaticString = #fileID,
    line: UInt = #line
  ) async throws -> Delivery {
    let deliveries = try await fetch(worker: worker, lease: lease)
    try equal(deliveries.map(\.message.id.text), [id], "fetched", file: file, line: line)
    return deliveries[0]
  }

  /// Accepts a plain task and takes it.
  func start(_ id: String, file: StaticString = #fileID, line: UInt = #line) async throws -> Delivery {
    try await accept(id, file: file, line: line)
    return try await take(id, file: file, line: line)
  }

  /// Settles an attempt whose lease must hold; answers the record it leaves.
  @discardableResult
  func settle(
    _ delivery: Delivery, _ outcome: Outcome, followUps: [Submission] = [], steps: [StepResult] = [],
    file: StaticString = #fileID, line: UInt = #line
  ) async throws -> TaskRecord {
    let settlement = Settlement(delivery, outcome, followUps: followUps, steps: steps)
    let results = try await store.settle([settlement])
    guard results.count == 1, case .committed(let state, _) = results[0] else {
      throw ConformanceFailure("\(delivery.key) was settled with \(results)", file: file, line: line)
    }
    let record = try await record(delivery.key, file: file, line: line)
    try equal(record.state, state, "state", file: file, line: line)
    return record
  }

  /// Accepts, takes and settles a plain task.
  @discardableResult
  func end(
    _ id: String, _ outcome: Outcome = .success(.true), file: StaticString = #fileID, line: UInt = #line
  ) async throws -> TaskRecord {
    try await settle(try await start(id, file: file, line: line), outcome, file: file, line: line)
  }

  func record(
    _ key: TaskKey, file: StaticString = #fileID, line: UInt = #line
  ) async throws -> TaskRecord {
    let lookup = try await lookUp(key)
    guard let record = lookup.record else {
      throw ConformanceFailure("\(key) is \(lookup), wanted a record", file: file, line: line)
    }
    return record
  }

  func record(_ id: String, file: StaticString = #fileID, line: UInt = #line) async throws -> TaskRecord {
    try await record(TaskKey(id), file: file, line: line)
  }

  func lookUp(_ key: TaskKey) async throws -> RecordLookup {
    let lookups = try await store.records([key])
    try equal(lookups.count, 1, "look-ups")
    return lookups[0]
  }

  func cancel(_ id: String, reason: RevocationReason = .revoked) async throws -> CancelResult {
    let results = try await store.cancel([CancelRequest(TaskKey(id), reason: reason)])
    try equal(results.count, 1, "answers")
    return results[0]
  }

  func control(_ command: ControlCommand) async throws -> ControlResult {
    let results = try await store.control([command])
    try equal(results.count, 1, "answers")
    return results[0]
  }

  @discardableResult
  func maintain(
    _ retention: Retention = Retention(), limit: Int = 1000, wait: Duration = .zero
  ) async throws -> MaintenanceReport {
    try await store.maintain(MaintenanceRequest(retention: retention, limit: limit, wait: wait))
  }

  /// Lets a lease of the usual length run out and takes it back.
  func loseLeases(file: StaticString = #fileID, line: UInt = #line) async throws {
    time.advance(by: .seconds(31))
    try expect(try await maintain().reclaimed > 0, "no lease was taken back", file: file, line: line)
  }

  func status(_ queue: String = "default", _ tenant: Tenant = .default) async throws -> QueueStatus {
    let key = QueueKey(queue, tenant: tenant)
    return try await store.queues(of: tenant).first { $0.key == key } ?? QueueStatus(key)
  }

  /// Checks that a record is in a state and a phase.
  func expectRecord(
    _ id: String, _ state: TaskState, _ phase: TaskPhase, file: StaticString = #fileID, line: UInt = #line
  ) async throws {
    let record = try await record(id, file: file, line: line)
    try equal("\(record.state) \(record.phase)", "\(state) \(phase)", id, file: file, line: line)
  }
}
