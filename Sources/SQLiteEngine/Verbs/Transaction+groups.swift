import CelerityCore
import CelerityJSON

/// A group's name in its tenant.
struct GroupKey: Hashable {
  let tenant: Tenant
  let id: String

  init(_ id: String, _ tenant: Tenant) {
    self.tenant = tenant
    self.id = id
  }

  /// Byte by byte, as the table compares.
  static func == (a: GroupKey, b: GroupKey) -> Bool { a.tenant == b.tenant && a.id.utf8.elementsEqual(b.id.utf8) }

  fileprivate var values: [SQLValue] { [.text(tenant.name), .text(id)] }
}

/// A group as it is stored.
private struct StoredGroup {
  var size: Int
  var done: Int
  var passesResults: Bool
  var body: RawJSON?
}

extension WriteTransaction {
  /// Begins a group; a group of this id that exists already stays as it is.
  func declare(_ group: GroupDeclaration, tenant: Tenant) throws {
    let key = GroupKey(group.id, tenant)
    guard try self.group(key) == nil else { return }
    let body = try group.body.map { try RawJSONEncoder().encode(StoredMessage($0)) }
    try write(StoredGroup(size: group.size, done: 0, passesResults: group.passesResults, body: body), key)
  }

  private func group(_ key: GroupKey) throws -> StoredGroup? {
    try db.first(
      "SELECT tenant, id, size, done, passes_results, body, seal FROM task_group WHERE tenant = ? AND id = ?",
      key.values
    ) { row in
      try row.checkSeal(7)
      return StoredGroup(size: row.int(2), done: row.int(3), passesResults: row.flag(4), body: row.json(5))
    }
  }

  private func write(_ group: StoredGroup, _ key: GroupKey) throws {
    try db.seal(
      """
      INSERT OR REPLACE INTO task_group (tenant, id, size, done, passes_results, body, seal)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      key.values + [.integer(group.size), .integer(group.done), .flag(group.passesResults), .optional(group.body)])
  }

  /// What the end of a task brings about: its group counts it, and what follows it is submitted.
  func follow(_ record: TaskRecord) throws {
    try countInGroup(record)
    for submission in Continuation(of: record).submissions { _ = try submit(submission) }
  }

  /// Counts the end of a member, once per member however often it ends; the last one sends the body.
  private func countInGroup(_ record: TaskRecord) throws {
    guard let membership = record.message.extras.group else { return }
    let key = GroupKey(membership.id, record.message.tenant)
    guard var group = try group(key) else { return }
    let added = try db.seal(
      """
      INSERT OR IGNORE INTO group_member (tenant, group_id, member, place, state, result, message, seal)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      key.values + [
        .text(record.message.id.text), .integer(membership.index), .integer(record.state.stored),
        .optional(record.result), .optional(record.endingFailure?.message),
      ])
    guard added == 1 else { return }
    group.done += 1
    try write(group, key)
    guard group.done == group.size, let body = group.body else { return }
    let declaration = GroupDeclaration(
      id: key.id, size: group.size, body: try RawJSONDecoder().decode(StoredMessage.self, from: body).message,
      passesResults: group.passesResults)
    try complete(declaration, key, by: record)
  }

  /// Forgets a group that is complete and whose members are all forgotten.
  func forget(_ key: GroupKey) throws {
    guard let group = try group(key), group.done >= group.size else { return }
    let remaining = try db.first(
      """
      SELECT 1 FROM group_member m JOIN task t ON t.tenant = m.tenant AND t.id = m.member
      WHERE m.tenant = ? AND m.group_id = ? LIMIT 1
      """, key.values
    ) { _ in true }
    guard remaining == nil else { return }
    try db.run("DELETE FROM group_member WHERE tenant = ? AND group_id = ?", key.values)
    try db.run("DELETE FROM task_group WHERE tenant = ? AND id = ?", key.values)
  }

  private func complete(_ declaration: GroupDeclaration, _ key: GroupKey, by last: TaskRecord) throws {
    guard let body = declaration.body, try task(body.key).map({ $0.record.isPromise(of: body) }) ?? true else { return }
    let members = try db.rows(
      """
      SELECT tenant, group_id, member, place, state, result, message, seal FROM group_member
      WHERE tenant = ? AND group_id = ? ORDER BY place, member
      """, key.values
    ) { row in
      try row.checkSeal(8)
      return GroupMember(
        id: TaskID(stored: row.text(2)), state: try TaskState(stored: row.integer(4)), result: row.json(5),
        message: row.optionalText(6))
    }
    for submission in declaration.completion(members, last: last, now: now) { _ = try submit(submission) }
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
