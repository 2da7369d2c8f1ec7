import CelerityCore

/// A job's state in this service's words.
enum JobStatus: String, Sendable, Hashable, CaseIterable {
  case pending = "PENDING"
  case started = "STARTED"
  case processing = "PROCESSING"
  case retry = "RETRY"
  case success = "SUCCESS"
  case failure = "FAILURE"
  case revoked = "REVOKED"
  /// It succeeded, and its document is gone.
  case expired = "EXPIRED"

  /// The status of a task.
  ///
  /// - Parameter isExpired: whether the time to fetch its document is over.
  init(_ state: TaskState, isExpired: Bool) {
    self =
      switch state {
      // A worker that holds a task has not begun yet.
      case .pending, .received: .pending
      case .started: .started
      case .progress: .processing
      case .retry: .retry
      case .success: isExpired ? .expired : .success
      case .failure: .failure
      case .revoked: .revoked
      }
  }
}
