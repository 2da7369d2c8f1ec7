import CelerityCore
import CelerityJSON

/// The service's words for how a task is.
enum ResultWord: String, CaseIterable {
  case pending = "Pending"
  case inProgress = "In Progress"
  case retrying = "Retrying"
  case success = "Success"
  case failed = "Failed"

  init(_ state: TaskState) {
    self =
      switch state {
      case .pending, .received: .pending
      case .started, .progress: .inProgress
      case .retry: .retrying
      case .success: .success
      case .failure, .revoked: .failed
      }
  }

  /// A task as this API shows it.
  static func json(_ record: TaskRecord) -> RawJSON {
    let word = ResultWord(record.state)
    var writer = JSONWriter(reservingCapacity: 128 + (record.result?.bytes.count ?? 0))
    writer.beginObject()
    writer.member("status", word.rawValue)
    switch word {
    case .pending, .inProgress: break
    case .success: writer.member("result", orNull: record.result)
    case .failed: writer.member("error", failure(record) ?? "the task was revoked: \(record.reason ?? "cancelled")")
    case .retrying: writer.member("error", failure(record) ?? "the attempt failed")
    }
    writer.endObject()
    return writer.finish()
  }

  private static func failure(_ record: TaskRecord) -> String? {
    record.failure.map { "\($0.type): \($0.message)" } ?? record.history.last?.detail
  }
}
