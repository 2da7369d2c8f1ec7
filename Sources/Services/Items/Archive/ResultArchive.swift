import CelerityCore
import CelerityJSON

/// How a task ended, as the archive keeps it when the result store has forgotten it.
struct ArchivedResult: Sendable, Hashable {
  var taskID: String
  /// Celery's word, `SUCCESS` or `FAILURE`.
  var status: String
  var result: RawJSON?
  var error: String?
  var completed: Timestamp

  init(taskID: String, status: String, result: RawJSON? = nil, error: String? = nil, completed: Timestamp) {
    self.taskID = taskID
    self.status = status
    self.result = result
    self.error = error
    self.completed = completed
  }

  var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 192 + (result?.bytes.count ?? 0))
    writer.beginObject()
    writer.member("task_id", taskID)
    writer.member("status", status)
    writer.member("result", orNull: result)
    writer.member("error", orNull: error)
    writer.member("completed_at", completed.rfc3339)
    writer.endObject()
    return writer.finish()
  }

  /// Reads what `json` writes; `nil` for anything else.
  init?(_ json: RawJSON) {
    guard let taskID = json["task_id"]?.stringValue, let status = json["status"]?.stringValue,
      let completed = json["completed_at"]?.stringValue.flatMap(Timestamp.init)
    else { return nil }
    self.init(
      taskID: taskID, status: status, result: json["result"].flatMap { $0.isNull ? nil : $0 },
      error: json["error"]?.stringValue, completed: completed)
  }
}

/// The results of ended tasks, kept longer than the result store keeps them. Rows are found by the task's id; a second
/// collection has their ids in the order of their ends, so that the clean-up looks only at what it deletes.
struct ResultArchive: Sendable {
  static let collection = "task_results"
  static let order = "task_results_by_time"
  private static let portion = 100
  private static let patience = 10

  let documents: any DocumentStore
  let tenant: Tenant

  private func rowKey(_ id: String) -> DocumentKey { DocumentKey(Self.collection, id, tenant: tenant) }

  private func placeKey(_ row: ArchivedResult) -> DocumentKey {
    DocumentKey(Self.order, "\(Self.place(of: row.completed))-\(row.taskID)", tenant: tenant)
  }

  /// A moment as text of 16 digits whose order is that of time.
  private static func place(of moment: Timestamp) -> String {
    let digits = String(max(0, moment.microseconds), radix: 16)
    return String(repeating: "0", count: max(0, 16 - digits.count)) + digits
  }

  /// The row of a task.
  func row(_ id: TaskID) async throws(EngineError) -> ArchivedResult? {
    try await documents.documents([rowKey(id.text)])[0].flatMap { ArchivedResult($0.value) }
  }

  /// Keeps how a task ended, once, however often it is kept: what an earlier attempt left is replaced.
  func keep(_ row: ArchivedResult) async throws(EngineError) {
    for _ in 0..<Self.patience {
      let old = try await documents.documents([rowKey(row.taskID)])[0]
      var writes = [
        DocumentWrite(rowKey(row.taskID), row.json, expecting: old?.version ?? 0),
        DocumentWrite(placeKey(row), .object([("task_id", .string(row.taskID))])),
      ]
      if let old = old.flatMap({ ArchivedResult($0.value) }), placeKey(old) != placeKey(row) {
        writes.append(DocumentWrite(placeKey(old), nil))
      }
      if case .written = try await documents.write(writes) { return }
    }
    throw EngineError(.unavailable, "the archived result of \(row.taskID) is written by too many at once")
  }

  /// Deletes rows of tasks that ended before a moment, oldest first, until there are none or somebody says stop; how many
  /// it was. Called twice at once, each row is counted by one of the two.
  func deleteRows(before cutoff: Timestamp, checkStop: () throws -> Void) async throws -> Int {
    let end = Self.place(of: cutoff)
    var deleted = 0
    var last: String?
    while true {
      try checkStop()
      let places = try await documents.documents(
        in: Self.order, of: tenant, prefix: "", after: last, limit: Self.portion)
      let old = places.filter { $0.key.name.prefix(16) < end }
      for place in old where try await delete(place) { deleted += 1 }
      guard old.count == Self.portion else { return deleted }
      last = old.last?.key.name
    }
  }

  /// Deletes a place and the row that stands there; whether there was one.
  private func delete(_ place: Document) async throws(EngineError) -> Bool {
    guard let id = place.value["task_id"]?.stringValue else { return false }
    var writes = [DocumentWrite(place.key, nil, expecting: place.version)]
    let row = try await documents.documents([rowKey(id)])[0]
    // A row that was written anew since stands at another place.
    let isHere = row.flatMap { ArchivedResult($0.value) }.map { placeKey($0) == place.key } ?? false
    if isHere, let row { writes.append(DocumentWrite(row.key, nil, expecting: row.version)) }
    guard case .written = try await documents.write(writes) else { return false }
    return isHere
  }
}
