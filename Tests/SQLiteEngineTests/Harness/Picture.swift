import CelerityCore
import CelerityJSON
import CelerityTesting
import SQLiteEngine

/// Everything a store says of itself that must be the same after it was closed and opened.
struct Picture: Equatable {
  var records: [RecordLookup]
  var list: [TaskRecord]
  var dead: [TaskRecord]
  var running: [TaskRecord]
  var changes: [TaskRecord]
  var queues: [QueueStatus]
  var documents: [Document]
  var blob: Blob?
  var logs: [TaskLogLine]
  var steps: [StepResult]
  var revoked: Set<Revocation>

  init(_ store: SQLiteStore) async throws {
    let keys = Self.ids.map { TaskKey($0) }
    records = try await store.records(keys)
    list = try await store.list(RecordQuery(limit: 100)).records
    dead = try await store.list(RecordQuery(isDeadLetter: true)).records
    running = try await store.list(RecordQuery(states: [.started])).records
    changes = try await store.changes(after: 0, tenant: nil, limit: 100).records
    queues = try await store.queues(of: nil)
    documents = try await store.documents(in: "c", of: .default, prefix: "", after: nil, limit: 100)
    blob = try await store.blob(DocumentKey("files", "f"))
    logs = try await store.logs(of: TaskKey("done"), after: 0, limit: 100)
    steps = try await store.steps(of: TaskKey("done"), generation: 0)
    revoked = try await store.revoked(among: keys.map { .task($0) }, tenant: .default)
  }

  /// The tasks of `fillEverything`, and one that is forgotten.
  static let ids = [
    "done", "failed", "retrying", "poison", "revoked", "ready", "delayed", "gone", "member0", "member1", "unique",
  ]
}

extension SQLiteStore {
  /// Leaves a task in every state but leased, and something in every table.
  func fillEverything(_ time: TestTime) async throws {
    try await accept("gone")
    _ = try await settle([Settlement(try await take(), .success(.null))])
    time.advance(by: .seconds(2))
    _ = try await maintain(MaintenanceRequest(retention: Retention(success: .seconds(1))))
    try await fillTasks(time)
    try await fillBeside()
  }

  private func fillTasks(_ time: TestTime) async throws {
    let boom = TaskFailure(type: "ValueError", message: "boom")
    try await accept("done")
    let done = try await take()
    try await append([TaskLogLine(done.key, attempt: 1, time: time.now, level: "info", text: "käse")])
    let holder = PermitHolder(done.key, token: done.lease.token)
    _ = try await acquire([PermitRequest(holder, permits: [Permit("r", .rate(1, per: .seconds(3600)))])])
    let step = StepResult(name: "s", value: .text("[1.0]"))
    _ = try await settle([Settlement(done, .success(.text("{\"a\": 1}")), steps: [step])])
    try await run("failed", .failure(boom))
    try await run("retrying", .retry(after: .seconds(60), boom))
    try await accept("revoked")
    _ = try await cancel([CancelRequest(TaskKey("revoked"))])
    var message = TaskMessage(id: TaskID(stored: "delayed"), task: "work", queue: "other", eta: time.now + .seconds(9))
    message.extras.tags = ["a", "b"]
    message.expires = time.now + .seconds(500)
    let key = IdempotencyKey("k", fingerprint: [1, 2, 3])
    _ = try await submit([Submission(message, idempotency: key)])
    let unique = TaskMessage(id: TaskID(stored: "unique"), task: "work", queue: "other", eta: time.now + .seconds(9))
    _ = try await submit([Submission(unique, unique: UniqueKey("u"))])
    let body = TaskMessage(id: TaskID(stored: "body"), task: "work", queue: "other")
    let group = GroupDeclaration(id: "g", size: 2, body: body)
    let members = (0..<2).map { index in
      var member = TaskMessage(id: TaskID(stored: "member\(index)"), task: "work")
      member.extras.group = TaskMessage.GroupMembership(id: "g", index: index)
      return Submission(member, group: group)
    }
    _ = try await submit(members)
    _ = try await settle([Settlement(try await take(), .success(.text("[2.0]")))])
    try await accept("ready")
  }

  private func fillBeside() async throws {
    _ = try await control([.pause(QueueKey("other"))])
    let documents = (0..<5).map { DocumentWrite(DocumentKey("c", "\($0)"), .text("[\($0)]")) }
    _ = try await write(documents)
    try await put(Blob(contentType: "image/png", bytes: Array(0...255)), at: DocumentKey("files", "f"))
    try await revoke([.task(TaskKey("ready"))], for: .seconds(5000))
    _ = try await lead("l", holder: "h", for: .seconds(5000))
  }

  /// What keys, groups, limits and terms do; asked after the picture, because asking changes them.
  func behaviour(_ time: TestTime) async throws -> [String] {
    var seen: [String] = []
    func message(_ id: String) -> TaskMessage { TaskMessage(id: TaskID(stored: id), task: "work", queue: "new") }
    let key = IdempotencyKey("k", fingerprint: [1, 2, 3])
    seen.append("\(try await submit([Submission(message("x"), idempotency: key)]).map(\.id))")
    seen.append("\(try await submit([Submission(message("y"), unique: UniqueKey("u"))]).map(\.id))")
    let delivery = try await take()
    let holder = PermitHolder(delivery.key, token: delivery.lease.token)
    let rate = PermitRequest(holder, permits: [Permit("r", .rate(1, per: .seconds(3600)))])
    seen.append("\(try await acquire([rate]))")
    _ = try await settle([Settlement(delivery, .success(.text("[3.0]")))])
    seen.append("\(try await record("body").message.args)")
    seen.append("\(try await lead("l", holder: "other", for: .seconds(1))?.fence ?? 0)")
    return seen
  }
}
