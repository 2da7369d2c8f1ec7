/// What a client sees of a task: Celery's states. A delayed task is PENDING with an eta.
public enum TaskState: String, Sendable, Hashable, CaseIterable, Codable {
  case pending = "PENDING"
  case received = "RECEIVED"
  case started = "STARTED"
  case progress = "PROGRESS"
  case retry = "RETRY"
  case success = "SUCCESS"
  case failure = "FAILURE"
  case revoked = "REVOKED"

  /// Whether no further transition happens without a new generation.
  public var isTerminal: Bool {
    switch self {
    case .success, .failure, .revoked: true
    case .pending, .received, .started, .progress, .retry: false
    }
  }

  /// The states that may follow within one generation. `docs/concepts/lifecycle.md` draws this table.
  public var successors: Set<TaskState> {
    switch self {
    case .pending, .retry: [.received, .started, .revoked, .failure]
    case .received: [.started, .pending, .retry, .success, .failure, .revoked]
    case .started: [.progress, .pending, .retry, .success, .failure, .revoked]
    case .progress: [.progress, .pending, .retry, .success, .failure, .revoked]
    case .success, .failure, .revoked: []
    }
  }
}

/// Where a task is kept: exactly one place at any time, which is what "never lost" means in a store.
public enum TaskPhase: Int, Sendable, Hashable, CaseIterable, Codable {
  /// Waits for its eta.
  case delayed = 0
  /// May be fetched.
  case ready = 1
  /// A worker holds its lease.
  case leased = 2
  /// Ended; kept until its retention is over.
  case finished = 3
  /// Stands in no queue: a workflow does its work, and the end of that sends the message that goes on under its id.
  case promised = 4
}
