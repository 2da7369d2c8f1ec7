import CelerityCore
import CelerityJSON

/// The answer to a message that was taken.
struct AcceptedView: Codable, Sendable, Hashable {
  var messageID: String
  var taskID: String
  var status: StatusHistory.Status
  var links: Links

  struct Links: Codable, Sendable, Hashable {
    var message: String
    var task: String
    var status: String
    var logs: String

    /// Links to what belongs to a message. The task and its logs stand below the service's prefix, where no other service
    /// can own them.
    init(_ row: MessageRow, root: String) {
      message = "\(root)/messages/\(row.messageID)"
      task = "/messages/tasks/\(row.taskID)"
      status = "/messages/status/\(row.taskID)"
      logs = "/messages/logs?task_id=\(row.taskID)"
    }
  }

  enum CodingKeys: String, CodingKey {
    case messageID = "message_id"
    case taskID = "task_id"
    case status, links
  }
}

/// A message as it is shown.
struct MessageView: Codable, Sendable, Hashable {
  var messageID: String
  var taskID: String
  var userID: String?
  var metadata: RawJSON?
  var receivedAt: String
  var size: MessageRow.Size
  var sourceAddress: String?
  var requestID: String
  var status: StatusHistory.Status
  var content: String?
  var storedAt: String?
  var analysis: MessageAnalysis?
  var analysedAt: String?

  init(_ row: MessageRow, status: StatusHistory.Status, _ content: MessageContent?) {
    messageID = row.messageID
    taskID = row.taskID
    userID = row.userID
    metadata = row.metadata
    receivedAt = row.receivedAt
    size = row.size
    sourceAddress = row.sourceAddress
    requestID = row.requestID
    self.status = status
    self.content = content?.content
    storedAt = content?.storedAt
    analysis = content?.analysis
    analysedAt = content?.analysedAt
  }

  enum CodingKeys: String, CodingKey {
    case messageID = "message_id"
    case taskID = "task_id"
    case userID = "user_id"
    case metadata
    case receivedAt = "received_at"
    case size
    case sourceAddress = "source_address"
    case requestID = "request_id"
    case status, content
    case storedAt = "stored_at"
    case analysis
    case analysedAt = "analysed_at"
  }
}

struct MessagesPage: Codable, Sendable, Hashable {
  var messages: [MessageView]
  var nextCursor: String?

  enum CodingKeys: String, CodingKey {
    case messages
    case nextCursor = "next_cursor"
  }
}

struct LogsPage: Codable, Sendable, Hashable {
  var logs: [LogEntry]
  var nextCursor: String?

  enum CodingKeys: String, CodingKey {
    case logs
    case nextCursor = "next_cursor"
  }
}

struct AlertsPage: Codable, Sendable, Hashable {
  var alerts: [AlertEntry]
  var nextCursor: String?

  enum CodingKeys: String, CodingKey {
    case alerts
    case nextCursor = "next_cursor"
  }
}

/// A user as he is shown.
struct UserView: Codable, Sendable, Hashable {
  static let recentAlerts = 10

  var userID: String
  var messages: Int
  var firstSeen: String
  var lastSeen: String
  var alerts: UserRow.Counts
  var recentAlerts: [AlertEntry]

  init(_ row: UserRow, _ recent: [AlertEntry]) {
    userID = row.userID
    messages = row.messages
    firstSeen = row.firstSeen
    lastSeen = row.lastSeen
    alerts = row.alerts
    recentAlerts = recent
  }

  enum CodingKeys: String, CodingKey {
    case userID = "user_id"
    case messages
    case firstSeen = "first_seen"
    case lastSeen = "last_seen"
    case alerts
    case recentAlerts = "recent_alerts"
  }
}

/// A task as it is shown: the latest of its history is its status.
struct TaskView: Codable, Sendable, Hashable {
  var taskID: String
  var messageID: String
  var userID: String?
  var receivedAt: String
  var status: StatusHistory.Status
  var state: String
  /// Why it ended so, where there is a reason.
  var detail: String?
  var history: [StatusHistory.Entry]

  init(_ id: String, _ history: StatusHistory, _ shown: (status: StatusHistory.Status, detail: String?)) {
    taskID = id
    messageID = history.messageID
    userID = history.userID
    receivedAt = history.receivedAt
    status = shown.status
    state = shown.status.state
    detail = shown.detail
    self.history = history.entries
  }

  enum CodingKeys: String, CodingKey {
    case taskID = "task_id"
    case messageID = "message_id"
    case userID = "user_id"
    case receivedAt = "received_at"
    case status, state, detail, history
  }
}

/// How far a task is, in the form that clients of such services poll.
struct StatusView: Codable, Sendable, Hashable {
  var taskID: String
  var state: String
  var status: StatusHistory.Status
  var result: AnalyzeMessage.Output?
  var error: String?

  enum CodingKeys: String, CodingKey {
    case taskID = "task_id"
    case state, status, result, error
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(taskID, forKey: .taskID)
    try values.encode(state, forKey: .state)
    try values.encode(status, forKey: .status)
    // Null, not missing: whoever polls looks at it.
    try values.encode(result, forKey: .result)
    try values.encodeIfPresent(error, forKey: .error)
  }
}

extension StatusHistory.Status {
  /// Celery's word for it.
  var state: String {
    switch self {
    case .received, .queued: TaskState.pending.rawValue
    case .started: TaskState.started.rawValue
    case .retry: TaskState.retry.rawValue
    case .done: TaskState.success.rawValue
    case .failed: TaskState.failure.rawValue
    case .rejected: TaskState.revoked.rawValue
    }
  }
}
