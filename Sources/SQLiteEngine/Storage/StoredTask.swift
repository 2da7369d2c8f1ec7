import CelerityCore
import CelerityJSON

/// A record with its place in the table and what only the table knows of it.
struct StoredTask {
  let position: Int64
  var record: TaskRecord
  var uniqueKey: String?
  var uniqueScope: UniqueKey.Scope?
  /// The seal of the part that never changes.
  let messageSeal: Int64
  /// What was read as JSON, so that what does not change is not written anew.
  let failure: (value: TaskFailure, json: RawJSON)?
  let history: (value: [AttemptEnd], json: RawJSON)?

  /// The failure as it is stored.
  func failureJSON() throws -> RawJSON? {
    guard let value = record.failure else { return nil }
    if let failure, failure.value == value { return failure.json }
    return try RawJSONEncoder().encode(value)
  }

  /// The history as it is stored; none when it is empty.
  func historyJSON() throws -> RawJSON? {
    if record.history.isEmpty { return nil }
    if let history, history.value == record.history { return history.json }
    return try RawJSONEncoder().encode(record.history)
  }
}

extension UniqueKey.Scope {
  var stored: Int64 {
    switch self {
    case .untilStarted: 0
    case .untilFinished: 1
    }
  }

  init(stored value: Int64) { self = value == 0 ? .untilStarted : .untilFinished }
}

extension TaskState {
  /// Numbers in the table; the index `task_dead` knows that what failed is above success.
  var stored: Int64 {
    switch self {
    case .pending: 0
    case .received: 1
    case .started: 2
    case .progress: 3
    case .retry: 4
    case .success: 5
    case .failure: 6
    case .revoked: 7
    }
  }

  init(stored value: Int64) throws {
    switch value {
    case 0: self = .pending
    case 1: self = .received
    case 2: self = .started
    case 3: self = .progress
    case 4: self = .retry
    case 5: self = .success
    case 6: self = .failure
    case 7: self = .revoked
    default: throw EngineError.damagedRow
    }
  }
}
