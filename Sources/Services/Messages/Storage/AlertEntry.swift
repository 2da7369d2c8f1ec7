import CelerityCore
import CelerityTasks

/// An alert as the service's own list has it. Neither it nor its report holds text of a message, only what kinds of things
/// are in it.
struct AlertEntry: Codable, Sendable, Hashable {
  var alertID: String
  var kind: AlertKind
  var description: String
  var taskID: String?
  var messageID: String?
  var userID: String?
  var requestID: String?
  /// RFC 3339.
  var time: String

  enum CodingKeys: String, CodingKey {
    case alertID = "alert_id"
    case kind, description
    case taskID = "task_id"
    case messageID = "message_id"
    case userID = "user_id"
    case requestID = "request_id"
    case time
  }
}

extension AlertEntry {
  /// The name that says that the alert is in the list.
  var mark: String { "id/\(alertID)" }

  /// The names it is found under, the newest first each.
  var names: [String] {
    let newest = "\(NamePart.newestFirst(Timestamp(time) ?? Timestamp(seconds: 0)))-\(alertID)"
    return ["all/\(newest)", "kind/\(kind.rawValue)/\(newest)"] + (taskID.map { ["task/\($0)/\(newest)"] } ?? [])
      + (userID.map { ["user/\(NamePart.user($0))/\(newest)"] } ?? [])
  }
}

extension Shelf {
  /// Whether an alert is in the list.
  func hasAlert(_ entry: AlertEntry) async throws(EngineError) -> Bool {
    try await documents.documents([key(.alert, entry.mark)])[0] != nil
  }

  /// Puts an alert into the list and counts it for its user, once however often it is called.
  func add(_ entry: AlertEntry) async throws(EngineError) {
    let mark = try put(.alert, entry.mark, entry, expecting: 0)
    var writes: [DocumentWrite] = []
    for name in entry.names { writes.append(try put(.alert, name, entry)) }
    guard let user = entry.userID else {
      // Another who was first has written the same.
      _ = try await documents.write([mark] + writes)
      return
    }
    try await changeUser(user, at: entry.time, once: mark, with: writes) { $0.alerts.count(entry.kind) }
  }
}

/// Raises the service's alerts: a report on the platform's sink, and an entry in the service's list.
struct Alarm: Sendable {
  let resources: ServiceResources
  let shelf: Shelf

  /// Raises an alert unless it is in the list already. The report comes first, so that none is missed; who is interrupted
  /// between the two looks among the latest reports before it writes a second one.
  func raise(_ entry: AlertEntry, mayBeRepeated: Bool) async throws(EngineError) {
    if mayBeRepeated {
      if try await shelf.hasAlert(entry) { return }
      if try await isReported(entry) { return try await shelf.add(entry) }
    }
    try await resources.alerts.raise(
      Alert(
        entry.kind.rawValue, entry.description, service: MessagesService.name,
        task: entry.taskID.map { TaskID(stored: $0) }, time: Timestamp(entry.time) ?? resources.time.now))
    try await shelf.add(entry)
    resources.telemetry.record(
      TelemetryPoint(
        "alert", tags: ["service": MessagesService.name, "kind": entry.kind.rawValue],
        fields: [
          "description": .text(entry.description), "task_id": .text(entry.taskID ?? ""),
          "message_id": .text(entry.messageID ?? ""),
        ], time: Timestamp(entry.time) ?? resources.time.now))
  }

  private static let looksBack = 200

  private func isReported(_ entry: AlertEntry) async throws(EngineError) -> Bool {
    guard let task = entry.taskID else { return false }
    return try await resources.alerts.alerts(kind: entry.kind.rawValue, limit: Self.looksBack).contains {
      $0.service == MessagesService.name && $0.task?.text == task
    }
  }
}
