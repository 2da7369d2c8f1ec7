import CelerityCore
import CelerityRoutes
import CelerityTasks
import Synchronization

/// Ids of a workflow's tasks: `<root>.<number>`, so that who asks for a task that is still to come is led to those that it
/// follows.
final class StepIDs: IDSource {
  private let root: String
  private let count = Mutex(0)

  /// Deepest nesting of groups and chords in front of a workflow's first task: each takes a number.
  static let firstNumbers = 1...8

  init(_ root: String) { self.root = root }

  func next() -> String {
    count.withLock {
      $0 += 1
      return "\(root).\($0)"
    }
  }

  /// The tasks with which the workflow of a step may have begun; none when the id is no step's.
  static func beginnings(of key: TaskKey) -> [TaskKey] {
    let parts = key.id.text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 36, Int(parts[1]) != nil else { return [] }
    return firstNumbers.map { TaskKey(TaskID(stored: "\(parts[0]).\($0)"), tenant: key.tenant) }
  }
}

extension TaskClient {
  /// A task's record, or of one that is still to come what is known of it.
  func lookUp(_ key: TaskKey) async throws -> RecordLookup {
    try await named(try await records.records([key])[0], key)
  }

  /// What is known of a task that is still to come, or of which others have left nothing but its result.
  func named(_ lookup: RecordLookup, _ key: TaskKey) async throws -> RecordLookup {
    switch lookup {
    case .unknown: return try await promised(key).map(RecordLookup.found) ?? .unknown
    case .found(var record) where record.message.task == TaskRecord.unknownTask:
      if let promise = try await promised(key) { record.message = promise.message }
      return .found(record)
    case .found, .expired: return lookup
    }
  }

  /// What is known of a task that a workflow has promised.
  func promised(_ key: TaskKey) async throws -> TaskRecord? {
    let beginnings = StepIDs.beginnings(of: key)
    guard !beginnings.isEmpty else { return nil }
    for case .found(let record) in try await records.records(beginnings) {
      if let message = record.message.promised(key.id, now: record.created) {
        return TaskRecord(accepting: message, at: record.created)
      }
    }
    return nil
  }
}
