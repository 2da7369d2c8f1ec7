import CelerityCore
import CelerityJSON

extension WriteTransaction {
  /// Begins a group; a group of this id that exists already stays as it is.
  func declare(_ group: GroupDeclaration, tenant: Tenant) throws {
    try db.run(
      "INSERT OR IGNORE INTO task_group (tenant, id, size, done, body, passes_results) VALUES (?, ?, ?, 0, ?, ?)",
      [
        .text(tenant.name), .text(group.id), .integer(group.size),
        .optional(try group.body.map { try RawJSONEncoder().encode(StoredMessage($0)) }), .flag(group.passesResults),
      ])
  }

  /// Counts the end of a member, once per member however often it ends; the last one sends the body.
  func countInGroup(_ record: TaskRecord) throws {
    guard let membership = record.message.extras.group else { return }
    let group: [SQLValue] = [.text(record.message.tenant.name), .text(membership.id)]
    let added = try db.run(
      """
      INSERT OR IGNORE INTO group_member (tenant, group_id, member, place, state, result, message)
      SELECT tenant, id, ?3, ?4, ?5, ?6, ?7 FROM task_group WHERE tenant = ?1 AND id = ?2
      """,
      group + [
        .text(record.message.id.text), .integer(membership.index), .integer(record.state.stored),
        .optional(record.result), .optional(record.failure?.message ?? record.reason),
      ])
    guard added == 1 else { return }
    try db.run("UPDATE task_group SET done = done + 1 WHERE tenant = ? AND id = ?", group)
    let complete = try db.first(
      "SELECT body, passes_results FROM task_group WHERE tenant = ? AND id = ? AND done = size AND body IS NOT NULL", group
    ) { ($0.json(0), $0.flag(1)) }
    guard let (body, passesResults) = complete, let body else { return }
    try send(try RawJSONDecoder().decode(StoredMessage.self, from: body).message, group, passesResults)
  }

  private func send(_ body: TaskMessage, _ group: [SQLValue], _ passesResults: Bool) throws {
    let members = try db.rows(
      "SELECT member, state, result, message FROM group_member WHERE tenant = ? AND group_id = ? ORDER BY place, member",
      group
    ) { (TaskID(stored: $0.text(0)), try TaskState(stored: $0.integer(1)), $0.json(2), $0.optionalText(3)) }
    guard try task(body.key) == nil else { return }
    var body = body
    if let failed = members.first(where: { $0.1 != .success }) {
      var record = TaskRecord(accepting: body, at: now)
      record.phase = .finished
      record.state = .failure
      record.finished = now
      record.failure = .chord(member: failed.0, message: failed.3 ?? failed.1.rawValue)
      try countInGroup(try insert(record))
      return
    }
    if passesResults {
      let results = RawJSON.array(members.map { $0.2 ?? .null })
      body.args = .array([results] + (body.args.elements() ?? []))
    }
    _ = try submit(Submission(body))
  }
}

/// A message as JSON inside the store.
private struct StoredMessage: Codable {
  var id: String
  var tenant: String
  var task: String
  var queue: String
  var args: RawJSON
  var kwargs: RawJSON
  var priority: Int?
  var eta: Int64?
  var expires: Int64?
  var retries: Int
  var extras: TaskMessage.Extras

  init(_ message: TaskMessage) {
    id = message.id.text
    tenant = message.tenant.name
    task = message.task
    queue = message.queue
    args = message.args
    kwargs = message.kwargs
    priority = message.priority?.value
    eta = message.eta?.microseconds
    expires = message.expires?.microseconds
    retries = message.retries
    extras = message.extras
  }

  var message: TaskMessage {
    TaskMessage(
      id: TaskID(stored: id), task: task, queue: queue, args: args, kwargs: kwargs, tenant: Tenant(stored: tenant),
      priority: priority.flatMap { Priority($0) }, eta: eta.map(Timestamp.init(microseconds:)),
      expires: expires.map(Timestamp.init(microseconds:)), retries: retries, extras: extras)
  }
}
