import CelerityCore

/// What has become of a task, in order. Entries are only added; the latest is the status.
struct StatusHistory: Codable, Sendable, Hashable {
  /// How far a task is.
  enum Status: String, Codable, Sendable, Hashable, CaseIterable {
    /// The metadata is stored; the broker has not confirmed yet that it has the task. Never stored, only shown.
    case received
    /// The broker has it.
    case queued
    case started
    /// An attempt failed and another follows.
    case retry
    case done
    case failed
    /// It could not be queued, and was refused with 503.
    case rejected

    var isFinal: Bool { self == .done || self == .failed || self == .rejected }
  }

  struct Entry: Codable, Sendable, Hashable {
    var status: Status
    /// RFC 3339.
    var at: String
    /// Attempts begun so far.
    var attempt: Int
    var worker: String?
    /// Why, where there is a reason.
    var detail: String?
  }

  var messageID: String
  var userID: String?
  var receivedAt: String
  var entries: [Entry] = []

  var status: Status { entries.last?.status ?? .received }

  /// Most entries that are kept: a task that is retried for ever must not grow without end. The first ones say how it began.
  private static let limit = 100

  /// Adds an entry unless it is there: a write may be repeated.
  mutating func add(_ entry: Entry) {
    guard !entries.contains(where: { $0.status == entry.status && $0.attempt == entry.attempt }) else { return }
    entries.append(entry)
    if entries.count > Self.limit { entries.remove(at: 2) }
  }

  enum CodingKeys: String, CodingKey {
    case messageID = "message_id"
    case userID = "user_id"
    case receivedAt = "received_at"
    case entries
  }
}

extension Shelf {
  /// The history of a task with its version; `nil` when the task is none of the service's.
  func history(of task: String) async throws(EngineError) -> Versioned<StatusHistory>? {
    try await read(StatusHistory.self, .status, task)
  }

  /// Changes a task's history together with other writes: both or neither. What another process adds meanwhile is kept; a
  /// change that comes to nothing still does the other writes. Answers the history as it is then, `nil` when there is none.
  @discardableResult
  func changeHistory(
    of task: String, with writes: [DocumentWrite] = [], _ change: (inout StatusHistory) -> Void
  ) async throws(EngineError) -> StatusHistory? {
    for _ in 0..<Self.writeAttempts {
      guard let found = try await history(of: task) else { return nil }
      var history = found.value
      change(&history)
      let own = history == found.value ? [] : [try put(.status, task, history, expecting: found.version)]
      guard !(own + writes).isEmpty else { return history }
      if case .written = try await documents.write(own + writes) { return history }
    }
    throw EngineError(.unavailable, "the status of task \(task) is being changed by others all the time")
  }

  /// How often a conditional write is tried: as often as others can come first, with room to spare, since each that is
  /// refused means that another has succeeded.
  static let writeAttempts = 200
}
