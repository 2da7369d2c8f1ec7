import CelerityCore
import CelerityRoutes
import CelerityTasks

/// Answers questions from the store, so that any process answers the same.
struct Reader: Sendable {
  private let shelf: Shelf
  private let tenant: Tenant
  private let environment: ServiceEnvironment

  init(_ request: RouteRequest, _ environment: ServiceEnvironment) {
    shelf = Shelf(documents: environment.resources.documents, tenant: request.tenant)
    tenant = request.tenant
    self.environment = environment
  }

  /// A message with whatever of it there is.
  func message(_ id: String) async throws(EngineError) -> MessageView? {
    guard let row = try await shelf.read(MessageRow.self, .row, id)?.value else { return nil }
    let content = try await shelf.read(MessageContent.self, .content, id)?.value
    let history = try await shelf.history(of: row.taskID)?.value
    return MessageView(row, status: try await shown([(row.taskID, history)])[0].status, content)
  }

  /// A page of messages without contents.
  func messages(of user: String?, _ page: PageRequest) async throws(EngineError) -> MessagesPage {
    let prefix = user.map { "user/\(NamePart.user($0))/" } ?? "all/"
    let found = try await shelf.page(MessagePlace.self, .index, prefix: prefix, page)
    let rows = try await shelf.read(MessageRow.self, .row, found.values.map(\.messageID)).compactMap { $0 }
    let histories = try await shelf.read(StatusHistory.self, .status, rows.map(\.taskID))
    let statuses = try await shown(zip(rows, histories).map { ($0.taskID, $1) })
    return MessagesPage(
      messages: zip(rows, statuses).map { MessageView($0, status: $1.status, nil) }, nextCursor: found.next)
  }

  func user(_ id: String) async throws(EngineError) -> UserView? {
    guard let row = try await shelf.user(id) else { return nil }
    let recent = try await shelf.page(
      AlertEntry.self, .alert, prefix: AlertChoice.user(id).prefix, PageRequest(limit: UserView.recentAlerts))
    return UserView(row, recent.values)
  }

  func task(_ id: String) async throws(EngineError) -> TaskView? {
    guard let history = try await shelf.history(of: id)?.value else { return nil }
    let shown = try await shown([(id, history)])[0]
    return TaskView(id, history, shown)
  }

  func status(_ id: String) async throws(EngineError) -> StatusView? {
    guard let history = try await shelf.history(of: id)?.value else { return nil }
    let shown = try await shown([(id, history)])[0]
    var view = StatusView(taskID: id, state: shown.status.state, status: shown.status, result: nil, error: shown.detail)
    if shown.status == .done,
      let analysis = try await shelf.read(MessageContent.self, .content, history.messageID)?.value.analysis
    {
      view.result = .init(messageID: history.messageID, alerts: analysis.alerts, analysis: analysis)
    }
    return view
  }

  func logs(task: String?, user: String?, _ page: PageRequest) async throws(EngineError) -> LogsPage {
    let prefix = task.map { "task/\($0)/" } ?? user.map { "user/\(NamePart.user($0))/" } ?? "all/"
    let found = try await shelf.page(LogEntry.self, .log, prefix: prefix, page)
    // All entries of a task have the same user, so whole pages fit or do not.
    let logs = found.values.filter { user == nil || $0.userID == user }
    return LogsPage(logs: logs, nextCursor: logs.isEmpty ? nil : found.next)
  }

  func alerts(_ choice: AlertChoice, _ page: PageRequest) async throws(EngineError) -> AlertsPage {
    let found = try await shelf.page(AlertEntry.self, .alert, prefix: choice.prefix, page)
    return AlertsPage(alerts: found.values, nextCursor: found.next)
  }

  /// The statuses to show. The history is what the service knows; where it is not at its end the platform may know more: that
  /// the broker has the task after all, or that the task has ended in a way that its code had no part in.
  private func shown(
    _ histories: [(task: String, history: StatusHistory?)]
  ) async throws(EngineError) -> [(status: StatusHistory.Status, detail: String?)] {
    let open = histories.filter { !($0.history?.status.isFinal ?? false) }.map(\.task)
    let lookups =
      open.isEmpty
      ? []
      : try await environment.tasks.records.records(open.map { TaskKey(TaskID(stored: $0), tenant: tenant) })
    let records = Dictionary(zip(open, lookups.map(\.record))) { first, _ in first }
    return histories.map { task, history in
      let known = history?.status ?? .received
      let detail = history?.entries.last?.detail
      switch records[task] ?? nil {
      case let record? where record.state == .failure || record.state == .revoked:
        return (.failed, record.failure?.message ?? record.reason ?? detail)
      case .some where known == .received: return (.queued, nil)
      case nil where known == .received && isUnconfirmed(history): return (.rejected, "it was never queued")
      default: return (known, detail)
      }
    }
  }

  private func isUnconfirmed(_ history: StatusHistory?) -> Bool {
    guard let received = history.flatMap({ Timestamp($0.receivedAt) }) else { return true }
    return environment.time.now - received > Intake.confirmationTime
  }
}
